using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Training.Teacher;

/// <summary>
/// Contexts and what the teacher makes of them, as matrices. Filled again and again without allocating.
/// </summary>
internal sealed class TeacherBatch
{
    private readonly ContextSampler _sampler;
    private readonly RuleBasedPolicy _teacher;

    public TeacherBatch(ContextSampler sampler, RuleBasedPolicy teacher, int rows)
    {
        _sampler = sampler;
        _teacher = teacher;
        Rows = rows;
        Contexts = new float[rows * ContextFeatures.Count];
        Targets =
        [
            new float[rows * PolicyOutputs.SizeCount],
            new float[rows * PolicyOutputs.StrategyCount],
            new float[rows * (PolicyOutputs.Count - PolicyOutputs.StopLossOffset)],
        ];
    }

    public int Rows { get; }

    /// <summary>[rows, 15].</summary>
    public float[] Contexts { get; }

    /// <summary>[rows, outputs] for each actor, in the order of the ring event.</summary>
    public float[][] Targets { get; }

    public void Draw()
    {
        var features = default(ContextFeatures);
        var outputs = default(PolicyOutputs);
        for (var row = 0; row < Rows; row++)
        {
            _sampler.Next(ref features);
            _teacher.Run(in features, ref outputs);
            ((ReadOnlySpan<float>)features)[..ContextFeatures.Count]
                .CopyTo(Contexts.AsSpan(row * ContextFeatures.Count));
            var offset = 0;
            foreach (var target in Targets)
            {
                var columns = target.Length / Rows;
                ((ReadOnlySpan<float>)outputs).Slice(offset, columns).CopyTo(target.AsSpan(row * columns));
                offset += columns;
            }
        }
    }
}

/// <summary>
/// Draws contexts to fit and to validate models on: an E-mini S&amp;P 500 future in ordinary and in rough hours, with
/// an account anywhere from idle to at its limits, and a share of contexts with single features far out.
/// </summary>
public sealed class ContextSampler
{
    private const double ExtremeContexts = 0.1;
    private const double ExtremeFeatures = 0.25;
    private Xoshiro256 _random;

    /// <param name="seed">Any number.</param>
    /// <param name="stream">Contexts of different streams of one seed have nothing to do with each other.</param>
    public ContextSampler(long seed, int stream) => _random = new Xoshiro256(seed, stream);

    /// <summary>Overwrites all features.</summary>
    public void Next(ref ContextFeatures features)
    {
        features = default;
        DrawSignal(ref features);
        DrawMarket(ref features);
        DrawAccount(ref features);
        if (_random.IsHit(ExtremeContexts)) Exaggerate(ref features);
    }

    private void DrawSignal(ref ContextFeatures features)
    {
        var kind = _random.NextUnit();
        features[Feature.DecisionDirection] = kind < 0.45 ? 1f : kind < 0.9 ? -1f : 0f;
        features[Feature.DecisionConfidence] =
            (float)(_random.IsHit(0.85) ? _random.NextBetween(0.5, 0.95) : _random.NextUnit());
        features[Feature.SynergyStrength] = (float)_random.NextUnit();
        features[Feature.UrgencyFactor] = (float)_random.NextUnit();

        // Mostly the microseconds of a transport, at times the seconds of a queue.
        features[Feature.TimeSinceSignal] = (float)(_random.IsHit(0.8)
            ? _random.NextLogBetween(1e-5, 0.05)
            : _random.NextLogBetween(0.05, 60.0));
        features[Feature.MarketSessionPct] = (float)_random.NextUnit();
    }

    private void DrawMarket(ref ContextFeatures features)
    {
        features[Feature.BidAskSpreadBps] = (float)_random.NextLogBetween(0.3, 3.0);
        features[Feature.OrderBookDepth] = (float)_random.NextLogBetween(0.1, 3.0);
        features[Feature.RecentVolumeIntensity] = (float)_random.NextLogBetween(0.1, 4.0);
        features[Feature.PriceVolatility1Min] = (float)_random.NextLogBetween(0.00002, 0.01);
    }

    private void DrawAccount(ref ContextFeatures features)
    {
        var limit = _random.IsHit(0.8) ? 10 : 100;
        var position = _random.IsHit(0.25) ? 0.0 : Math.Round(_random.NextBetween(-limit, limit));
        var use = Math.Abs(position) / limit;
        features[Feature.CurrentPosition] = (float)position;
        features[Feature.MaxPositionPct] = (float)use;
        features[Feature.VarUtilization] =
            (float)(_random.IsHit(0.5) ? use * _random.NextBetween(0.3, 1.2) : _random.NextBetween(0.0, 1.2));
        features[Feature.AvailableMargin] =
            (float)(_random.IsHit(0.5) ? _random.NextBetween(0.6, 1.0) : _random.NextUnit());
        features[Feature.UnrealizedPnlPct] =
            (float)(_random.IsHit(0.7) ? _random.NextBetween(-0.01, 0.01) : _random.NextBetween(-0.05, 0.05));
    }

    private void Exaggerate(ref ContextFeatures features)
    {
        for (var i = 1; i < ContextFeatures.Count; i++)
        {
            if (!_random.IsHit(ExtremeFeatures)) continue;
            var (low, high) = ExtremesOf(i);
            var isInside = _random.IsHit(0.5);
            features[i] = (float)(isInside ? _random.NextBetween(low, high) : _random.IsHit(0.5) ? low : high);
        }
    }

    // What the edge admits at the utmost, or what a market or an account could show on its worst day.
    private static (double Low, double High) ExtremesOf(int feature) => feature switch
    {
        Feature.BidAskSpreadBps => (0.0, 50.0),
        Feature.OrderBookDepth => (0.0, 10.0),
        Feature.RecentVolumeIntensity => (0.0, 10.0),
        Feature.PriceVolatility1Min => (0.0, 0.05),
        Feature.CurrentPosition => (-200.0, 200.0),
        Feature.AvailableMargin => (0.0, 1.5),
        Feature.UnrealizedPnlPct => (-0.2, 0.2),
        Feature.VarUtilization => (0.0, 2.0),
        Feature.MaxPositionPct => (0.0, 2.0),
        Feature.TimeSinceSignal => (0.0, 600.0),
        _ => (0.0, 1.0),
    };
}
