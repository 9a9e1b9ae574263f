using ExecutionPipeline.Execution.Limits;

namespace ExecutionPipeline.Execution.Tests.Limits;

/// <summary>Each limit's first and last value that is taken, and the next one, which is refused by name.</summary>
[TestFixture]
public class LimitRangeTests
{
    private const double Nan = double.NaN;
    private const double Infinite = double.PositiveInfinity;

    private static readonly (string Name, Func<double, RiskLimits> Of, double[] Taken, double[] Refused)[] Rows =
    [
        ("MaxPosition", static v => new() { MaxPosition = (int)v }, [1], [0, -1]),
        ("MaxNotional", static v => new() { MaxNotional = (decimal)v }, [1e-6, 1e12], [0, -1, 1e12 + 1]),
        ("MaxOrderValue", static v => new() { MaxOrderValue = (decimal)v }, [1e-6, 1e12], [0, -1, 1e12 + 1]),
        ("MaxDailyVar", static v => new() { MaxDailyVar = v }, [1e-9], [0, -1, Nan, Infinite]),
        ("MaxWeeklyVar", static v => new() { MaxWeeklyVar = v }, [1e-9], [0, -1, Nan, Infinite]),
        ("MaxShortfall", static v => new() { MaxShortfall = v }, [1e-9], [0, -1, Nan, Infinite]),
        ("MaxPositionShare", static v => new() { MaxPositionShare = v }, [1e-9], [0, -1, Nan, Infinite]),
        ("MaxSectorShare", static v => new() { MaxSectorShare = v }, [1e-9], [0, -1, Nan, Infinite]),
        ("MaxMarginShare", static v => new() { MaxMarginShare = v }, [1e-9], [0, -1, Nan, Infinite]),
        ("VolatilityDecay", static v => new() { VolatilityDecay = v }, [1e-9, 0.999999], [0, 1, Nan]),
        ("PriceCollar", static v => new() { PriceCollar = v }, [1e-9], [0, -1, Nan, Infinite]),
        ("VarConfidence", static v => new() { VarConfidence = v }, [0.500001, 0.999999], [0.5, 1, Nan]),
        ("ShortfallConfidence", static v => new() { ShortfallConfidence = v }, [0.500001, 0.999999], [0.5, 1, Nan]),
        ("MaxDailyDrawdown", static v => new() { MaxDailyDrawdown = v }, [1e-9, 1], [0, 1.000001, Nan]),
        ("MaxWeeklyDrawdown", static v => new() { MaxWeeklyDrawdown = v }, [1e-9, 1], [0, 1.000001, Nan]),
        ("MaxCorrelation", static v => new() { MaxCorrelation = v }, [0, 1], [-0.000001, 1.000001, Nan]),
        ("MaxOpenPositions", static v => new() { MaxOpenPositions = (int)v }, [1], [0]),
        ("MaxDailyTrades", static v => new() { MaxDailyTrades = (int)v }, [1], [0]),
        ("MaxOrdersPerSecond", WithRate, [1, 10_000_000], [0, 10_000_001]),
        ("MaxOrderSize", static v => new() { MaxOrderSize = (int)v }, [1], [0]),
        ("MinOrderSize", static v => new() { MinOrderSize = (int)v, MaxOrderSize = 5 }, [1, 5], [0, 6]),
        ("MaxSignalAgeMs", static v => new() { MaxSignalAgeMs = (int)v }, [0], [-1]),
        ("MaxMarketAgeMs", static v => new() { MaxMarketAgeMs = (int)v }, [0], [-1]),
        ("SignalIdsRemembered", static v => new() { SignalIdsRemembered = (int)v }, [1, 16_777_216], [0, 16_777_217]),
        ("DailyLossCap", static v => Kill(new() { DailyLossCap = v }), [1e-9, 1], [0, 1.000001, Nan]),
        ("MaxRefusals", static v => Kill(new() { MaxRefusals = (int)v }), [0, 65_536], [-1, 65_537]),
        ("RefusalWindowMs", static v => Kill(new() { RefusalWindowMs = (int)v }), [1], [0]),
        ("MarketVolatility.Threshold", static v => Breakers(new() { MarketVolatility = Limit(v) }), [1e-9], [0, Nan]),
        ("ExecutionFailure.Threshold", static v => Breakers(new() { ExecutionFailure = Limit(v) }), [1e-9], [0, Nan]),
        ("VenueUnavailability.Threshold", static v => Breakers(new() { VenueUnavailability = Limit(v) }), [1], [0]),
        ("SystemLoad.Threshold", static v => Breakers(new() { SystemLoad = Limit(v) }), [1e-9], [0, -1]),
        ("UnansweredOrder.Threshold", static v => Breakers(new() { UnansweredOrder = Limit(v) }),
            [1e-9, 604_800], [0, 604_800.001]),
        ("SystemLoad.RecoveryS", static v => Breakers(new() { SystemLoad = Limit(1, (int)v) }),
            [1, 86_400], [0, 86_401]),
        ("WindowLength", static v => Breakers(new() { WindowLength = (int)v, MinimumSamples = 1 }),
            [1, 65_536], [0, 65_537]),
        ("MinimumSamples", static v => Breakers(new() { MinimumSamples = (int)v, WindowLength = 9 }), [1, 9], [0, 10]),
        ("LateSignalMs", static v => Breakers(new() { LateSignalMs = (int)v }), [1], [0]),
        ("Probes", static v => Breakers(new() { Probes = (int)v }), [1], [0]),
        ("ThrottledOrdersPerSecond", static v => Breakers(new() { ThrottledOrdersPerSecond = (int)v }),
            [1, 1_000], [0, 1_001]),
    ];

    private static IEnumerable<TestCaseData> Taken() => Rows.SelectMany(static row =>
        row.Taken.Select(v => new TestCaseData(row.Of(v)).SetArgDisplayNames(row.Name, $"{v}")));

    private static IEnumerable<TestCaseData> Refused() => Rows.SelectMany(static row =>
        row.Refused.Select(v => new TestCaseData(row.Of(v), row.Name).SetArgDisplayNames(row.Name, $"{v}")));

    [TestCaseSource(nameof(Taken))]
    public void ShouldTakeALimitWhenItIsAtItsBound(RiskLimits limits) =>
        Assert.That(limits.Validate, Throws.Nothing);

    [TestCaseSource(nameof(Refused))]
    public void ShouldSayWhatToSetWhenALimitIsBeyondItsBound(RiskLimits limits, string name) => Assert.That(
        limits.Validate,
        Throws.ArgumentException.With.Message.Match($"^[a-z ]+: set {name} to [a-z0-9].*[a-z0-9\\])]\\.$"));

    [Test]
    public void ShouldTakeTheDefaultsWhenNothingIsSet()
    {
        Assert.That(new RiskLimits().Validate, Throws.Nothing);
        Assert.That(new RiskLimits().KillSwitch.TripsOnPositionBreach, Is.True);
    }

    [Test]
    public void ShouldKnowEachBreakersLimitByItsKind()
    {
        var options = new BreakerOptions();
        Assert.That(
            Enum.GetValues<Messages.Events.BreakerKind>().Select(options.LimitOf).Select(static l => l.RecoveryS),
            Is.EqualTo(new[] { 300, 180, 600, 120, 60 }));
        Assert.That(
            Enum.GetValues<Messages.Events.BreakerKind>().Select(options.LimitOf).Select(static l => l.Threshold),
            Is.EqualTo(new[] { 0.05, 0.02, 0.10, 0.90, 5 }));
    }

    private static RiskLimits WithRate(double rate) => new()
    {
        MaxOrdersPerSecond = (int)rate,
        Breakers = new() { ThrottledOrdersPerSecond = 1 },
    };

    private static RiskLimits Kill(KillSwitchOptions options) => new() { KillSwitch = options };

    private static RiskLimits Breakers(BreakerOptions options) => new() { Breakers = options };

    private static BreakerLimit Limit(double threshold, int recoveryS = 1) =>
        new() { Threshold = threshold, RecoveryS = recoveryS };
}
