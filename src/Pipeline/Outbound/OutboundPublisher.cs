using System.Runtime.CompilerServices;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Outbound;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Telemetry;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Pipeline.Outbound;

/// <summary>
/// Tells the world outside what an event led to. The messages carry event times alone, so that the same input gives
/// the same bytes. A message that the sink does not take is counted and dropped: a slow reader never holds up orders.
/// What a signal was answered is kept for as long as context remembers it, and told again where it comes again.
/// </summary>
/// <param name="instruments">Give the ids.</param>
/// <param name="figures">Limit and value of each violation.</param>
/// <param name="actions">What routing did beside the event's own order.</param>
/// <param name="sink">Takes the messages.</param>
/// <param name="signals">Signals that context remembers.</param>
public sealed class OutboundPublisher(
    InstrumentIds instruments, ViolationFigures figures, ActionLog actions, IOutboundSink sink, int signals)
    : IStateful
{
    /// <summary>Left out with each order id that a restart leaves out: an event rarely leads to more messages.
    /// </summary>
    private const long NumbersPerId = 256;

    private readonly SignalAnswer[] _answers = new SignalAnswer[signals];
    private readonly byte[] _buffer = new byte[Schema.MaxEncodedLength];
    private readonly long[] _sent = new long[OutboundKinds.Count];
    private readonly long[] _sentBefore = new long[OutboundKinds.Count];
    private long _signals;
    private long _droppedBefore;
    private long _sequence;

    /// <summary>Which signals are measured. Default: none.</summary>
    public MeasurementPlan Measurement { get; init; } = MeasurementPlan.None;

    /// <summary>
    /// Whether messages are numbered and not sent, while what an earlier run has sent is gone through again. Default:
    /// no.
    /// </summary>
    public bool IsMuted { get; set; }

    /// <summary>Whether events have their stages' times, as in a run and not in its replay. Default: no.</summary>
    public bool IsTimed { get; init; }

    /// <summary>The number of the last message. Each has one, those too that the sink does not take.</summary>
    public long Sequence => _sequence;

    /// <summary>Messages that the sink did not take.</summary>
    public long Dropped { get; private set; }

    /// <summary>Messages of a kind that the sink took.</summary>
    public long SentOf(OutboundKind kind) => _sent[(int)kind];

    /// <summary>Of these, the messages since the first measured signal; all, where nothing is measured.</summary>
    public long MeasuredOf(OutboundKind kind) => _sent[(int)kind] - _sentBefore[(int)kind];

    /// <summary>Messages since the first measured signal that the sink did not take.</summary>
    public long MeasuredDropped => Dropped - _droppedBefore;

    /// <summary>The limits that refusals are told with, after a state was loaded.</summary>
    public void SetLimits(RiskLimits limits) => figures.SetLimits(limits);

    public void OnEvent(ref PipelineEvent e)
    {
        switch (e.Header.Kind)
        {
            case EventKind.TradeQualified:
                SendDecision(ref e);
                break;
            case EventKind.ExecutionReport:
                SendReport(ref e);
                break;
            case EventKind.Command or EventKind.Model:
                SendCommandResult(ref e);
                break;
        }

        if (e.Routing.ActionCount > 0)
            SendActions(ref e);
        if (e.Verdict.Changes != RiskChanges.None)
            Send(OutboundKind.RiskState, OutboundEncoder.EncodeRiskState(in e, instruments, _buffer));
    }

    /// <summary>The numbers go on over a restart; what was counted is this process's.</summary>
    public void Transfer(StateStream state)
    {
        state.Section("outbound");
        state.Value(ref _sequence);
        state.Array<SignalAnswer>(_answers);
    }

    private void SendDecision(ref PipelineEvent e)
    {
        if (!IsMuted && Measurement.IsFirst(++_signals))
            BeginMeasuring();
        if (e.Signal.IsRepeated)
        {
            AnswerAgain(ref e);
            return;
        }

        if (IsTimed && e.Payload.TradeQualified.LatencyWanted != 0)
            SendLatency(ref e);
        var answer = SignalAnswer.Of(in e);
        if (e.Signal.Place >= 0)
            _answers[e.Signal.Place] = answer;
        Send(OutboundKind.Decision, OutboundEncoder.EncodeDecision(in e, in answer, instruments, _buffer));
        SendOrderSent(ref e);
        SendError(ref e);
        SendViolations(ref e);
    }

    /// <summary>One message is the whole answer: order and refusal were told of the first time.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AnswerAgain(ref PipelineEvent e) => Send(
        OutboundKind.RepeatedDecision,
        OutboundEncoder.EncodeRepeatedDecision(in e, in _answers[e.Signal.Place], instruments, _buffer));

    /// <summary>Without a number: a replay, which counts the messages again, does not have it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SendLatency(ref PipelineEvent e)
    {
        if (IsMuted)
            return;

        var readings = LatencyReadings.Of(in e);
        _ = new SignalLatencyEncoder(_buffer)
        {
            SignalId = e.Payload.TradeQualified.SignalId,
            InstrumentId = instruments[e.Header.InstrumentIndex],
            EndToEndNs = readings[(int)LatencyPart.EndToEnd],
            SenderNs = readings[(int)LatencyPart.Sender],
            TransportNs = readings[(int)LatencyPart.Transport],
            RingNs = readings[(int)LatencyPart.Ring],
            ContextNs = readings[(int)LatencyPart.Context],
            InferenceNs = readings[(int)LatencyPart.Inference],
            RiskNs = readings[(int)LatencyPart.Risk],
            RoutingNs = readings[(int)LatencyPart.Routing],
        };
        Offer(OutboundKind.SignalLatency, SignalLatencyEncoder.EncodedLength, sequence: 0);
    }

    private void SendReport(ref PipelineEvent e)
    {
        if (e.Payload.ExecutionReport.IsOfOrder)
            SendOrderStatus(ref e);
        SendFill(ref e);
        SendError(ref e);
    }

    private void SendViolations(ref PipelineEvent e)
    {
        for (var left = (uint)e.Verdict.Violations; left != 0; left &= left - 1)
        {
            var violation = (RiskViolations)(left & (~left + 1));
            var (limit, value) = figures.Of(in e, violation);
            var length = RefusalEncoder.EncodeRiskViolation(in e, violation, limit, value, instruments, _buffer);
            Send(OutboundKind.RiskViolation, length);
        }
    }

    private void SendActions(ref PipelineEvent e)
    {
        for (var i = 0; i < e.Routing.ActionCount; i++)
        {
            ref readonly var action = ref actions[e.Routing.FirstAction + i];
            switch (action.Kind)
            {
                case RoutingActionKind.OrderSent:
                    Send(
                        OutboundKind.OrderStatusChange,
                        OutboundEncoder.EncodeOrderSent(action.Order, e.Header.TimeNs, instruments, _buffer));
                    break;
                case RoutingActionKind.ParentEnded:
                    Send(
                        OutboundKind.ParentOrderEnded,
                        OutboundEncoder.EncodeParentEnded(action.Parent, e.Header.TimeNs, instruments, _buffer));
                    break;
                case RoutingActionKind.ParentListed:
                    Send(
                        OutboundKind.ParentOrderState,
                        OutboundEncoder.EncodeParentState(in e, action.Parent, instruments, _buffer));
                    break;
                case RoutingActionKind.TradeClosed:
                    Send(
                        OutboundKind.TradeClosed,
                        OutboundEncoder.EncodeTradeClosed(action.Trade, instruments, _buffer));
                    break;
                case RoutingActionKind.Unanswered:
                    Send(
                        OutboundKind.ExecutionError,
                        RefusalEncoder.EncodeUnanswered(
                            action.Inquiry, e.Header.TimeNs, instruments, _buffer));
                    break;
            }
        }
    }

    private void SendOrderSent(ref PipelineEvent e)
    {
        // What a command cancels is told order by order, as the venue answers.
        if (e.Routing.Outcome == RoutingOutcome.OrderSent)
            SendOrderStatus(ref e);
    }

    private void SendOrderStatus(ref PipelineEvent e) =>
        Send(OutboundKind.OrderStatusChange, OutboundEncoder.EncodeOrderStatusChange(in e, instruments, _buffer));

    private void SendFill(ref PipelineEvent e)
    {
        if (e.Resolution.Booked == 0)
            return;

        Send(OutboundKind.PositionUpdate, OutboundEncoder.EncodePositionUpdate(in e, instruments, _buffer));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void BeginMeasuring()
    {
        _sent.CopyTo(_sentBefore, 0);
        _droppedBefore = Dropped;
    }

    private void SendCommandResult(ref PipelineEvent e)
    {
        // Readers may have messages of events that the journal lacks: no other ones get their numbers.
        if (e.Payload.Command.Kind == CommandKind.Restart)
            _sequence += NumbersPerId * e.Payload.Command.Quantity;
        if (e.Payload.Command.Kind == CommandKind.SetLimit)
            figures.SetLimit(e.Payload.Command.Limit, e.Payload.Command.LimitValue);
        if (e.Header.Kind == EventKind.Command)
        {
            SendOrderSent(ref e);
            SendError(ref e);
        }

        Send(OutboundKind.CommandResult, OutboundEncoder.EncodeCommandResult(in e, instruments, _buffer));
    }

    private void SendError(ref PipelineEvent e)
    {
        if (RefusalEncoder.ErrorCodeOf(in e) != ExecutionErrorCode.None)
            Send(OutboundKind.ExecutionError, RefusalEncoder.EncodeExecutionError(in e, instruments, _buffer));
    }

    private void Send(OutboundKind kind, int length)
    {
        _sequence++;
        if (!IsMuted)
            Offer(kind, length, _sequence);
    }

    private void Offer(OutboundKind kind, int length, long sequence)
    {
        if (sink.TrySend(_buffer.AsSpan(0, length), sequence))
            _sent[(int)kind]++;
        else
            Dropped++;
    }
}
