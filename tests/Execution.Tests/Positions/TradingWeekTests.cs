using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Positions;

/// <summary>A loss of Tuesday counts for the week until that ends, on Sunday at 18:00 in New York.</summary>
[TestFixture]
public class TradingWeekTests
{
    private const long DayNs = 86_400 * E9;

    // The start is Tuesday, 14 November 2023, 17:13:20 in New York: 2,800 seconds before its trading day ends.
    private const long RollNs = StartNs + 2_800 * E9;

    [TestCase(RollNs - 1, 98_000, 100_000, TestName = "ShouldKeepDayAndWeekWhenTheDayStillRuns")]
    [TestCase(RollNs, 98_000, 100_000, TestName = "ShouldKeepTheWeekWhenWednesdayBegins")]
    [TestCase(RollNs + 2 * DayNs, 98_000, 100_000, TestName = "ShouldKeepTheWeekWhenFridayBegins")]
    [TestCase(RollNs + 5 * DayNs - 1, 98_000, 100_000, TestName = "ShouldKeepTheWeekUntilSundayEnds")]
    [TestCase(RollNs + 5 * DayNs, 98_000, 98_000, TestName = "ShouldBeginAWeekWhenMondaysSessionOpens")]
    [TestCase(RollNs + 40 * DayNs, 98_000, 98_000, TestName = "ShouldBeginAWeekWhenWholeWeeksHavePassed")]
    public void ShouldTakeTheWeeksEquityAnewOnlyWhenAWeekBegins(long timeNs, decimal equity, decimal weekStart)
    {
        var portfolio = Portfolio(Table(1), cash: 100_000m);
        portfolio.TryStartDay(StartNs);
        portfolio.Execute(0, Side.Buy, 1, Price(1_000), 0);
        portfolio.Mark(0, Price(960), StartNs);

        // Each day between is begun, as trading would.
        for (var dayNs = RollNs; dayNs <= timeNs; dayNs += DayNs)
            portfolio.TryStartDay(dayNs);
        portfolio.TryStartDay(timeNs);

        Assert.That(portfolio.EquityE6, Is.EqualTo(equity * 1_000_000));
        Assert.That(portfolio.WeekStartEquityE6, Is.EqualTo(weekStart * 1_000_000));
        var expected = (double)((weekStart - equity) / weekStart);
        Assert.That(portfolio.WeeklyDrawdown, Is.EqualTo(expected).Within(1e-12));
    }
}
