using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Execution.Venues.Routing;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>
/// Follows the connections to the venues. What works at a venue that is lost has an unknown fate: it is set aside,
/// stays reserved, and is asked for when the venue is back. What is certain not to be there can be worked elsewhere.
/// So nothing can be executed twice, whatever the lost venue did meanwhile.
/// </summary>
internal sealed class VenueDesk(
    VenueTable venues, OrderStore orders, OrderSender sender, ParentDesk desk, ChildDesk children,
    RoutingOutputs outputs, int instruments)
    : IStateful
{
    /// <summary>So long a venue may take to list what is open there before it is asked again.</summary>
    private const long ListPatienceNs = 5_000_000_000;

    /// <summary>So few awaited orders are looked through with every report.</summary>
    private const int FewAwaited = 64;

    /// <summary>After a restart, the venues that have not yet listed what is open there: a bit each.</summary>
    private uint _unlisted;

    private bool _isReconciling;
    private long _listAskedNs;
    private long _reconciliations;

    /// <summary>Orders that a venue had and nobody here knew of.</summary>
    public long Adopted { get; private set; }

    /// <summary>
    /// How often, after a restart, the venues have said what became of every order. Any thread may look.
    /// </summary>
    public long Reconciliations => Volatile.Read(ref _reconciliations);

    public void Transfer(StateStream state)
    {
        state.Value(ref _unlisted);
        state.Value(ref _isReconciling);
        state.Value(ref _listAskedNs);
        state.Value(ref _reconciliations);
        Adopted = state.Next(Adopted);
    }

    /// <summary>
    /// The pipeline goes on where its journal ends: every venue counts as lost until it tells that it is there, and has
    /// then to say what became of each order, and what else is open there.
    /// </summary>
    public void Restart(ref PipelineEvent e)
    {
        sender.Skip(e.Payload.Command.Quantity);
        for (var venue = 0; venue < venues.Count; venue++)
        {
            venues[venue].IsUp = false;
            SetAside((byte)venue, e.Header.TimeNs);
        }

        _unlisted = (1U << venues.Count) - 1;
        _isReconciling = true;
    }

    /// <summary>A second has passed.</summary>
    public void OnSecond(long timeNs)
    {
        if (!_isReconciling)
            return;

        if (timeNs - _listAskedNs >= ListPatienceNs)
        {
            for (var venue = 0; venue < venues.Count; venue++)
                AskForList(venue, timeNs);
        }

        TryEndReconciling();
    }

    /// <summary>An order was reported on.</summary>
    public void OnOrder()
    {
        if (_isReconciling && _unlisted == 0 && orders.AwaitedOrders <= FewAwaited)
            TryEndReconciling();
    }

    /// <summary>A venue tells of its connection.</summary>
    public void OnReport(ref PipelineEvent e)
    {
        ref readonly var report = ref e.Payload.ExecutionReport;
        if (report.Venue >= venues.Count)
            return;

        ref var venue = ref venues[report.Venue];
        if (report.Kind == ExecutionReportKind.VenueLost && venue.IsUp)
        {
            venue.IsUp = false;
            SetAside(report.Venue, e.Header.TimeNs);
            WorkAll(ref e);
        }
        else if (report.Kind == ExecutionReportKind.VenueBack && !venue.IsUp)
        {
            venue.IsUp = true;
            AskAll(report.Venue, e.Header.TimeNs);
            // Behind the requests for single orders, whose answers tell each execution by its own id.
            AskForList(report.Venue, e.Header.TimeNs);
            WorkAll(ref e);
        }
        else if (report.Kind == ExecutionReportKind.OpenOrdersEnd)
        {
            _unlisted &= ~(1U << report.Venue);
            TryEndReconciling();
        }
    }

    /// <summary>
    /// What a venue lists and nobody here has sent is kept as an order without a parent: it is told of, risk reserves
    /// what is left of it, what it executes is booked, and commands that cancel everything cancel it. False where the
    /// order is known, or there is no room.
    /// </summary>
    public bool TryAdopt(in ExecutionReport report, in ExecutionResolution resolution, long timeNs)
    {
        if (orders.TryFind(report.OrderId, out _))
            return false;

        var order = new Order
        {
            OrderId = report.OrderId,
            Purpose = OrderPurpose.Entry,
            InstrumentIndex = report.InstrumentIndex,
            Side = report.Side,
            Type = report.Type,
            TimeInForce = report.TimeInForce,
            Quantity = report.OrderQuantity,
            LimitPriceE9 = report.LimitPriceE9,
            TriggerPriceE9 = report.TriggerPriceE9,
            ExpireNs = report.ExpireNs,
            PeakQuantity = report.PeakQuantity,
            Venue = report.Venue,
            SubmitTimeNs = timeNs,
        };
        // What was booked before of an order that was not known then; what this report books is applied with it.
        var executed = report.CumulativeQuantity + report.LeavesQuantity - resolution.Left - resolution.Booked;
        if (!sender.TryAdopt(order, Math.Max(0, executed)))
            return false;

        Adopted++;
        outputs.ReportAdopted(in report, timeNs);
        return true;
    }

    private void AskForList(int venue, long timeNs)
    {
        if ((_unlisted & 1U << venue) == 0 || !venues[venue].IsUp)
            return;

        _listAskedNs = timeNs;
        sender.AskForOpenOrders(venue, timeNs);
    }

    private void TryEndReconciling()
    {
        if (!_isReconciling || _unlisted != 0 || IsAnyDoubted())
            return;

        _isReconciling = false;
        // Paired with the read in Reconciliations.
        Volatile.Write(ref _reconciliations, _reconciliations + 1);
    }

    private bool IsAnyDoubted()
    {
        for (var place = 0; place < orders.AwaitedOrders; place++)
        {
            if (orders[orders.AwaitedAt(place)].IsDoubted)
                return true;
        }

        return false;
    }

    private void SetAside(byte venue, long timeNs)
    {
        for (var instrument = 0; instrument < instruments; instrument++)
        {
            for (var slot = orders.FirstWorking(instrument); slot >= 0; slot = orders.NextWorking(slot))
            {
                if (orders[slot].Venue != venue)
                    continue;

                orders.Doubt(slot, timeNs);
                children.SetAside(slot);
            }
        }
    }

    private void AskAll(byte venue, long timeNs)
    {
        for (var place = orders.AwaitedOrders - 1; place >= 0; place--)
        {
            var slot = orders.AwaitedAt(place);
            if (orders[slot].Venue == venue && orders[slot].IsDoubted)
                sender.TryAsk(slot, timeNs);
        }
    }

    private void WorkAll(ref PipelineEvent e)
    {
        for (var instrument = 0; instrument < instruments; instrument++)
            desk.OnTouch(instrument, ref e);
    }
}
