using System.Text;
using ExecutionPipeline.MarketData.Csv;
using ExecutionPipeline.MarketData.Sources;

namespace ExecutionPipeline.MarketData.Tests.Sources;

/// <summary>Volume by time of day from recorded trades.</summary>
public sealed class VolumeProfileTests
{
    private const long Second = 1_000_000_000;
    private const long Day = 86_400 * Second;

    [Test]
    public void ShouldAverageTheDaysWhenTradesAreInTheSession()
    {
        // Two days that begin at midnight; a session is three buckets of a minute from 60 s on.
        var text = new StringBuilder("ts,last,volume\n");
        foreach (var (seconds, volume) in new[] { (59, 7), (60, 10), (119, 20), (120, 30), (239, 5), (240, 9) })
            text.Append(86_400 * 20_000L + seconds).Append(",5,").Append(volume).Append('\n');
        text.Append(86_400 * 20_001L + 61).Append(",5,50\n");

        using var source = CsvSource.Open(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())), "test.csv");
        var profile = new VolumeProfile(60 * Second, 3);
        Assert.That(profile.AverageDay(), Is.Empty);
        profile.Add(source, timeNs => timeNs / Day * Day + 60 * Second);
        Assert.That(profile.Volumes.ToArray(), Is.EqualTo(new[] { 80L, 30, 5 }));
        Assert.That((profile.Days, profile.VolumeOutside), Is.EqualTo((2, 16L)));
        Assert.That(profile.AverageDay(), Is.EqualTo(new[] { 40, 15, 2.5 }));
    }

    [Test]
    public void ShouldHaveAllOfTheDaysVolumeWhenTheSpyBarsAreGathered()
    {
        using var source = CsvSource.Open(RepositoryFiles.SharedPathOf("data", "spy", "20131008_trade.zip"));
        var profile = new VolumeProfile(300 * Second, 78);
        var opensAtNs = new DateTimeOffset(2013, 10, 8, 13, 30, 0, TimeSpan.Zero).ToUnixTimeSeconds() * Second;
        profile.Add(source, _ => opensAtNs);
        var volumes = profile.Volumes.ToArray();
        Assert.That(volumes.Sum() + profile.VolumeOutside, Is.EqualTo(source.Counts.TradedQuantity));
        Assert.That(volumes.Min(), Is.GreaterThan(0));
        Assert.That(volumes[^1], Is.GreaterThan(2 * volumes[39]), "the close is busier than noon");
    }
}
