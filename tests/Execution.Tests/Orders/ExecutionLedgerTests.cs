using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Orders;

/// <summary>Each execution is booked once, and none is lost.</summary>
[TestFixture]
public class ExecutionLedgerTests
{
    private const long DayNs = 86_400 * E9;

    private ExecutionLedger _ledger = Ledger();

    [SetUp]
    public void NewLedger() => _ledger = Ledger();

    [Test]
    public void ShouldBookOnceWhenAnExecutionIsReportedTwice()
    {
        Assert.That(Resolve(Trade(1, 5, last: 2, cumulative: 2)).Booked, Is.EqualTo(2));
        var again = Resolve(Trade(1, 5, last: 2, cumulative: 2));
        Assert.That((again.Booked, again.Disposition), Is.EqualTo((0, ReportDisposition.Duplicate)));
        Assert.That(_ledger.Duplicates, Is.EqualTo(1));
    }

    [Test]
    public void ShouldBookBothWhenAnIdComesAgainOnAnotherDayOrVenueOrOrder()
    {
        Assert.That(Resolve(Trade(1, 5, last: 2, cumulative: 2)).Booked, Is.EqualTo(2));
        Assert.That(Resolve(Trade(2, 5, last: 3, cumulative: 3), StartNs + DayNs).Booked, Is.EqualTo(3), "day");
        Assert.That(Resolve(Trade(3, 5, last: 4, cumulative: 4) with { Venue = 1 }).Booked, Is.EqualTo(4), "venue");
        Assert.That(Resolve(Trade(4, 5, last: 1, cumulative: 1)).Booked, Is.EqualTo(1), "a venue's own mistake");
        Assert.That(Resolve(Trade(1, 5, last: 1, cumulative: 3), StartNs + DayNs).Booked, Is.EqualTo(1), "same order");
        Assert.That(_ledger.Duplicates, Is.Zero);
    }

    [Test]
    public void ShouldKnowTheExecutionWhenItIsSentAgainOnTheNextDay()
    {
        // Forgotten orders are known by the ids of their executions alone.
        Resolve(Trade(1 + ExecutionLedger.OrderPlaces, 9, last: 1, cumulative: 1));
        var report = Trade(1, 5, last: 2, cumulative: 2) with { VenueTimeNs = StartNs };
        Assert.That(Resolve(report).Booked, Is.EqualTo(2));
        Assert.That(Resolve(report, StartNs + DayNs).Disposition, Is.EqualTo(ReportDisposition.Duplicate));
    }

    [Test]
    public void ShouldNotEndAnOrderThatHasGrownWhenItsExecutionTellsOfItFirst()
    {
        Resolve(Trade(1, 5, last: 1, cumulative: 1) with { OrderQuantity = 2, LeavesQuantity = 1 });
        var grown = Resolve(Trade(1, 6, last: 1, cumulative: 2) with { OrderQuantity = 9, LeavesQuantity = 7 });
        Assert.That((grown.Booked, grown.Ended), Is.EqualTo((1, (byte)0)));
        var cancelled = Trade(1, 0, last: 0, cumulative: 2) with
        {
            Kind = ExecutionReportKind.Cancelled,
            LastPriceE9 = 0,
            OrderQuantity = 9,
            ReleasedQuantity = 7,
        };
        var end = Resolve(cancelled);
        Assert.That((end.Disposition, end.Ended), Is.EqualTo((ReportDisposition.Applied, (byte)1)));
    }

    [Test]
    public void ShouldInferTheMissedExecutionWhenTheCumulativeQuantityJumps()
    {
        Resolve(Trade(1, 5, last: 2, cumulative: 2));
        var jump = Resolve(Trade(1, 7, last: 1, cumulative: 6, price: 104) with { FeeE6 = 3 });
        Assert.That((jump.Booked, jump.Inferred), Is.EqualTo((4, 3)));
        Assert.That((jump.Disposition, jump.PriceE9), Is.EqualTo((ReportDisposition.Inferred, Price(104))));
        Assert.That(jump.FeeE6, Is.EqualTo(3 + 3 * Table()[0].FeePerContractE6));
        Assert.That(jump.InferredExecutionId, Is.EqualTo(ExecutionLedger.InferredId(1, 6)).And.GreaterThan(1UL << 63));
        Assert.That(_ledger.InferredQuantity, Is.EqualTo(3));

        var missed = Resolve(Trade(1, 6, last: 3, cumulative: 5, price: 103));
        Assert.That((missed.Booked, missed.Disposition), Is.EqualTo((0, ReportDisposition.Duplicate)), "it comes late");
    }

    [TestCase(ExecutionReportKind.Cancelled)]
    [TestCase(ExecutionReportKind.Expired)]
    public void ShouldInferAtTheMarkWhenAnEndTellsOfMore(ExecutionReportKind kind)
    {
        Resolve(Trade(1, 5, last: 2, cumulative: 2));
        var report = Report(1, kind) with { CumulativeQuantity = 6, ReleasedQuantity = 4 };
        var end = Resolve(report);
        Assert.That((end.Booked, end.Inferred, end.Ended), Is.EqualTo((4, 4, 1)));
        Assert.That(end.PriceE9, Is.EqualTo(Price(100)));
        Assert.That(Resolve(report).IsRefused, Is.True, "it comes twice");
    }

    [Test]
    public void ShouldGiveEachItsOwnIdWhenExecutionsAreInferred()
    {
        var ids = Enumerable.Range(1, 100)
            .SelectMany(static order => Enumerable.Range(1, 100).Select(cumulative => (order, cumulative)))
            .Select(static at => ExecutionLedger.InferredId((ulong)at.order, at.cumulative)).ToList();
        Assert.That(ids, Is.Unique);
    }

    [Test]
    public void ShouldBookAndSayOverfillWhenMoreIsExecutedThanWasOrdered()
    {
        Resolve(Trade(1, 5, last: 8, cumulative: 8));
        var over = Resolve(Trade(1, 6, last: 4, cumulative: 12));
        Assert.That((over.Booked, over.Disposition, over.Ended), Is.EqualTo((4, ReportDisposition.Overfill, 1)));
        Assert.That(_ledger.OverfilledQuantity, Is.EqualTo(2));
    }

    [Test]
    public void ShouldBookLateWhenTheOrderHadEnded()
    {
        Resolve(Report(1, ExecutionReportKind.Cancelled));
        var late = Resolve(Trade(1, 5, last: 2, cumulative: 2));
        Assert.That((late.Booked, late.Disposition, late.Ended), Is.EqualTo((2, ReportDisposition.Late, 0)));
    }

    [Test]
    public void ShouldTellTheEndOnceWhenTheOrderIsFilled()
    {
        Assert.That(Resolve(Trade(1, 5, last: 4, cumulative: 4)).Ended, Is.Zero);
        Assert.That(Resolve(Trade(1, 6, last: 6, cumulative: 10)).Ended, Is.EqualTo(1));
        var after = Resolve(Report(1, ExecutionReportKind.Cancelled));
        Assert.That((after.Ended, after.Disposition), Is.EqualTo((0, ReportDisposition.Illegal)));
    }

    [Test]
    public void ShouldRefuseWhatCannotBe()
    {
        Resolve(Trade(1, 5, last: 2, cumulative: 2));
        Assert.That(IsIllegal(Trade(1, 6, last: 0, cumulative: 3)), Is.True, "nothing");
        Assert.That(IsIllegal(Trade(1, 6, last: 1, cumulative: 3, price: 0)), Is.True, "no price");
        Assert.That(IsIllegal(Trade(1, 6, last: 1, cumulative: 3) with { Side = Side.Sell }), Is.True, "side");
        Assert.That(IsIllegal(Trade(1, 6, last: 1, cumulative: 3) with { InstrumentIndex = 1 }), Is.True, "instrument");
        Assert.That(IsIllegal(Report(1, ExecutionReportKind.None)), Is.True);
        Assert.That(Resolve(Trade(1, 6, last: 1, cumulative: 3)).Booked, Is.EqualTo(1), "the true one still counts");
    }

    [Test]
    public void ShouldTakeTheReportsWordWhenTheOrderIsForgotten()
    {
        Resolve(Trade(1 + ExecutionLedger.OrderPlaces, 5, last: 1, cumulative: 1));
        var old = Resolve(Trade(1, 6, last: 2, cumulative: 9));
        Assert.That((old.Booked, old.Inferred, old.Disposition), Is.EqualTo((2, 0, ReportDisposition.Unknown)));
    }

    [Test]
    public void ShouldForgetTheOldestWhenTheWindowIsFull()
    {
        var recent = new RecentExecutions(2);
        for (var id = 1UL; id <= 3; id++)
            recent.Add(new ExecutionKey(id, 1, 1, 0));
        Assert.That(
            Enumerable.Range(1, 3).Select(id => recent.Contains(new ExecutionKey((ulong)id, 1, 1, 0))),
            Is.EqualTo(new[] { false, true, true }));
    }

    /// <summary>Whatever is lost, sent twice or swapped: in the end each order's executions are booked once.</summary>
    [Test]
    public void ShouldBookWhatTheVenueExecutedWhenReportsAreLostAndSentTwice()
    {
        var random = TestSeed.NewRandom();
        for (var order = 1UL; order <= 2_000; order++)
        {
            var booked = 0;
            var executed = 0;
            var reports = new List<ExecutionReport>();
            while (executed < 10 && random.Next(6) != 0)
            {
                var last = random.Next(1, 11 - executed);
                executed += last;
                reports.Add(Trade(order, (ulong)reports.Count + 1, last, executed));
            }

            if (executed < 10)
                reports.Add(Report(order, ExecutionReportKind.Cancelled) with { CumulativeQuantity = executed });
            foreach (var report in reports)
            {
                var isLast = report.CumulativeQuantity == executed && report.Equals(reports[^1]);
                var times = isLast ? random.Next(1, 3) : random.Next(3);
                for (var i = 0; i < times; i++)
                    booked += Resolve(report).Booked;
            }

            foreach (var report in reports.OrderBy(_ => random.Next()))
                booked += Resolve(report).Booked;
            Assert.That(booked, Is.EqualTo(executed), $"order {order}");
        }
    }

    private bool IsIllegal(ExecutionReport report) => Resolve(report).Disposition == ReportDisposition.Illegal;

    private ExecutionResolution Resolve(ExecutionReport report, long timeNs = StartNs)
    {
        _ledger.Resolve(report, timeNs, Price(100), out var resolution);
        return resolution;
    }

    private static ExecutionReport Report(ulong order, ExecutionReportKind kind) => new()
    {
        OrderId = order,
        Kind = kind,
        Side = Side.Buy,
        OrderQuantity = 10,
    };

    private static ExecutionReport Trade(ulong order, ulong execution, int last, int cumulative, double price = 100) =>
        Report(order, ExecutionReportKind.Trade) with
        {
            ExecutionId = execution,
            LastQuantity = last,
            CumulativeQuantity = cumulative,
            LastPriceE9 = Price(price),
        };
}
