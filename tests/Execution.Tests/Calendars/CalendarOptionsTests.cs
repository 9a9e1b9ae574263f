using ExecutionPipeline.Execution.Calendars;

namespace ExecutionPipeline.Execution.Tests.Calendars;

[TestFixture]
public class CalendarOptionsTests
{
    private static readonly DateOnly Friday = new(2026, 11, 27);

    private static readonly TestCaseData[] InvalidOptions =
    [
        new(new CalendarOptions(), "set name"),
        new(new CalendarOptions { Name = "x", TimeZone = "Mars/Olympus" }, "time_zone"),
        new(new CalendarOptions { Name = "x", TimeZone = "UTC", Holidays = HolidaySet.UsEquity }, "set time_zone"),
        new(new CalendarOptions { Name = "x", TradingDays = [] }, "set trading_days"),
        new(new CalendarOptions { Name = "x", TradingDays = [DayOfWeek.Monday, DayOfWeek.Monday] }, "set trading_days"),
        new(new CalendarOptions { Name = "x", ClosedDates = [Friday, Friday] }, "set closed_dates"),
        new(new CalendarOptions { Name = "x", HalfDays = [Half(13), Half(14)] }, "set half_days"),
        new(new CalendarOptions { Name = "x", HalfDays = [null!] }, "set half_days"),
        new(new CalendarOptions { Name = "x", HalfDays = [Half(9)] }, "set half_days"),
        new(new CalendarOptions { Name = "x", HalfDays = [Half(17)] }, "set half_days"),
        new(new CalendarOptions { Name = "x", SessionOpen = new(17, 0), HalfDays = [Half(0)] }, "set half_days"),
        new(new CalendarOptions { Name = "x", ClosedDates = [Friday], HalfDays = [Half(13)] }, "2026-11-27 is in both"),
    ];

    [TestCaseSource(nameof(InvalidOptions))]
    public void ShouldNameTheKeyWhenAnOptionIsWrong(CalendarOptions options, string named) =>
        Assert.That(() => new TradingCalendar(options), Throws.ArgumentException.With.Message.Contains(named));

    [Test]
    public void ShouldRefuseWhenTwoShareAName()
    {
        var one = new CalendarOptions { Name = "x" };
        Assert.That(() => new CalendarTable([one, one]), Throws.ArgumentException.With.Message.Contains("name x"));
        Assert.That(static () => new CalendarTable([null!]), Throws.ArgumentException.With.Message.Contains("null"));
    }

    [Test]
    public void ShouldReplaceABuiltInWhenOneOfItsNameIsConfigured()
    {
        var table = new CalendarTable([new CalendarOptions { Name = "us_equity", ClosedDates = [Friday] }]);
        Assert.That(table.Find("us_equity").TryGetSession(Friday, out _, out _), Is.False);
        Assert.That(table.Find("cme_equity").TryGetSession(Friday, out _, out _), Is.True);
    }

    // The half day of 27 November 2026 ends at 13:00 New York.
    [TestCase(8, 12, 12)]
    [TestCase(8, 15, 13)]
    [TestCase(14, 16, null)]
    public void ShouldStayWithinTheSessionWhenARuleClosesEarly(int open, int close, int? expected)
    {
        var calendar = new TradingCalendar(new CalendarOptions
        {
            Name = "x",
            SessionOpen = new TimeOnly(open, 0),
            SessionClose = new TimeOnly(close, 0),
            Holidays = HolidaySet.UsEquity,
        });
        var isOpen = calendar.TryGetSession(Friday, out _, out var closeNs);
        Assert.That(isOpen, Is.EqualTo(expected is not null));
        if (expected is { } hour)
            Assert.That(closeNs, Is.EqualTo(TradingSessionTests.Ns($"2026-11-27T{hour + 5}:00:00Z")));
    }

    private static HalfDay Half(int hour) => new() { Date = Friday, Close = new TimeOnly(hour, 0) };
}
