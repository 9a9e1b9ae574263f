using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Tests.Ingress;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Pipeline.Tests.Outbound;

[TestFixture]
public class OutboundPublisherTests
{
    private static readonly InstrumentOptions[] Options = [new() { Id = 7, Symbol = "ES" }];

    private readonly List<byte[]> _messages = [];

    /// <summary>What a command cancels is told of by the orders' own reports: the event itself names none.</summary>
    [TestCase(RoutingOutcome.CancelSent, 0ul, 0)]
    [TestCase(RoutingOutcome.NothingToDo, 0ul, 0)]
    [TestCase(RoutingOutcome.OrderSent, 5ul, 1)]
    public void ShouldTellOfNoOrderWhenACommandSendsNone(RoutingOutcome outcome, ulong orderId, int expected)
    {
        var e = default(PipelineEvent);
        e.Header = new EventHeader { Kind = EventKind.Command, TimeNs = 1 };
        e.Payload.Command = new Command { Kind = CommandKind.CancelAll };
        e.Routing = new RoutingResult { Outcome = outcome, Order = new OrderState { OrderId = orderId } };
        Publish(ref e);
        Assert.That(_messages.Count(static message => OrderStatusChangeDecoder.TryWrap(message, out _)),
            Is.EqualTo(expected));
    }

    [TestCase(2, 2)]
    [TestCase(0, 1)]
    public void ShouldTellThePositionOnceWhenAnExecutionIsReportedTwice(int booked, int expected)
    {
        var e = default(PipelineEvent);
        e.Header = new EventHeader { Kind = EventKind.ExecutionReport, TimeNs = 1 };
        e.Payload.ExecutionReport = new ExecutionReport
        {
            OrderId = 5,
            ExecutionId = 9,
            Kind = ExecutionReportKind.Trade,
            LastQuantity = 2,
        };
        e.Resolution.Booked = booked;
        e.Routing.Order.OrderId = 5;
        Publish(ref e);
        Assert.That(_messages, Has.Count.EqualTo(expected));
        Assert.That(OrderStatusChangeDecoder.TryWrap(_messages[0], out var order), Is.True);
        Assert.That((order.OrderId, order.LastQuantity), Is.EqualTo((5ul, booked)));
    }

    /// <summary>Times are this run's own: no number counts the message, as a replay has the same numbers.</summary>
    [TestCase(1, true, 2)]
    [TestCase(0, true, 1)]
    [TestCase(1, false, 1)]
    public void ShouldTellTheTimesOfASignalWhenItAsksForThem(int wanted, bool isTimed, int expected)
    {
        var e = default(PipelineEvent);
        e.Header = new EventHeader { Kind = EventKind.TradeQualified, TimeNs = 1 };
        e.Payload.TradeQualified = new TradeQualified
        {
            SignalId = 77,
            LatencyWanted = (byte)wanted,
            IntendedSendTimeNs = 100,
            SendTimeNs = 101,
        };
        e.Timestamps = new StageTimestamps
        {
            ReceivedNs = 103,
            ContextStartNs = 106,
            ContextDoneNs = 110,
            InferenceDoneNs = 115,
            RiskDoneNs = 121,
            RoutingDoneNs = 128,
        };
        e.Routing = new RoutingResult { Outcome = RoutingOutcome.Hold };

        var publisher = Publish(ref e, isTimed);

        Assert.That(_messages, Has.Count.EqualTo(expected));
        Assert.That(DecisionDecoder.TryWrap(_messages[^1], out _), Is.True);
        Assert.That(publisher.Sequence, Is.EqualTo(1));
        if (expected == 1)
            return;

        Assert.That(SignalLatencyDecoder.TryWrap(_messages[0], out var told), Is.True);
        Assert.That((told.SignalId, told.InstrumentId), Is.EqualTo((77ul, 7u)));
        Assert.That(
            (told.EndToEndNs, told.SenderNs, told.TransportNs, told.RingNs, told.ContextNs, told.InferenceNs,
                told.RiskNs, told.RoutingNs),
            Is.EqualTo((28L, 1L, 2L, 3L, 4L, 5L, 6L, 7L)));
    }

    private OutboundPublisher Publish(ref PipelineEvent e, bool isTimed = false)
    {
        _messages.Clear();
        var figures = new ViolationFigures(new InstrumentTable(Options), new RiskLimits());
        var sink = new OutboundList(_messages);
        var publisher = new OutboundPublisher(new InstrumentIds(7), figures, new ActionLog(), sink, signals: 1)
        {
            IsTimed = isTimed,
        };
        publisher.OnEvent(ref e);
        return publisher;
    }
}
