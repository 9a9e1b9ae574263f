using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>
/// Operators' closes: a parent of its own stands for each until everything of its instrument is flat. Where risk saw
/// nothing to close, or there was no room for another parent, none does.
/// </summary>
internal sealed class CloseDesk : IStateful
{
    private const int None = ParentStore.None;

    private readonly ParentStore _parents;
    private readonly ParentDesk _desk;
    private readonly ExitDesk _exits;
    private readonly DecisionDesk _decisions;
    private readonly RoutingOutputs _outputs;

    /// <summary>The parent of each instrument's close, while one is under way.</summary>
    private readonly int[] _closing;

    public CloseDesk(
        int instruments, ParentStore parents, ParentDesk desk, ExitDesk exits, DecisionDesk decisions,
        RoutingOutputs outputs)
    {
        _parents = parents;
        _desk = desk;
        _exits = exits;
        _decisions = decisions;
        _outputs = outputs;
        _closing = new int[instruments];
        Array.Fill(_closing, None);
    }

    /// <summary>Whether a parent stands for a close of an instrument.</summary>
    public bool IsClosing(int instrument) => _closing[instrument] != None;

    public void Transfer(StateStream state) => state.Array(_closing, None);

    /// <summary>
    /// Closes all trades of the instrument, those too that executions on their way will still begin. Risk takes no
    /// signal for it until the parent that stands for the close has ended. Whether an order left with this event.
    /// </summary>
    public bool Close(ref PipelineEvent e)
    {
        var instrument = e.Header.InstrumentIndex;
        if (_closing[instrument] == None && e.Verdict.ParentId != 0)
            _closing[instrument] = Open(ref e);

        _outputs.ExpectOwnOrder();
        var isShutdown = e.Payload.Command.Reason == CommandReason.Host;
        _exits.Close(instrument, isShutdown ? ExitReason.Shutdown : ExitReason.Manual, ref e);
        var isSent = _outputs.TakeOwnOrder();
        EndWhenFlat(instrument, ref e);
        return isSent;
    }

    private int Open(ref PipelineEvent e)
    {
        var place = _parents.Add(e.Verdict.ParentId, e.Header.InstrumentIndex, toClose: e.Verdict.ApprovedQuantity);
        if (place == None)
        {
            _decisions.Refuse(ref e);
            return None;
        }

        ref var parent = ref _parents[place];
        parent.Purpose = OrderPurpose.Close;
        parent.IsReducing = true;
        parent.Quantity = e.Verdict.ApprovedQuantity;
        parent.Side = e.Portfolio.Position > 0 ? Side.Sell : Side.Buy;
        parent.ArrivalPriceE9 = e.Portfolio.MarkPriceE9;
        parent.StartNs = e.Header.TimeNs;
        return place;
    }

    /// <summary>Ends a close once nothing of the instrument is open or works.</summary>
    public void EndWhenFlat(int instrument, ref PipelineEvent e)
    {
        if (!_exits.IsFlat(instrument))
            return;

        _exits.EndClose(instrument);
        var place = _closing[instrument];
        if (place == None)
            return;

        _closing[instrument] = None;
        _parents[place].Executed = _parents[place].Quantity;
        _desk.End(place, ExecutionReportKind.Expired, ref e);
    }
}
