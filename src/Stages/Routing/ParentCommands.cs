using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>What operators and the kill switch ask of parents: pause, resume, amend, cancel, list, end all.</summary>
internal sealed class ParentCommands(
    ParentStore parents, OrderStore orders, OrderSender sender, ParentDesk desk, RoutingOutputs outputs)
{
    /// <summary>
    /// An operator is told of so many parents of an instrument at most; who sees as many knows that there may be more.
    /// </summary>
    private const int MaxListed = 1_000;

    /// <summary>Ends the parents of an instrument: their children are cancelled, the rest is given up.</summary>
    /// <param name="instrument">Index.</param>
    /// <param name="isReducingToo">Whether those that take risk off end too.</param>
    /// <param name="e">The event that wants it.</param>
    public void EndAll(int instrument, bool isReducingToo, ref PipelineEvent e)
    {
        for (var place = parents.First(instrument); place >= 0;)
        {
            var next = parents.Next(place);
            ref var parent = ref parents[place];
            if (parent.Purpose == OrderPurpose.Entry && (isReducingToo || !parent.IsReducing))
            {
                parent.EndFor(ParentEndReason.Withdrawn);
                parent.HoldUntilNs = 0;
                desk.Work(place, ref e);
            }

            place = next;
        }

        CancelOrphans(instrument, e.Header.TimeNs);
    }

    /// <summary>
    /// Takes off the parents what they were to close and something else has closed, such as a stop: else one that only
    /// takes risk off would turn the position over, past limits and kill switch, and one that turns it over would do so
    /// by more than was approved. The newest give way first.
    /// </summary>
    /// <param name="instrument">Index.</param>
    /// <param name="position">Signed contracts that are held now.</param>
    /// <param name="e">The event that has changed it.</param>
    public void Fit(int instrument, int position, ref PipelineEvent e)
    {
        if (parents.Closing == 0)
            return;

        Fit(instrument, Side.Sell, Math.Max(0, position), ref e);
        Fit(instrument, Side.Buy, Math.Max(0, -position), ref e);
    }

    /// <summary>Tells of the parents of an instrument that have not ended, the newest first.</summary>
    public void List(int instrument)
    {
        var place = parents.First(instrument);
        for (var listed = 0; place >= 0 && listed < MaxListed; listed++)
        {
            outputs.TellListed(parents[place]);
            place = parents.Next(place);
        }
    }

    /// <summary>
    /// Cancels an order if it is an entry whose parent is no more, such as one that was adopted, or whose cancel the
    /// venue had refused; again until it has ended.
    /// </summary>
    public void CancelOrphan(int slot, long timeNs)
    {
        ref readonly var order = ref orders[slot];
        if (order is { IsWorking: true, Purpose: OrderPurpose.Entry, IsImmediate: false }
            && !parents.TryFind(order.ParentId, out _))
        {
            orders.Unwant(slot);
            sender.TryCancel(slot, timeNs);
        }
    }

    /// <summary>Pauses, resumes, cancels or amends the parent that an operator's command names.</summary>
    /// <returns>What became of the command.</returns>
    public RoutingOutcome Obey(ref PipelineEvent e)
    {
        ref readonly var command = ref e.Payload.Command;
        if (!parents.TryFind(command.ParentId, out var place))
            return RoutingOutcome.NothingToDo;

        ref var parent = ref parents[place];
        if (parent.InstrumentIndex != e.Header.InstrumentIndex
            || parent.Purpose != OrderPurpose.Entry
            || parent.Status != ParentStatus.Working
            || (command.Kind == CommandKind.PauseOrder && parent.IsPaused)
            || (command.Kind == CommandKind.ResumeOrder && !parent.IsPaused))
            return RoutingOutcome.NothingToDo;

        if (command.Kind == CommandKind.AmendOrder && !TryAmend(ref parent, command.Quantity))
            return RoutingOutcome.AmendRefused;

        if (command.Kind == CommandKind.PauseOrder)
            Pause(ref parent);
        else if (command.Kind == CommandKind.ResumeOrder)
            parent.IsPaused = false;
        else if (command.Kind == CommandKind.CancelOrder)
            parent.EndFor(ParentEndReason.Withdrawn);
        parent.HoldUntilNs = 0;
        desk.Work(place, ref e);
        return RoutingOutcome.OrderChanged;
    }

    /// <summary>
    /// A parent has closed what others were to close: they open as much in its place, which was approved with both. So
    /// they add risk from now on, and are held to what holds that back. Behind one that is ending, and while entries
    /// are stopped, nothing is to be opened: they are fitted then.
    /// </summary>
    /// <param name="instrument">Index.</param>
    /// <param name="position">Signed contracts that are held now.</param>
    public void Shift(int instrument, int position)
    {
        if (parents.Closing == 0)
            return;

        Shift(instrument, Side.Sell, Math.Max(0, position));
        Shift(instrument, Side.Buy, Math.Max(0, -position));
    }

    private void Shift(int instrument, Side side, int held)
    {
        var excess = ExcessOver(held, instrument, side, isCut: false);
        for (var place = parents.First(instrument); place >= 0 && excess > 0; place = parents.Next(place))
        {
            ref var parent = ref parents[place];
            var shifted = (int)Math.Min(excess, ToCloseOn(side, parent, isCut: false));
            parent.ToClose -= shifted;
            excess -= shifted;
            if (shifted > 0 && parent.IsReducing)
                AddRisk(ref parent);
        }
    }

    /// <summary>A parent takes off no risk only any more, and so do its children at the venues.</summary>
    private void AddRisk(ref ParentOrder parent)
    {
        parent.IsReducing = false;
        for (var slot = orders.FirstWorking(parent.InstrumentIndex); slot >= 0; slot = orders.NextWorking(slot))
        {
            if (orders[slot].ParentId == parent.ParentId && orders[slot].Purpose == OrderPurpose.Entry)
                orders.AddRisk(slot);
        }
    }

    private void Fit(int instrument, Side side, int held, ref PipelineEvent e)
    {
        var excess = ExcessOver(held, instrument, side, isCut: true);
        for (var place = parents.First(instrument); place >= 0 && excess > 0;)
        {
            var next = parents.Next(place);
            ref var parent = ref parents[place];
            var cut = (int)Math.Min(excess, ToCloseOn(side, parent, isCut: true));
            if (cut > 0)
            {
                excess -= cut;
                if (cut == parent.Remaining)
                    parent.EndFor(ParentEndReason.Withdrawn);
                else
                    Cut(ref parent, cut);
                parent.HoldUntilNs = 0;
                desk.Work(place, ref e);
            }

            place = next;
        }
    }

    /// <summary>Contracts that the parents of a side are to close beyond what is held.</summary>
    private long ExcessOver(int held, int instrument, Side side, bool isCut)
    {
        var excess = -(long)held;
        for (var place = parents.First(instrument); place >= 0; place = parents.Next(place))
            excess += ToCloseOn(side, parents[place], isCut);
        return excess;
    }

    /// <summary>
    /// Contracts that a working parent of a side is to close. Where parents are cut, one that passes limits and kill
    /// switch is to open nothing, whatever was approved beside it.
    /// </summary>
    private static int ToCloseOn(Side side, in ParentOrder parent, bool isCut)
    {
        if (parent.Side != side || parent is not { Purpose: OrderPurpose.Entry, Status: ParentStatus.Working })
            return 0;

        return isCut && parent.IsReducing ? parent.Remaining : parent.LeftToClose;
    }

    /// <summary>What cannot be cancelled any more stays, and is to close still.</summary>
    private void Cut(ref ParentOrder parent, int contracts)
    {
        var (quantity, toClose) = (parent.Quantity, parent.ToClose);
        if (TryAmend(ref parent, Math.Max(quantity - contracts, LeastOf(parent))))
            parent.ToClose = toClose - (quantity - parent.Quantity);
    }

    private void CancelOrphans(int instrument, long timeNs)
    {
        for (var slot = orders.FirstWorking(instrument); slot >= 0; slot = orders.NextWorking(slot))
            CancelOrphan(slot, timeNs);
    }

    /// <summary>Pauses a parent. It is asked again when its time is over: it does not outlive that.</summary>
    private void Pause(ref ParentOrder parent)
    {
        parent.IsPaused = true;
        desk.Wake(ref parent, ParentDesk.GiveUpNs(parent));
    }

    /// <summary>
    /// Makes a parent smaller. Risk keeps reserving what is taken off until the parent ends, for it may be executed
    /// while the request to the venue is on its way. False where the quantity is not smaller, or would be passed by
    /// what was executed or cannot be cancelled.
    /// </summary>
    private bool TryAmend(ref ParentOrder parent, int quantity)
    {
        if (quantity >= parent.Quantity || quantity < LeastOf(parent))
            return false;

        parent.TakenOff += parent.Quantity - quantity;
        parent.Quantity = quantity;
        parent.ToClose = Math.Min(parent.ToClose, quantity);
        return true;
    }

    /// <summary>Contracts that were executed or cannot be cancelled.</summary>
    private int LeastOf(in ParentOrder parent)
    {
        var least = parent.Executed + parent.Aside;
        if (parent.ChildSlot >= 0 && orders[parent.ChildSlot].IsImmediate)
            least += orders[parent.ChildSlot].LeavesQuantity;
        return least;
    }
}
