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
        var session = Session(new CalendarOptions { Name = "x" });
        Assert.That(session.ProgressAt(Ns(time)), Is.EqualTo(expected).Within(1e-12));
    }

    // 18:00 to 17:00 the next day: 23 hours.
    [TestCase("2023-12-26T22:59:59Z", 1.0)]
    [TestCase("2023-12-26T23:00:00Z", 0.0)]
    [TestCase("2023-12-27T10:30:00Z", 0.5)]
    [TestCase("2023-12-27T22:00:00Z", 1.0)]
    public void ShouldSpanMidnightWhenTheCloseIsBeforeTheOpen(string time, double expected)
    {
        var session = Session(new CalendarOptions
        {
            Name = "x",
            SessionOpen = new TimeOnly(18, 0),
            SessionClose = new TimeOnly(17, 0),
        });
        Assert.That(session.ProgressAt(Ns(time)), Is.EqualTo(expected).Within(1e-12));
    }

    // Chicago is UTC-6 in winter and UTC-5 in summer. Clocks change on the nights to Sunday, when Globex is closed.
    [TestCase("2024-03-10T21:59:59.999Z", 0.0)]
    [TestCase("2024-03-10T22:00:00Z", 0.0)]
    [TestCase("2024-03-11T09:30:00Z", 0.5)]
    [TestCase("2024-03-11T21:00:00Z", 1.0)]
    [TestCase("2024-03-11T21:59:59Z", 1.0)]
    [TestCase("2024-11-04T10:30:00Z", 0.5)]
    [TestCase("2024-11-28T08:30:00Z", 0.5, Description = "Thanksgiving: 17:00 to 12:00")]
    [TestCase("2024-11-28T18:00:00Z", 1.0, Description = "Thanksgiving, noon")]
    [TestCase("2024-11-28T22:59:59Z", 1.0)]
    [TestCase("2024-11-28T23:00:00Z", 0.0, Description = "Friday's session")]
    [TestCase("2024-11-29T18:15:00Z", 1.0, Description = "Friday, 12:15")]
    [TestCase("2024-11-30T05:59:59Z", 1.0, Description = "Friday's last second")]
    [TestCase("2024-11-30T06:00:00Z", 0.0, Description = "the weekend")]
    [TestCase("2024-12-25T12:00:00Z", 0.0, Description = "Christmas")]
    [TestCase("2024-12-25T23:00:00Z", 0.0, Description = "Thursday's session opens")]
    [TestCase("2024-12-26T10:30:00Z", 0.5)]
    [TestCase("2024-03-29T12:00:00Z", 0.0, Description = "Good Friday")]
    public void ShouldFollowGlobexWhenTheCalendarIsItsOwn(string time, double expected)
    {
        var session = new TradingSession(new CalendarTable([]).Find("cme_equity"));
        Assert.That(session.ProgressAt(Ns(time)), Is.EqualTo(expected).Within(1e-12));
    }

    [TestCase("2025-04-18T12:00:00Z", 0.0, "2025-04-17", Description = "Good Friday opened until 08:15")]
    [TestCase("2025-04-18T13:15:00Z", 1.0, "2025-04-17")]
    [TestCase("2025-01-09T15:00:00Z", 0.0, "2025-01-09")]
    public void ShouldPreferWhatIsConfiguredWhenRulesSayOtherwise(string time, double expected, string closed)
    {
        var session = Session(new CalendarOptions
        {
            Name = "cme_equity",
            TimeZone = "America/Chicago",
            SessionOpen = new TimeOnly(7, 0),
            SessionClose = new TimeOnly(16, 0),
            Holidays = HolidaySet.CmeEquity,
            ClosedDates = [DateOnly.Parse(closed)],
            HalfDays = [new HalfDay { Date = new DateOnly(2025, 4, 18), Close = new TimeOnly(8, 15) }],
        });
        Assert.That(session.ProgressAt(Ns(time)), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void ShouldRunAroundTheClockWhenAllDaysAreOpen()
    {
        var session = Session(new CalendarOptions
        {
            Name = "always",
            TimeZone = "UTC",
            SessionOpen = TimeOnly.MinValue,
            SessionClose = TimeOnly.MinValue,
            TradingDays = Enum.GetValues<DayOfWeek>(),
        });
        Assert.That(session.ProgressAt(Ns("2024-06-01T12:00:00Z")), Is.EqualTo(0.5), "a Saturday");
        Assert.That(session.ProgressAt(Ns("2024-06-02T00:00:00Z")), Is.Zero);
    }

    [Test]
    public void ShouldStartOnceASessionWhenTimePasses()
    {
        var session = new TradingSession(new CalendarTable([]).Find("cme_equity"));
        Assert.That(session.TryStart(Ns("2024-11-28T12:00:00Z")), Is.True, "the first call");
        Assert.That(session.TryStart(Ns("2024-11-28T22:59:59.999Z")), Is.False);
        Assert.That(session.TryStart(Ns("2024-11-28T23:00:00Z")), Is.True);
        _ = session.ProgressAt(Ns("2024-11-27T12:00:00Z"));
        Assert.That(session.TryStart(Ns("2024-11-28T12:00:00Z")), Is.False, "time that goes back starts nothing");
        Assert.That(session.TryStart(Ns("2024-12-01T22:59:59Z")), Is.False, "the weekend");
        Assert.That(session.TryStart(Ns("2024-12-01T23:00:00Z")), Is.True);
    }

    [Test]
    public void ShouldAgreeWithAScanOfAllSessionsWhenTimesAreRandom()
    {
        var random = TestSeed.NewRandom();
        string[] ids = [NewYork, "Europe/London", "Asia/Kolkata", "Australia/Sydney", "UTC"];
        foreach (var id in ids)
        {
            var options = new CalendarOptions
            {
                Name = id,
                TimeZone = id,
                SessionOpen = new TimeOnly(random.Next(4, 20), 15),
                SessionClose = new TimeOnly(random.Next(21, 23), 45),
                ClosedDates = [.. Enumerable.Range(0, 4).Select(i => new DateOnly(2024, 3, 4).AddDays(i * 29))],
            };
            CheckAgainstScan(options, random);
            CheckAgainstScan(Overnight(options), random);
        }
    }

    private static void CheckAgainstScan(CalendarOptions options, Random random)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone);
        var first = new DateOnly(2024, 1, 2);
        var isOvernight = options.SessionClose <= options.SessionOpen;
        var sessions = Enumerable.Range(0, 400).Select(first.AddDays)
            .Where(date => date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            .Where(date => !options.ClosedDates.Contains(date))
            .Select(date => (
                Open: Utc((isOvernight ? date.AddDays(-1) : date).ToDateTime(options.SessionOpen)),
                Close: Utc(date.ToDateTime(options.SessionClose)),
                End: Utc(date.AddDays(1).ToDateTime(default))))
            .ToList();

        var session = Session(options);
        for (var i = 0; i < 3_000; i++)
        {
            var utc = new DateTime(2024, 1, 9).AddSeconds(random.NextInt64(380 * 86_400));
            var latest = sessions.Last(s => s.Open <= utc);
            var expected = utc < latest.Close
                ? (utc - latest.Open) / (latest.Close - latest.Open)
                : utc < latest.End ? 1 : 0;
            Assert.That(session.ProgressAt(Ns(utc)), Is.EqualTo(expected).Within(1e-12), $"{options.TimeZone} {utc:o}");
        }

        DateTime Utc(DateTime local) => TimeZoneInfo.ConvertTimeToUtc(local, zone);
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

    [Test]
    public void ShouldTakeTheOffsetBeforeWhenTheClocksSkipAnHour()
    {
        // Sao Paulo skipped midnight of 4 November 2018 (UTC-3 to UTC-2), London 01:00 of 31 March 2024.
        Assert.That(ToUtc("America/Sao_Paulo", "2018-11-04T00:00:00Z"), Is.EqualTo(Ns("2018-11-04T03:00:00Z")));
        Assert.That(ToUtc("Europe/London", "2024-03-31T01:30:00Z"), Is.EqualTo(Ns("2024-03-31T01:30:00Z")));
        Assert.That(ToUtc(NewYork, "2024-03-10T02:30:00Z"), Is.EqualTo(Ns("2024-03-10T07:30:00Z")));

        static long ToUtc(string zone, string local) => ZoneOffsets.Of(zone).ToUtcNs(Ns(local));
    }

    private static CalendarOptions Overnight(CalendarOptions day) => new()
    {
        Name = day.Name,
        TimeZone = day.TimeZone,
        SessionOpen = day.SessionClose,
        SessionClose = day.SessionOpen,
        ClosedDates = day.ClosedDates,
    };

    private static TradingSession Session(CalendarOptions options) => new(new TradingCalendar(options));

    internal static long Ns(string time) => Ns(DateTimeOffset.Parse(time).UtcDateTime);

    private static long Ns(DateTime utc) => (utc - DateTime.UnixEpoch).Ticks * 100;
}
