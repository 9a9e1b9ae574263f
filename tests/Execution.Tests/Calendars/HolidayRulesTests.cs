using System.Globalization;
using ExecutionPipeline.Execution.Calendars;

namespace ExecutionPipeline.Execution.Tests.Calendars;

[TestFixture]
public class HolidayRulesTests
{
    private static readonly TimeOnly Usual = new(16, 0);

    // As NYSE published them.
    [TestCase(2019, "01-01 01-21 02-18 04-19 05-27 07-04 09-02 11-28 12-25", "07-03 11-29 12-24")]
    [TestCase(2020, "01-01 01-20 02-17 04-10 05-25 07-03 09-07 11-26 12-25", "11-27 12-24")]
    [TestCase(2021, "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24", "11-26")]
    [TestCase(2022, "01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26", "11-25")]
    [TestCase(2023, "01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25", "07-03 11-24")]
    [TestCase(2024, "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25", "07-03 11-29 12-24")]
    [TestCase(2025, "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25", "07-03 11-28 12-24")]
    [TestCase(2026, "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25", "11-27 12-24")]
    [TestCase(2027, "01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24", "11-26")]
    public void ShouldGiveThePublishedDatesWhenSharesTrade(int year, string closed, string early)
    {
        Assert.That(Dates(HolidaySet.UsEquity, year, null), Is.EqualTo(closed));
        Assert.That(Dates(HolidaySet.UsEquity, year, new TimeOnly(13, 0)), Is.EqualTo(early));
    }

    [TestCase(2022, "04-15 12-26", "01-17 02-21 05-30 06-20 07-04 09-05 11-24", "11-25")]
    [TestCase(2024, "01-01 03-29 12-25", "01-15 02-19 05-27 06-19 07-04 09-02 11-28", "07-03 11-29 12-24")]
    [TestCase(2026, "01-01 12-25", "01-19 02-16 05-25 06-19 07-03 09-07 11-26", "11-27 12-24")]
    public void ShouldGiveThePublishedDatesWhenIndexFuturesTrade(int year, string closed, string noon, string early)
    {
        Assert.That(Dates(HolidaySet.CmeEquity, year, null), Is.EqualTo(closed));
        Assert.That(Dates(HolidaySet.CmeEquity, year, new TimeOnly(12, 0)), Is.EqualTo(noon));
        Assert.That(Dates(HolidaySet.CmeEquity, year, new TimeOnly(12, 15)), Is.EqualTo(early));
    }

    // Hurricane Sandy, the mourning of Presidents Bush and Carter, Good Fridays with an employment report; null: none.
    [TestCase("2012-10-26", "16:00", "16:00")]
    [TestCase("2012-10-29", null, "08:15")]
    [TestCase("2012-10-30", null, "08:15")]
    [TestCase("2012-10-31", "16:00", "16:00")]
    [TestCase("2018-12-04", "16:00", "16:00")]
    [TestCase("2018-12-05", null, "08:30")]
    [TestCase("2018-12-06", "16:00", "16:00")]
    [TestCase("2025-01-08", "16:00", "16:00")]
    [TestCase("2025-01-09", null, "08:30")]
    [TestCase("2025-01-10", "16:00", "16:00")]
    [TestCase("2011-04-22", null, null)]
    [TestCase("2012-04-06", null, "08:15")]
    [TestCase("2013-03-29", null, null)]
    [TestCase("2014-04-18", null, null)]
    [TestCase("2015-04-03", null, "08:15")]
    [TestCase("2016-03-25", null, null)]
    [TestCase("2017-04-14", null, null)]
    [TestCase("2018-03-30", null, null)]
    [TestCase("2019-04-19", null, null)]
    [TestCase("2020-04-10", null, null)]
    [TestCase("2021-04-02", null, "08:15")]
    [TestCase("2022-04-15", null, null)]
    [TestCase("2023-04-07", null, "08:15")]
    [TestCase("2024-03-29", null, null)]
    [TestCase("2025-04-18", null, null)]
    [TestCase("2026-04-03", null, "08:15")]
    public void ShouldCloseAsAnnouncedWhenTheDayFollowsNoRule(string date, string? shares, string? futures)
    {
        var day = DateOnly.Parse(date, CultureInfo.InvariantCulture);
        Assert.That(HolidayRules.CloseOn(HolidaySet.UsEquity, day, Usual), Is.EqualTo(TimeOf(shares)));
        Assert.That(HolidayRules.CloseOn(HolidaySet.CmeEquity, day, Usual), Is.EqualTo(TimeOf(futures)));
    }

    private static TimeOnly? TimeOf(string? text) =>
        text is null ? null : TimeOnly.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Gauss's way, by the full moon of the golden number, holds from 1900 to 2199.</summary>
    [Test]
    public void ShouldAgreeWithTheFullMoonWhenEasterIsAsked()
    {
        for (var year = 1900; year < 2200; year++)
        {
            var golden = year % 19;
            var moon = (19 * golden + 24) % 30;
            if (moon == 29 || (moon == 28 && golden > 10))
                moon--;
            var easter = new DateOnly(year, 3, 22).AddDays(moon);
            while (easter.DayOfWeek != DayOfWeek.Sunday)
                easter = easter.AddDays(1);

            Assert.That(HolidayRules.Easter(year), Is.EqualTo(easter));
        }
    }

    [Test]
    public void ShouldKnowNoHolidayWhenTheSetIsNone() =>
        Assert.That(Dates(HolidaySet.None, 2024, null), Is.Empty);

    private static string Dates(HolidaySet set, int year, TimeOnly? close) => string.Join(
        ' ',
        Enumerable.Range(0, 365).Select(new DateOnly(year, 1, 1).AddDays)
            .Where(static date => date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            .Where(date => HolidayRules.CloseOn(set, date, Usual) == close)
            .Select(static date => date.ToString("MM-dd")));
}
