using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
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
        "line 1, column 15: there is no key limits.max_positon; did you mean 'max_position'?")]
    [TestCase("""{ "limitz": {} }""", "there is no key limitz; did you mean 'limits'?")]
    [TestCase("""{ "zebra": {} }""", "there is no key zebra")]
    [TestCase("""{ "limits": { "breakers": { "probe": 1 } } }""", "did you mean 'probes'?")]
    [TestCase("", "it is empty")]
    [TestCase("[]", "the configuration is a list: it must be an object: {...}")]
    [TestCase("""{ "instruments": [ null ] }""", "instruments[0] is null: it must be an object: {...}")]
    [TestCase("""{ "instruments": {} }""", "instruments is an object: it must be a list: [...]")]
    [TestCase(
        """{ "account": { "starting_cash": "much" } }""",
        "account.starting_cash is \"much\": it must be a number, above 0")]
    [TestCase(
        """{ "limits": { "max_position": 1.5 } }""",
        "limits.max_position is 1.5: it must be a whole number, 1 to 1000000 (contracts)")]
    [TestCase(
        """{ "ring": { "wait": "sleep" } }""",
        "ring.wait is \"sleep\": it must be one of auto, spin, yield, block")]
    [TestCase("""{ "ring": { "topology": "diagonal" } }""", "ring.topology is")]
    [TestCase("""{ "ring": { "topology": 1 } }""", "ring.topology is")]
    [TestCase("""{ "limits": { "max_position": "three" } }""", "limits.max_position is \"three\"")]
    [TestCase("""{ "limits": null }""", "limits")]
    [TestCase("""{ "limits": { """, "line 1")]
    [TestCase("null", "null")]
    [TestCase(
        """{ "instruments": [ { "id": 1, "symbol": "ES", "sesion": "x" } ] }""",
        "there is no key instruments[0].sesion")]
    [TestCase("""{ "instruments": [ { "id": 1, "id": 2, "symbol": "ES" } ] }""", "id")]
    [TestCase("""{ "instruments": [ { "id": 1, "symbol": null } ] }""", "symbol")]
    [TestCase("""{ "calendars": [ { "name": "x", "closed_dates": ["2026-13-01"] } ] }""", "closed_dates[0]")]
    [TestCase("""{ "calendars": [ { "name": "x", "half_days": [ { "date": "2026-11-27" } ] } ] }""", "close")]
    [TestCase("""{ "calendars": [ { "name": "x", "holidays": "mars" } ] }""", "holidays")]
    [TestCase("""{ "account": { "rates": { "EUR": 1, "EUR": 2 } } }""", "EUR")]
    [TestCase("""{ "ring": { "size": 1000 } }""", "power of two")]
    [TestCase("""{ "streams": { "market_stream": 1001 } }""", "stream")]
    [TestCase(
        "{ \"limits\": {\n\n \"max_position_share\": 2 } }",
        "line 3, column 24: limits.max_position_share is 2: it must be above 0 and at most 1 (a share of equity)")]
    [TestCase("""{ "limits": { "breakers": { "system_load": { "threshold": 1.5 } } } }""", "at most 1 (a share of")]
    [TestCase(
        """{ "limits": { "breakers": { "probes": 0 } } }""",
        "limits.breakers.probes is 0: it must be 1 to 65536")]
    [TestCase("""{ "limits": { "max_daily_var": 1e999 } }""", "limits.max_daily_var is 1e999: it must be above 0")]
    [TestCase("""{ "limits": { "max_daily_var": "NaN" } }""", "limits.max_daily_var is \"NaN\": it must be a number")]
    [TestCase("""{ "limits": { "max_position": 99999999999 } }""", "it must be a whole number, 1 to 1000000")]
    [TestCase("""{ "instruments": [ {}, { "tick_size": 0 } ] }""", "instruments[1].tick_size is 0: it must be 1E-06")]
    [TestCase(
        """{ "return_history": [ { "daily_returns": [0.1, 11] } ] }""",
        "return_history[0].daily_returns[1] is 11")]
    [TestCase("""{ "account": { "rates": { "EUR": -1 } } }""", "account.rates.EUR is -1")]
    [TestCase("""{ "limits": { "min_order_size": 9 } }""", "set min_order_size to 1 to max_order_size contracts")]
    [TestCase("""{ "limits": { "regimes": { "crisis_ratio": 1 } } }""", "set crisis_ratio to above volatile_ratio")]
    [TestCase(
        """{ "limits": { "breakers": { "minimum_samples": 300 } } }""",
        "set minimum_samples to 1 to window_length")]
    [TestCase(
        """{ "execution": { "twap": { "slice_count": 0 } } }""",
        "execution.twap.slice_count is 0: it must be 1 to 1000 (slices)")]
    [TestCase(
        """{ "execution": { "on_too_dear": "wait" } }""",
        "execution.on_too_dear is \"wait\": it must be one of cancel, rest")]
    [TestCase(
        """{ "execution": { "replace": { "TWAP": "ADAPTIVE" } } }""",
        "execution: set replace to strategies out of IMMEDIATE, TWAP_5MIN")]
    [TestCase(
        """{ "execution": { "iceberg": { "replenish_threshold_pct": 0.1 } } }""",
        "set replenish_threshold_pct to below the smallest peak")]
    public void ShouldNameWhatIsWrong(string json, string expected) => Assert.That(
        () => Parse(json), Throws.TypeOf<InvalidDataException>().With.Message.Contains(expected));

    [TestCase("""{ "instruments": [] }""", "instruments")]
    [TestCase("""{ "instruments": [ { "id": 1, "symbol": "FDAX", "currency": "EUR" } ] }""", "account.rates.EUR")]
    [TestCase("""{ "instruments": [ { "id": 1, "symbol": "ES", "calendar": "eurex" } ] }""", "calendar")]
    [TestCase(
        """{ "instruments": [ { "id": 1, "symbol": "ES" }, { "id": 1, "symbol": "NQ" } ] }""", "share the id 1")]
    public void ShouldRefuseValuesThatCannotBeUsed(string json, string expected)
    {
        var options = Parse(json);

        Assert.That(() => new StageAssembly(options), Throws.ArgumentException.With.Message.Contains(expected));
    }

    [Test]
    public void ShouldKeepTheOtherKeysWhenOneIsSet()
    {
        var one = Parse("""{ "limits": { "breakers": { "system_load": { "threshold": 0.5 } } } }""").Limits.Breakers;

        Assert.That(one.SystemLoad.Threshold, Is.EqualTo(0.5));
        Assert.That(one.SystemLoad.RecoveryS, Is.EqualTo(120), "the default beside it");
        Assert.That(one.ExecutionFailure.Threshold, Is.EqualTo(0.02));
    }

    [Test]
    public void ShouldLayTheSecondOverTheFirstWhenThereAreTwo()
    {
        var options = PipelineConfiguration.Parse(
            Encoding.UTF8.GetBytes("""
                {
                  "account": { "starting_cash": 5, "rates": { "EUR": 2, "GBP": 3 } },
                  "limits": { "max_position": 200, "kill_switch": { "max_refusals": 7 } },
                  "instruments": [ { "id": 1, "symbol": "ES" } ]
                }
                """),
            Encoding.UTF8.GetBytes("""
                { "limits": { "kill_switch": { "daily_loss_cap": 0.5 } }, "account": { "rates": { "EUR": 4 } } }
                """));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(options.Limits.KillSwitch.DailyLossCap, Is.EqualTo(0.5));
            Assert.That(options.Limits.KillSwitch.MaxRefusals, Is.EqualTo(7));
            Assert.That(options.Limits.MaxPosition, Is.EqualTo(200));
            Assert.That(options.Account.StartingCash, Is.EqualTo(5));
            Assert.That(options.Account.Rates["EUR"], Is.EqualTo(4));
            Assert.That(options.Account.Rates["GBP"], Is.EqualTo(3));
            Assert.That(options.Instruments, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public void ShouldHaveARangeForEveryNumber()
    {
        var keys = new List<string>();
        Collect(typeof(PipelineOptions), "", keys);

        Assert.That(keys, Has.Count.GreaterThan(80));
        Assert.That(keys.Where(static key => KeyRange.Of(key) is null), Is.Empty, "add them to KeyRange.All");
    }

    [Test]
    public void ShouldHaveEveryDefaultInItsRange()
    {
        var options = PipelineConfiguration.Parse(Encoding.UTF8.GetBytes(Smallest));

        foreach (var (key, range) in KeyRange.All)
        {
            var value = ValueOf(options, key);
            if (value is not null)
                Assert.That(range.Has(value.Value), Is.True, $"{key} is {value}, and its range {range}");
        }
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

        var elsewhere = Parse("""
            {
              "host": { "journal": "/there" }, "control": { "port": 1 }, "audit": { "store": { "file": "x" } },
              "log": { "format": "json" }, "instruments": [ { "id": 1, "symbol": "ES", "reference_price": 5 } ]
            }
            """);

        var hash = PipelineConfiguration.HashOf(options).ToString();
        Assert.That(PipelineConfiguration.HashOf(elsewhere).ToString(), Is.EqualTo(hash));
        Assert.That(PipelineConfiguration.HashOf(otherRing).ToString(), Is.EqualTo(hash));
        Assert.That(PipelineConfiguration.HashOf(otherLimit).ToString(), Is.Not.EqualTo(hash));
    }

    private static void Collect(Type type, string path, List<string> keys)
    {
        Type[] numbers = [typeof(int), typeof(long), typeof(uint), typeof(double), typeof(decimal)];
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var key = $"{path}{JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)}";
            var kind = property.PropertyType;
            if (kind.IsGenericType && kind.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
                (key, kind) = ($"{key}.EUR", kind.GetGenericArguments()[1]);
            else if (kind.IsGenericType && kind.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
                (key, kind) = ($"{key}[0]", kind.GetGenericArguments()[0]);

            if (numbers.Contains(kind))
                keys.Add(key);
            else if (kind.Namespace!.StartsWith("ExecutionPipeline", StringComparison.Ordinal) && !kind.IsEnum)
                Collect(kind, $"{key}.", keys);
        }
    }

    private static double? ValueOf(object root, string key)
    {
        object? value = root;
        foreach (var name in key.Split('.'))
        {
            value = value?.GetType().GetProperties()
                .FirstOrDefault(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name) == name)
                ?.GetValue(value);
        }

        return value is null ? null : Convert.ToDouble(value, CultureInfo.InvariantCulture);
    }

    private static PipelineOptions Parse(string json) => PipelineConfiguration.Parse(Encoding.UTF8.GetBytes(json));
}
