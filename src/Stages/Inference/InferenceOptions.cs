using ExecutionPipeline.Stages.Inference.Sampling;
using ExecutionPipeline.Stages.Inference.Sizing;
using ExecutionPipeline.Stages.Inference.Swap;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>
/// How decisions are taken from the policies' outputs (requirement document, section 2.3.3). The defaults take the
/// likeliest of everything.
/// </summary>
public sealed class InferenceOptions
{
    private const double MultiplierMin = 0.5;
    private const double MultiplierMax = 2.0;

    /// <summary>How size and strategy are chosen. Default greedy.</summary>
    public ActionChoice Actions { get; init; }

    /// <summary>How stop and target are chosen. Default their mean.</summary>
    public BracketChoice Brackets { get; init; }

    /// <summary>Of all draws, at least 0. Default 42.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Standard deviation of a drawn stop, in ATR multiples, [0, 2.5]. Default 0.1.</summary>
    public double StopDeviationAtr { get; init; } = 0.1;

    /// <summary>Standard deviation of a drawn target, in ATR multiples, [0, 4]. Default 0.2.</summary>
    public double TargetDeviationAtr { get; init; } = 0.2;

    /// <summary>
    /// What the policies see of a signal's urgency is multiplied by it, up to 1; [0.5, 2]. Default 1: as it is.
    /// </summary>
    public double UrgencyMultiplier { get; init; } = 1;

    /// <summary>
    /// Contracts that one unit of a chosen size stands for, such as the 100 shares of a round lot, 1 to 100,000.
    /// Default 1.
    /// </summary>
    public int ContractsPerUnit { get; init; } = 1;

    /// <summary>
    /// Widens the stop and narrows the target, within their ranges: stop * t, target * (3 - t) / 2; [0.5, 2].
    /// Default 1: both as they are.
    /// </summary>
    public double RiskTolerance { get; init; } = 1;

    /// <summary>
    /// Age since it was sent at which a signal is not left to the models, in us, at least 0. Default 0: none.
    /// </summary>
    public int DeadlineUs { get; init; }

    /// <summary>
    /// Mean time of a decision above which the backend is slow, in us, at least 0; 0: never. Default 200
    /// (appendix B.1).
    /// </summary>
    public int SlowBackendUs { get; init; } = 200;

    /// <summary>How often one signal tries a slow backend, in ms, at least 1. Default 100.</summary>
    public int RetryMs { get; init; } = 100;

    /// <summary>What becomes of signals beyond the deadline or while the backend is slow. Default rules.</summary>
    public LateChoice Late { get; init; }

    /// <summary>The bound that the Kelly criterion sets to sizes.</summary>
    public SizingGuardOptions SizingGuard { get; init; } = new();

    /// <summary>When a canary is rolled back.</summary>
    public CanaryOptions Canary { get; init; } = new();

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        Canary.Validate();
        if (Seed < 0)
            throw new ArgumentException("inference: set Seed to 0 or more.");
        if (StopDeviationAtr is not (>= 0 and <= PolicyBounds.StopLossMax - PolicyBounds.StopLossMin))
            throw new ArgumentException("inference: set StopDeviationAtr to 0 to 2.5 ATR.");
        if (TargetDeviationAtr is not (>= 0 and <= PolicyBounds.TakeProfitMax - PolicyBounds.TakeProfitMin))
            throw new ArgumentException("inference: set TargetDeviationAtr to 0 to 4 ATR.");
        if (UrgencyMultiplier is not (>= MultiplierMin and <= MultiplierMax))
            throw new ArgumentException("inference: set UrgencyMultiplier to 0.5 to 2.");
        if (ContractsPerUnit is < 1 or > 100_000)
            throw new ArgumentException("inference: set ContractsPerUnit to 1 to 100,000.");
        if (RiskTolerance is not (>= MultiplierMin and <= MultiplierMax))
            throw new ArgumentException("inference: set RiskTolerance to 0.5 to 2.");
        if (DeadlineUs < 0)
            throw new ArgumentException("inference: set DeadlineUs to 0 or more.");
        if (SlowBackendUs < 0)
            throw new ArgumentException("inference: set SlowBackendUs to 0 or more.");
        if (RetryMs < 1)
            throw new ArgumentException("inference: set RetryMs to 1 or more.");
        SizingGuard.Validate();
    }
}
