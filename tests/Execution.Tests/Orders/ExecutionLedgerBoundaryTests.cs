using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Orders;

/// <summary>Reports that leave something unsaid, or say more than they should: what is booked all the same.</summary>
[TestFixture]
public class ExecutionLedgerBoundaryTests
{
    private ExecutionLedger _ledger = Ledger();

    [SetUp]
    public void NewLedger() => _ledger = Ledger();

    [Test]
    public void ShouldBookWhatIsToldWhenNoCumulativeQuantityIs()
    {
        Resolve(Trade(1, 5, last: 2, cumulative: 2));
        var told = Resolve(Trade(1, 6, last: 3, cumulative: 0));
        Assert.That((told.Booked, told.Inferred, told.InferredExecutionId), Is.EqualTo((3, 0, 0ul)));
        Assert.That(Resolve(Trade(1, 7, last: 1, cumulative: 6)).Booked, Is.EqualTo(1), "six with it");
    }

    [Test]
    public void ShouldInferAllWhenAnEndCarriesAnExecutionsFields()
    {
        var end = Resolve(Report(1, ExecutionReportKind.Cancelled) with
        {
            ExecutionId = 7,
            LastQuantity = 2,
            CumulativeQuantity = 5,
        });
        Assert.That((end.Booked, end.Inferred, end.Ended), Is.EqualTo((5, 5, (byte)1)));
        Assert.That(Resolve(Trade(1, 7, last: 2, cumulative: 7)).Booked, Is.EqualTo(2), "the end was no execution");
    }

    [Test]
    public void ShouldShareTheFeeWhenAPartOfTheExecutionIsKnown()
    {
        Resolve(Trade(1, 5, last: 2, cumulative: 2));
        var rest = Resolve(Trade(1, 6, last: 3, cumulative: 4) with { FeeE6 = 30 });
        Assert.That((rest.Booked, rest.Inferred, rest.FeeE6), Is.EqualTo((2, 0, 20L)));
    }

    [Test]
    public void ShouldCountNoDuplicateWhenNoExecutionCameTwice()
    {
        var acknowledged = Report(1, ExecutionReportKind.New);
        Assert.That(Resolve(acknowledged).Disposition, Is.EqualTo(ReportDisposition.Applied));
        Assert.That(Resolve(acknowledged).Disposition, Is.EqualTo(ReportDisposition.Duplicate));
        Assert.That(Resolve(Trade(1, 5, last: 0, cumulative: 2)).Disposition, Is.EqualTo(ReportDisposition.Illegal));
        Assert.That(_ledger.Duplicates, Is.Zero);
    }

    [TestCase(ExecutionReportKind.New, 0, 0)]
    [TestCase(ExecutionReportKind.Trade, 2, 0)]
    [TestCase(ExecutionReportKind.CancelRejected, 0, 0)]
    [TestCase(ExecutionReportKind.Cancelled, 0, 1)]
    [TestCase(ExecutionReportKind.Rejected, 0, 1)]
    [TestCase(ExecutionReportKind.Expired, 0, 1)]
    public void ShouldTakeTheReportsWordWhenTheOrderIsForgotten(ExecutionReportKind kind, int booked, int ended)
    {
        Resolve(Trade(1 + ExecutionLedger.OrderPlaces, 9, last: 1, cumulative: 1));
        var resolution = Resolve(Trade(1, 5, last: 2, cumulative: 2) with { Kind = kind });
        Assert.That((resolution.Booked, resolution.Ended), Is.EqualTo((booked, (byte)ended)));
        Assert.That(resolution.Disposition, Is.EqualTo(ReportDisposition.Unknown));
    }

    [Test]
    public void ShouldRememberNoExecutionWhenItHasNoId()
    {
        _ledger = new ExecutionLedger(Table(3), new TradingDay(new TradingDayOptions()), 1);
        Resolve(Trade(1 + ExecutionLedger.OrderPlaces, 9, last: 1, cumulative: 1));
        var named = Trade(1, 5, last: 2, cumulative: 2);
        Assert.That(Resolve(named).Booked, Is.EqualTo(2));
        Assert.That(Resolve(Trade(1, 0, last: 3, cumulative: 5)).Booked, Is.EqualTo(3));
        Assert.That(Resolve(named).Disposition, Is.EqualTo(ReportDisposition.Duplicate));
    }

    // How many were ordered follows from the first report where that does not say.
    [TestCase(10, 0, 0, 0, 10)]
    [TestCase(0, 3, 4, 0, 7)]
    [TestCase(0, 3, 0, 7, 10)]
    [TestCase(0, 3, 2, 1, 6)]
    public void ShouldKnowWhatWasOrderedWhenTheFirstReportTellsItsParts(
        int ordered, int cumulative, int leaves, int released, int expected)
    {
        var first = cumulative == 0
            ? Report(1, ExecutionReportKind.New)
            : Trade(1, 5, last: cumulative, cumulative);
        Resolve(first with { OrderQuantity = ordered, LeavesQuantity = leaves, ReleasedQuantity = released });
        var last = Trade(1, 6, last: expected - cumulative, expected) with { OrderQuantity = 0 };
        var filled = Resolve(last);
        Assert.That((filled.Booked, filled.Ended), Is.EqualTo((expected - cumulative, (byte)1)));
        Assert.That(filled.Disposition, Is.EqualTo(ReportDisposition.Applied));
        var over = Resolve(Trade(1, 7, last: 2, expected + 2) with { OrderQuantity = 0 });
        Assert.That((over.Disposition, _ledger.OverfilledQuantity), Is.EqualTo((ReportDisposition.Overfill, 2L)));
    }

    [Test]
    public void ShouldKeepWhatWasOrderedWhenALaterReportSaysNothingOfIt()
    {
        Resolve(Report(1, ExecutionReportKind.New));
        var part = Resolve(Trade(1, 5, last: 4, cumulative: 4) with { OrderQuantity = 0, LeavesQuantity = 0 });
        Assert.That((part.Ended, part.Disposition), Is.EqualTo(((byte)0, ReportDisposition.Applied)));
    }

    [Test]
    public void ShouldEndNothingWhenNobodySaysHowManyWereOrdered()
    {
        var trade = Trade(1, 5, last: 3, cumulative: 0) with { OrderQuantity = 0 };
        var resolution = Resolve(trade);
        Assert.That((resolution.Booked, resolution.Ended), Is.EqualTo((3, (byte)0)));
        Assert.That(resolution.Disposition, Is.EqualTo(ReportDisposition.Applied));
        Assert.That(_ledger.OverfilledQuantity, Is.Zero);
    }

    /// <summary>A recording holds no inferred ids: a replay by a later version must find the same.</summary>
    [Test]
    public void ShouldGiveAnInferredExecutionTheSameIdForGood() => Assert.That(
        (ExecutionLedger.InferredId(1, 6), ExecutionLedger.InferredId(77, 3)),
        Is.EqualTo((17_707_284_390_118_905_417ul, 14_332_576_720_949_015_244ul)));

    [Test]
    public void ShouldRememberEachWhenExecutionsDifferInOnePartAlone()
    {
        var recent = new RecentExecutions(64);
        ExecutionKey[] keys =
        [
            .. Enumerable.Range(0, 8).Select(static i => new ExecutionKey(5, 1, 19_000 + i, 0)),
            .. Enumerable.Range(1, 8).Select(static i => new ExecutionKey(5, 1, 19_000, i)),
            .. Enumerable.Range(2, 8).Select(static i => new ExecutionKey(5, (ulong)i, 19_000, 0)),
            .. Enumerable.Range(6, 8).Select(static i => new ExecutionKey((ulong)i, 1, 19_000, 0)),
        ];
        foreach (var key in keys)
        {
            Assert.That(recent.Contains(key), Is.False, $"{key}");
            recent.Add(key);
        }

        Assert.That(keys.Where(key => !recent.Contains(key)), Is.Empty);
    }

    [TestCase(1, Side.Buy)]
    [TestCase(0, Side.Sell)]
    public void ShouldRefuseAReportWhenItContradictsTheOrder(int instrument, Side side)
    {
        var store = Store(out _);
        var report = Trade(1, 5, last: 2, cumulative: 2) with { InstrumentIndex = instrument, Side = side };
        var resolution = new ExecutionResolution { Booked = 2, Disposition = ReportDisposition.Applied };
        Assert.That(store.Apply(report, resolution, StartNs, out _, out _), Is.EqualTo(ReportDisposition.Illegal));
        Assert.That((store.IllegalReports, store.WorkingBuyQuantity(0)), Is.EqualTo((1L, 10)));
    }

    [Test]
    public void ShouldCallItOverfillWhenMoreIsBookedThanTheOrderHas()
    {
        var store = Store(out var slot);
        Assert.That(Book(store, 10), Is.EqualTo(ReportDisposition.Applied), "all of it");
        Assert.That(store[slot].Status, Is.EqualTo(OrderStatus.Filled));
        Assert.That(Book(store, 1), Is.EqualTo(ReportDisposition.Overfill), "one more");
        Assert.That(store[slot].CumulativeQuantity, Is.EqualTo(11));
        Assert.That(Book(store, 0), Is.EqualTo(ReportDisposition.Applied), "nothing more");
        Assert.That((store.WorkingOrders, store.WorkingBuyQuantity(0)), Is.EqualTo((0, 0)));
    }

    [Test]
    public void ShouldApplyTheWordOfARoutedParentAndOfAVenue()
    {
        var ended = Resolve(new ExecutionReport
        {
            OrderId = OrderIds.Of(5, 0),
            Kind = ExecutionReportKind.Expired,
            Venue = ExecutionReport.OwnVenue,
            CumulativeQuantity = 9,
        });
        Assert.That(
            (ended.Disposition, ended.Ended, ended.Booked), Is.EqualTo((ReportDisposition.Applied, (byte)1, 0)));
        var lost = Resolve(new ExecutionReport { Kind = ExecutionReportKind.VenueLost, CumulativeQuantity = 9 });
        Assert.That(
            (lost.Disposition, lost.Ended, lost.Booked), Is.EqualTo((ReportDisposition.Applied, (byte)0, 0)));
    }

    /// <summary>Of ten, six work where it was adopted, and of those two were executed before that was heard.</summary>
    [TestCase(ExecutionReportKind.None, 4)]
    [TestCase(ExecutionReportKind.Cancelled, 0)]
    public void ShouldReserveWhatIsLeftOfAnAdoptedOrder(ExecutionReportKind end, int left)
    {
        var adoption = Report(1, ExecutionReportKind.Adopted) with
        {
            Venue = ExecutionReport.OwnVenue,
            CumulativeQuantity = 4,
            LeavesQuantity = 6,
        };
        Assert.That(Resolve(adoption).Left, Is.EqualTo(6), "nobody has heard of it");
        Resolve(Trade(1, 5, last: 6, cumulative: 6));
        if (end != ExecutionReportKind.None)
            Resolve(Report(1, end) with { CumulativeQuantity = 6 });
        var adopted = Resolve(adoption);
        Assert.That(
            (adopted.Disposition, adopted.Left, adopted.Booked), Is.EqualTo((ReportDisposition.Applied, left, 0)));
        Assert.That(Resolve(adoption with { OrderId = 2 }).Left, Is.EqualTo(6), "another order");
    }

    [TestCase(OrderStatus.Cancelled)]
    [TestCase(OrderStatus.None)]
    public void ShouldApplyAStatusThatTellsTheEndOnce(OrderStatus told)
    {
        var status = Report(1, ExecutionReportKind.Status) with
        {
            Status = told,
            RejectReason = told == OrderStatus.None ? VenueRejectReason.UnknownOrder : VenueRejectReason.None,
        };
        Assert.That(Resolve(status).Disposition, Is.EqualTo(ReportDisposition.Applied));
        Assert.That(Resolve(status).Disposition, Is.EqualTo(ReportDisposition.Duplicate));
    }

    [TestCase(0)]
    [TestCase(-4)]
    [TestCase(3)]
    public void ShouldRefuseSoManyPlaces(int places)
    {
        Assert.That(
            () => ExecutionLedger.CheckedPlaces(places),
            Throws.ArgumentException.With.Message.Contains($"{places} is no power of two"));
        Assert.That(ExecutionLedger.CheckedPlaces(4), Is.EqualTo(4));
    }

    private static ReportDisposition Book(OrderStore store, int booked) => store.Apply(
        Trade(1, 5, last: booked, cumulative: booked),
        new ExecutionResolution { Booked = booked, PriceE9 = Price(100), Disposition = ReportDisposition.Applied },
        StartNs,
        out _,
        out _);

    private static OrderStore Store(out int slot)
    {
        var store = new OrderStore(2, 4);
        Assert.That(store.TryAdd(new Order { OrderId = 1, Side = Side.Buy, Quantity = 10 }, out slot), Is.True);
        return store;
    }

    private ExecutionResolution Resolve(ExecutionReport report)
    {
        _ledger.Resolve(report, StartNs, Price(100), out var resolution);
        return resolution;
    }

    private static ExecutionReport Report(ulong order, ExecutionReportKind kind) => new()
    {
        OrderId = order,
        Kind = kind,
        Side = Side.Buy,
        OrderQuantity = 10,
    };

    private static ExecutionReport Trade(ulong order, ulong execution, int last, int cumulative) =>
        Report(order, ExecutionReportKind.Trade) with
        {
            ExecutionId = execution,
            LastQuantity = last,
            CumulativeQuantity = cumulative,
            LastPriceE9 = Price(100),
        };
}
