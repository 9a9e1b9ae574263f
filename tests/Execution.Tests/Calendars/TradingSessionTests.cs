using ExecutionPipeline.Execution.Calendars;

namespace ExecutionPipeline.Execution.Tests.Calendars;

[TestFixture]
public class TradingSessionTests
{
    private const string NewYork = "America/New_York";

    // Winter is UTC-5, summer UTC-4; clocks changed on 10 March and 3 November 2024.
    [TestCase("2023-12-26T14:29:59Z", 0.0)]
    [TestCase("2023-12-26T14:30:00Z", 0.0)]
    [TestCase("2023-12-26T17:45:00Z", 0.5)]
    [TestCase("2023-12-26T21:00:00Z", 1.0)]
    [TestCase("2023-12-27T04:59:59Z", 1.0)]
    [TestCase("2023-12-27T05:00:00Z", 0.0)]
    [TestCase("2024-07-02T16:45:00Z", 0.5)]
    [TestCase("2024-03-11T16:45:00Z", 0.5)]
    [TestCase("2024-11-04T17:45:00Z", 0.5)]
    public void ShouldFollowTheZonesClockWhenTheSeasonChanges(string time, double expected)
    {
        var session = new TradingSession(ZoneOffsets.Of(NewYork), new TimeOnly(9, 30), new TimeOnly(16, 0));
        Assert.That(session.ProgressAt(Ns(time)), Is.EqualTo(expected).Within(1e-12));
    }

    // 18:00 to 17:00 the next day: 23 hours.
    [TestCase("2023-12-26T22:59:59Z", 1.0)]
    [TestCase("2023-12-26T23:00:00Z", 0.0)]
    [TestCase("2023-12-27T10:30:00Z", 0.5)]
    [TestCase("2023-12-27T22:00:00Z", 1.0)]
    public void ShouldSpanMidnightWhenTheCloseIsBeforeTheOpen(string time, double expected)
    {
        var session = new TradingSession(ZoneOffsets.Of(NewYork), new TimeOnly(18, 0), new TimeOnly(17, 0));
        Assert.That(session.ProgressAt(Ns(time)), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void ShouldAgreeWithTheZoneDatabaseWhenTimesAreRandom()
    {
        var random = TestSeed.NewRandom();
        string[] ids = [NewYork, "Europe/London", "Asia/Kolkata", "Australia/Sydney", "UTC"];
        foreach (var id in ids)
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(id);
            var session = new TradingSession(ZoneOffsets.Of(id), new TimeOnly(8, 15), new TimeOnly(15, 45));
            for (var i = 0; i < 2_000; i++)
            {
                var utc = DateTime.UnixEpoch.AddSeconds(random.NextInt64(0, 4_070_908_800));
                var local = TimeZoneInfo.ConvertTimeFromUtc(utc, zone);
                var expected = Math.Clamp((local.TimeOfDay.TotalHours - 8.25) / 7.5, 0, 1);
                // On the day of a change the session's own bounds move with the clock: skip its night.
                if (zone.GetUtcOffset(utc) != zone.GetUtcOffset(utc.AddHours(-24)))
                    continue;

                Assert.That(session.ProgressAt(Ns(utc)), Is.EqualTo(expected).Within(1e-9), $"{id} {utc:o}");
            }
        }
    }

    [Test]
    public void ShouldAgreeWithTheZoneDatabaseWhenOffsetsAreAsked()
    {
        var random = TestSeed.NewRandom();
        foreach (var id in new[] { NewYork, "Europe/London", "America/Sao_Paulo", "Asia/Tehran" })
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(id);
            for (var i = 0; i < 5_000; i++)
            {
                var utc = DateTime.UnixEpoch.AddSeconds(random.NextInt64(0, 4_070_908_800));
                var expected = zone.GetUtcOffset(utc).Ticks * 100;
                Assert.That(ZoneOffsets.Of(id).OffsetAtNs(Ns(utc)), Is.EqualTo(expected), $"{id} {utc:o}");
            }
        }
    }

    [Test]
    public void ShouldSayWhatToSetWhenTheZoneIsUnknown() => Assert.That(
        static () => ZoneOffsets.Of("Mars/Olympus"),
        Throws.ArgumentException.With.Message.Contains("Mars/Olympus").And.Message.Contains("IANA"));

    [Test]
    public void ShouldRollOnceADayWhenEventsPassTheRollTime()
    {
        var day = new TradingDay(new TradingDayOptions());
        Assert.That(day.TryRoll(Ns("2023-12-26T12:00:00Z")), Is.True, "the first event begins a day");
        Assert.That(day.EndNs, Is.EqualTo(Ns("2023-12-26T23:00:00Z")));
        Assert.That(day.TryRoll(Ns("2023-12-26T22:59:59Z")), Is.False);
        Assert.That(day.TryRoll(Ns("2023-12-26T23:00:00Z")), Is.True);
        Assert.That(day.TryRoll(Ns("2023-12-26T12:00:00Z")), Is.False, "time that goes back rolls nothing");
        Assert.That(day.TryRoll(Ns("2024-01-02T23:00:00Z")), Is.True, "days without an event are passed over");
        Assert.That(day.EndNs, Is.EqualTo(Ns("2024-01-03T23:00:00Z")));
    }

    internal static long Ns(string time) => Ns(DateTimeOffset.Parse(time).UtcDateTime);

    private static long Ns(DateTime utc) => (utc - DateTime.UnixEpoch).Ticks * 100;
}
