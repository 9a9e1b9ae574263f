using System.Text;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Tests.Options;

[TestFixture]
public sealed class PipelineConfigurationTests
{
    private const string Smallest = """{ "instruments": [ { "id": 1, "symbol": "ES" } ] }""";

    [Test]
    public void ShouldTakeTheDefaultsWhenNothingElseIsSaid()
    {
        var options = Parse(Smallest);

        Assert.That(options.Limits.MaxPosition, Is.EqualTo(10));
        Assert.That(options.Limits.MaxNotional, Is.EqualTo(500_000m));
        Assert.That(options.Limits.MaxDailyVar, Is.EqualTo(5_000));
        Assert.That(options.Ring.Topology, Is.EqualTo(Topology.Auto));
        Assert.That(() => new StageAssembly(options), Throws.Nothing);
    }

    [TestCase(
        """{ "limits": { "max_positon": 3 } }""",
        "line 1: unknown key (at $.limits.max_positon); did you mean 'max_position'?")]
    [TestCase("""{ "limitz": {} }""", "(at $.limitz); did you mean 'limits'?")]
    [TestCase("""{ "zebra": {} }""", "unknown key (at $.zebra)")]
    [TestCase("""{ "limits": { "breakers": { "probe": 1 } } }""", "did you mean 'probes'?")]
    [TestCase("", "it is empty")]
    [TestCase("[]", "it must be an object: {...} (at $)")]
    [TestCase("""{ "instruments": {} }""", "it must be a list: [...] (at $.instruments)")]
    [TestCase("""{ "account": { "starting_cash": "much" } }""", "it must be a number (at $.account.starting_cash)")]
    [TestCase("""{ "limits": { "max_position": 1.5 } }""", "it must be a whole number (at $.limits.max_position)")]
    [TestCase("""{ "ring": { "wait": "sleep" } }""", "it must be one of spin, yield, block (at $.ring.wait)")]
    [TestCase("""{ "ring": { "topology": "diagonal" } }""", "$.ring.topology")]
    [TestCase("""{ "ring": { "topology": 1 } }""", "$.ring.topology")]
    [TestCase("""{ "limits": { "max_position": "three" } }""", "$.limits.max_position")]
    [TestCase("""{ "limits": null }""", "limits")]
    [TestCase("""{ "limits": { """, "line 1")]
    [TestCase("null", "null")]
    [TestCase("""{ "instruments": [ { "id": 1, "symbol": "ES", "sesion": "x" } ] }""", "(at $.instruments[0].sesion)")]
    [TestCase("""{ "instruments": [ { "id": 1, "id": 2, "symbol": "ES" } ] }""", "id")]
    [TestCase("""{ "instruments": [ { "id": 1, "symbol": null } ] }""", "symbol")]
    [TestCase("""{ "calendars": [ { "name": "x", "closed_dates": ["2026-13-01"] } ] }""", "closed_dates[0]")]
    [TestCase("""{ "calendars": [ { "name": "x", "half_days": [ { "date": "2026-11-27" } ] } ] }""", "close")]
    [TestCase("""{ "calendars": [ { "name": "x", "holidays": "mars" } ] }""", "holidays")]
    [TestCase("""{ "account": { "rates": { "EUR": 1, "EUR": 2 } } }""", "EUR")]
    public void ShouldNameWhatIsWrong(string json, string expected) => Assert.That(
        () => Parse(json), Throws.TypeOf<InvalidDataException>().With.Message.Contains(expected));

    [TestCase("""{ "ring": { "size": 1000 }, "instruments": [ { "id": 1, "symbol": "ES" } ] }""", "power of two")]
    [TestCase("""{ "instruments": [] }""", "instruments")]
    [TestCase("""{ "streams": { "market_stream": 1001 }, "instruments": [ { "id": 1, "symbol": "ES" } ] }""", "stream")]
    [TestCase("""{ "instruments": [ null ] }""", "instruments")]
    [TestCase("""{ "calendars": [ null ], "instruments": [ { "id": 1, "symbol": "ES" } ] }""", "calendars")]
    [TestCase("""{ "instruments": [ { "id": 1, "symbol": "FDAX", "currency": "EUR" } ] }""", "account.rates.EUR")]
    [TestCase("""{ "instruments": [ { "id": 1, "symbol": "ES", "calendar": "eurex" } ] }""", "calendar")]
    [TestCase(
        """{ "instruments": [ { "id": 1, "symbol": "ES" }, { "id": 1, "symbol": "NQ" } ] }""", "share the id 1")]
    public void ShouldRefuseValuesThatCannotBeUsed(string json, string expected)
    {
        var options = Parse(json);

        Assert.That(() => new StageAssembly(options), Throws.ArgumentException.With.Message.Contains(expected));
    }

    [TestCase(64, null)]
    [TestCase(65, "1 to 64")]
    public void ShouldTakeSixtyFourInstrumentsAndNoMore(int count, string? expected)
    {
        var instruments = Enumerable.Range(1, count).Select(static i => $$"""{ "id": {{i}}, "symbol": "I{{i}}" }""");
        var options = Parse($$"""{ "instruments": [ {{string.Join(',', instruments)}} ] }""");

        Assert.That(
            () => new StageAssembly(options),
            expected is null ? Throws.Nothing : Throws.ArgumentException.With.Message.Contains(expected));
    }

    [Test]
    public void ShouldReadCalendarsAndCurrenciesWhenTheyAreConfigured()
    {
        var options = Parse("""
            {
              "account": { "currency": "USD", "rates": { "EUR": 1.08 } },
              "calendars": [
                {
                  "name": "eurex", "time_zone": "Europe/Berlin",
                  "session_open": "09:00:00", "session_close": "17:30:00",
                  "trading_days": ["monday", "tuesday", "wednesday", "thursday", "friday"],
                  "holidays": "none", "closed_dates": ["2026-12-25"],
                  "half_days": [ { "date": "2026-12-30", "close": "14:00:00" } ]
                }
              ],
              "instruments": [
                { "id": 1, "symbol": "FDAX", "currency": "EUR", "calendar": "eurex", "multiplier": 25 }
              ]
            }
            """);
        var instrument = new StageAssembly(options).Instruments[0];

        Assert.That(instrument.ValueE6(16_000_000_000_000, 1), Is.EqualTo(432_000_000_000));
        Assert.That(instrument.Calendar.TryGetSession(new DateOnly(2026, 12, 25), out _, out _), Is.False);
        Assert.That(instrument.Calendar.TryGetSession(new DateOnly(2026, 12, 30), out var openNs, out var closeNs));
        Assert.That(closeNs - openNs, Is.EqualTo(5 * 3_600_000_000_000));
        Assert.That(
            PipelineConfiguration.HashOf(options with { Calendars = [] }).ToString(),
            Is.Not.EqualTo(PipelineConfiguration.HashOf(options).ToString()));
    }

    [Test]
    public void ShouldHashWhatDeterminesTheOutputsAlone()
    {
        var options = Parse(Smallest);
        var otherRing = options with { Ring = new RingOptions { Size = 4096, Topology = Topology.Fused } };
        var otherLimit = Parse("""
            { "limits": { "max_position": 11 }, "instruments": [ { "id": 1, "symbol": "ES" } ] }
            """);

        var hash = PipelineConfiguration.HashOf(options).ToString();
        Assert.That(PipelineConfiguration.HashOf(otherRing).ToString(), Is.EqualTo(hash));
        Assert.That(PipelineConfiguration.HashOf(otherLimit).ToString(), Is.Not.EqualTo(hash));
    }

    private static PipelineOptions Parse(string json) => PipelineConfiguration.Parse(Encoding.UTF8.GetBytes(json));
}
