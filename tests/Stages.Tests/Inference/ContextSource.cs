using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Tests.Inference;

/// <summary>
/// Random contexts within and beyond what the edge admits. Prints its seed; XP_TEST_SEED sets it.
/// </summary>
internal sealed class ContextSource
{
    private static readonly (float Low, float High)[] Ranges =
    [
        (-1, 1), (0, 1), (0, 1), (0, 1), (0, 5), (0, 4), (0, 5), (0, 0.02f), (-100, 100), (0, 1), (-0.05f, 0.05f),
        (0, 1.2f), (0, 1.2f), (0, 60), (0, 1),
    ];

    private readonly Random _random;

    public ContextSource() => _random = TestSeed.NewRandom();

    public ContextFeatures Next()
    {
        var features = default(ContextFeatures);
        for (var i = 0; i < ContextFeatures.Count; i++)
        {
            var (low, high) = Ranges[i];
            features[i] = _random.Next(20) switch
            {
                0 => low,
                1 => high,
                2 => low + 20f * (high - low) * _random.NextSingle(),
                _ => low + (high - low) * _random.NextSingle(),
            };
        }

        features[Feature.DecisionDirection] = _random.Next(3) - 1;
        return features;
    }

    /// <summary>A confident long signal in a calm market for an account with nothing at risk.</summary>
    public static ContextFeatures Calm()
    {
        var features = default(ContextFeatures);
        features[Feature.DecisionDirection] = 1f;
        features[Feature.DecisionConfidence] = 0.75f;
        features[Feature.SynergyStrength] = 0.5f;
        features[Feature.UrgencyFactor] = 0.5f;
        features[Feature.BidAskSpreadBps] = 0.52f;
        features[Feature.OrderBookDepth] = 1f;
        features[Feature.RecentVolumeIntensity] = 1f;
        features[Feature.PriceVolatility1Min] = 0.0003f;
        features[Feature.AvailableMargin] = 0.9f;
        features[Feature.MarketSessionPct] = 0.5f;
        return features;
    }

    /// <summary>
    /// Signals of the demo's mix: <see cref="Calm"/> with a direction and a confidence in [0.5, 0.95).
    /// </summary>
    public ContextFeatures NextCalmSignal()
    {
        var features = Calm();
        features[Feature.DecisionDirection] = _random.Next(2) * 2 - 1;
        features[Feature.DecisionConfidence] = 0.5f + 0.45f * _random.NextSingle();
        features[Feature.SynergyStrength] = _random.NextSingle();
        features[Feature.UrgencyFactor] = _random.NextSingle();
        return features;
    }
}
