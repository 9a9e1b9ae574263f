using ExecutionPipeline.Cli.Backtest;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Cli.Tests.Backtest;

/// <summary>The volume's course over the day, learned from the days before.</summary>
public sealed class LearnedVolumeTests
{
    private const long HourNs = 3_600_000_000_000;
    private const long DayNs = 24 * HourNs;

    [Test]
    public void ShouldKnowTheDaysBeforeAndNeverTheDayItself()
    {
        var volume = new LearnedVolume();
        Trade(volume, 10 * DayNs + 14 * HourNs, 300);
        Trade(volume, 10 * DayNs + 20 * HourNs, 100);
        Assert.That(Share(volume, 10, 14, 15), Is.EqualTo(1.0 / 24).Within(1e-9), "the first day is even");

        Trade(volume, 11 * DayNs + 9 * HourNs, 9_000);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Share(volume, 11, 14, 15), Is.EqualTo(0.75).Within(1e-9));
            Assert.That(Share(volume, 11, 9, 10), Is.Zero, "what trades today is not history yet");
        }

        Trade(volume, 12 * DayNs, 1);
        Assert.That(Share(volume, 12, 9, 10), Is.EqualTo(9_000 / 9_400.0).Within(1e-9));
    }

    private static void Trade(LearnedVolume volume, long timeNs, int quantity) =>
        volume.Add(new MarketUpdate { ExchangeTimeNs = timeNs, TradeQuantity = quantity });

    private static double Share(LearnedVolume volume, int day, int fromHour, int toHour) =>
        volume.ShareBetween(day * DayNs + fromHour * HourNs, day * DayNs + toHour * HourNs);
}
