using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Faults;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Simulation.Checks;

namespace ExecutionPipeline.Simulation.World;

/// <summary>
/// The exchange with the way to it. It outlives the pipeline's process: what it reports while there is none is lost.
/// </summary>
internal sealed class SimulatedVenue : IReportSink
{
    private readonly SimulatedExchange _exchange;
    private readonly FaultyVenue _wire;

    public SimulatedVenue(InstrumentTable instruments, FaultOptions faults, VenueBook book)
    {
        SimulatedExchange? made = null;
        _wire = new FaultyVenue(
            this,
            sink => made = new SimulatedExchange(instruments, new Tap(book, sink), new SimulatedExchangeOptions()),
            faults);
        _exchange = made!;
    }

    /// <summary>Takes the reports that get through; null: there is no process.</summary>
    public IReportSink? Process { get; set; }

    /// <summary>The way to the exchange.</summary>
    public IVenueGateway Gateway => _wire;

    /// <summary>Whether the connection is up; if not, its return will be told.</summary>
    public bool IsConnected => _wire.IsConnected;

    public long OrdersReceived => _exchange.OrdersReceived;

    /// <summary>Orders that rest at the exchange.</summary>
    public int RestingOrders(int instrument) => _exchange.RestingOrders(instrument);

    public void OnMarket(int instrument, in MarketUpdate update, long timeNs) =>
        _wire.OnMarket(instrument, update, timeNs);

    public void OnTime(long timeNs) => _wire.OnTime(timeNs);

    public void OnReport(in ExecutionReport report) => Process?.OnReport(report);

    /// <summary>Shows the exchange's own book what it says, before anything of it can be lost.</summary>
    private sealed class Tap(VenueBook book, IReportSink sink) : IReportSink
    {
        public void OnReport(in ExecutionReport report)
        {
            book.OnReport(report);
            sink.OnReport(report);
        }
    }
}

/// <summary>
/// The process's end of the way to the venue. What the stages ask for goes into a hash, so that two chains can be
/// compared; it leaves only while the process lives and does not recover.
/// </summary>
internal sealed class ProcessGateway(IVenueGateway? venue, LimitBook? limits) : IVenueGateway
{
    /// <summary>Requests that still leave before the process dies.</summary>
    public long Left { get; set; } = long.MaxValue;

    /// <summary>Whether nothing leaves any more.</summary>
    public bool IsMuted { get; set; }

    public void Submit(in Order order, long timeNs)
    {
        if (!Leaves)
            return;

        limits!.OnSubmit(order);
        venue!.Submit(order, timeNs);
    }

    public void Cancel(in Order order, long timeNs)
    {
        if (!Leaves)
            return;

        limits!.OnRequest(order, "be cancelled");
        venue!.Cancel(order, timeNs);
    }

    public void Replace(in Order order, in OrderTerms terms, long timeNs)
    {
        if (!Leaves)
            return;

        limits!.OnRequest(order, "be replaced", terms);
        venue!.Replace(order, terms, timeNs);
    }

    public bool TryCancelAll(long timeNs) => !Leaves || venue!.TryCancelAll(timeNs);

    public void RequestStatus(in Order order, long timeNs)
    {
        if (!Leaves)
            return;

        limits!.OnRequest(order, "tell its status");
        venue!.RequestStatus(order, timeNs);
    }

    public void RequestOpenOrders(long timeNs)
    {
        if (Leaves)
            venue!.RequestOpenOrders(timeNs);
    }

    private bool Leaves => venue is not null && !IsMuted && Left-- > 0;
}

/// <summary>Folds what the stages ask of the venue into a hash, and passes it on.</summary>
internal sealed class RequestTap(IVenueGateway next) : IVenueGateway
{
    private ulong _hash;

    /// <summary>The hash of the requests since it was last taken.</summary>
    public ulong TakeHash()
    {
        var hash = _hash;
        _hash = 0;
        return hash;
    }

    public void Submit(in Order order, long timeNs)
    {
        Fold(1, order, (ulong)order.Quantity, (ulong)(order.LimitPriceE9 ^ order.TriggerPriceE9));
        next.Submit(order, timeNs);
    }

    public void Cancel(in Order order, long timeNs)
    {
        Fold(2, order, 0, 0);
        next.Cancel(order, timeNs);
    }

    public void Replace(in Order order, in OrderTerms terms, long timeNs)
    {
        Fold(3, order, (ulong)terms.Quantity, (ulong)(terms.LimitPriceE9 ^ terms.TriggerPriceE9));
        next.Replace(order, terms, timeNs);
    }

    public bool TryCancelAll(long timeNs) => next.TryCancelAll(timeNs);

    public void RequestStatus(in Order order, long timeNs)
    {
        Fold(4, order, 0, 0);
        next.RequestStatus(order, timeNs);
    }

    public void RequestOpenOrders(long timeNs) => next.RequestOpenOrders(timeNs);

    private void Fold(ulong kind, in Order order, ulong quantity, ulong price) => _hash = SeededDice.Fold(
        SeededDice.Fold(SeededDice.Fold(_hash, kind << 32 | quantity), order.OrderId), price);
}
