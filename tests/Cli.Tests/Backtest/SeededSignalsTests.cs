using System.Globalization;
using ExecutionPipeline.Cli.Backtest;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Execution.Instruments;

namespace ExecutionPipeline.Cli.Tests.Backtest;

public sealed class SeededSignalsTests
{
    private const long MinuteNs = 60_000_000_000;
    private const long DayNs = 24 * 60 * MinuteNs;

    /// <summary>The demo's market opens at 23:00 and closes at 22:00 UTC in winter.</summary>
    [TestCase("14:30", "38:30", "14:30-22:00 23:00-38:30")]
    [TestCase("14:30", "15:30", "14:30-15:30")]
    [TestCase("14:30", "22:30", "14:30-22:00")]
    [TestCase("22:30", "24:00", "23:00-24:00")]
    [TestCase("22:10", "22:50", "22:10-22:50", Description = "no session: all of it")]
    public void ShouldFindTheSessionThatRunsWhenTheDataBegin(string from, string to, string sessions)
    {
        var calendar = new InstrumentTable(DemoConfiguration.Load(null).Instruments)[0].Calendar;
        var dayNs = GeneratedMarket.SpanOf(0).FirstNs / DayNs * DayNs;

        var found = SeededSignals.SessionsIn(new MarketSpan(TimeOf(from), TimeOf(to)), calendar);

        Assert.That(calendar.Name, Is.EqualTo("cme_equity"));
        Assert.That(
            found,
            Is.EqualTo(sessions.Split(' ').Select(static session => session.Split('-'))
                .Select(ends => new MarketSpan(TimeOf(ends[0]), TimeOf(ends[1])))));

        long TimeOf(string text) =>
            dayNs + (int.Parse(text[..2], CultureInfo.InvariantCulture) * 60
                + int.Parse(text[3..], CultureInfo.InvariantCulture)) * MinuteNs;
    }
}
