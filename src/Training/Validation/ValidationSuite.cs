using System.Diagnostics;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Training.Teacher;

namespace ExecutionPipeline.Training.Validation;

/// <summary>
/// Measures an opened policy: how long a run takes, how near it is to the teacher on contexts that nobody fitted to,
/// and whether it keeps its bounds there and on extreme inputs.
/// </summary>
public sealed class ValidationSuite
{
    private const int ValidationStream = 3;
    private const int WarmUpRuns = 1_000;
    private readonly IPolicyBackend _backend;
    private readonly ModelValidation _claimed;
    private readonly ValidationOptions _options;
    private readonly CancellationToken _cancel;
    private long _notFinite;
    private long _outOfBounds;

    private ValidationSuite(
        IPolicyBackend backend, ModelValidation claimed, ValidationOptions options, CancellationToken cancel)
    {
        _cancel = cancel;
        _backend = backend;
        _claimed = claimed;
        _options = options;
    }

    /// <summary>Runs every check on the calling thread.</summary>
    /// <param name="backend">What is measured.</param>
    /// <param name="claimed">What its manifest says that it was measured at.</param>
    /// <param name="options">Limits.</param>
    /// <param name="cancel">Ends the checks between two runs.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was.</exception>
    public static IReadOnlyList<ValidationCheck> Run(
        IPolicyBackend backend, ModelValidation claimed, ValidationOptions options, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(claimed);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new ValidationSuite(backend, claimed, options, cancel).Run();
    }

    private List<ValidationCheck> Run()
    {
        var checks = new List<ValidationCheck>
        {
            new("latency, median", MedianNs(), _options.LatencyMaxNs, IsLeast: false, "ns"),
        };
        checks.AddRange(CheckAccuracy());
        CheckExtremes();
        checks.Add(new("stability: contexts without finite outputs", _notFinite, 0, IsLeast: false, "contexts"));
        checks.Add(new("safety: contexts with outputs out of bounds", _outOfBounds, 0, IsLeast: false, "contexts"));
        return checks;
    }

    private double MedianNs()
    {
        var outputs = default(PolicyOutputs);
        var ticks = new long[_options.LatencyRuns];
        for (var i = -WarmUpRuns; i < ticks.Length; i++)
        {
            _cancel.ThrowIfCancellationRequested();
            var features = PolicyParity.Context(i & 0xFF);
            var start = Stopwatch.GetTimestamp();
            _backend.Run(in features, ref outputs);
            var elapsed = Stopwatch.GetTimestamp() - start;
            if (i >= 0) ticks[i] = elapsed;
        }

        Array.Sort(ticks);
        return ticks[ticks.Length / 2] * (1e9 / Stopwatch.Frequency);
    }

    private IEnumerable<ValidationCheck> CheckAccuracy()
    {
        var sampler = new ContextSampler(_options.Seed, ValidationStream);
        var teacher = new RuleBasedPolicy(new RuleBasedPolicyOptions());
        ContextFeatures features = default;
        PolicyOutputs expected = default, found = default;
        double sizes = 0, strategies = 0, stopErrors = 0, targetErrors = 0;
        for (var i = 0; i < _options.Contexts; i++)
        {
            sampler.Next(ref features);
            teacher.Run(in features, ref expected);
            Observe(in features, ref found);
            if (IsSame(in expected, in found, PolicyOutputs.SizeOffset, PolicyOutputs.SizeCount)) sizes++;
            if (IsSame(in expected, in found, PolicyOutputs.StrategyOffset, PolicyOutputs.StrategyCount)) strategies++;
            stopErrors += Math.Abs(expected[PolicyOutputs.StopLossOffset] - found[PolicyOutputs.StopLossOffset]);
            targetErrors +=
                Math.Abs(expected[PolicyOutputs.TakeProfitOffset] - found[PolicyOutputs.TakeProfitOffset]);
        }

        sizes /= _options.Contexts;
        strategies /= _options.Contexts;
        return
        [
            Least("accuracy of size", sizes, _claimed.Size.Accuracy - _options.AccuracyTolerance),
            Least("accuracy of strategy", strategies, _claimed.Strategy.Accuracy - _options.AccuracyTolerance),
            Error("error of stop, mean", stopErrors, _claimed.Brackets.StopMeanAbsoluteErrorAtr),
            Error("error of target, mean", targetErrors, _claimed.Brackets.TargetMeanAbsoluteErrorAtr),
            Least("performance gate: lower accuracy", Math.Min(sizes, strategies), _options.PerformanceGate),
        ];
    }

    private void CheckExtremes()
    {
        var outputs = default(PolicyOutputs);
        for (var i = 0; i < PolicyParity.Contexts; i++)
        {
            var features = PolicyParity.Context(i);
            Observe(in features, ref outputs);
        }
    }

    private void Observe(ref readonly ContextFeatures features, ref PolicyOutputs outputs)
    {
        _cancel.ThrowIfCancellationRequested();

        // What an earlier context left there must not pass for an answer to this one.
        ((Span<float>)outputs).Fill(float.NaN);
        _backend.Run(in features, ref outputs);
        foreach (var value in (ReadOnlySpan<float>)outputs)
        {
            if (float.IsFinite(value)) continue;
            _notFinite++;
            break;
        }

        if (!PolicyBounds.IsValid(in outputs)) _outOfBounds++;
    }

    private ValidationCheck Error(string name, double sumAtr, double claimedAtr) =>
        new(name, sumAtr / _options.Contexts, claimedAtr + _options.ErrorToleranceAtr, IsLeast: false, "ATR");

    private static ValidationCheck Least(string name, double value, double limit) =>
        new(name, value, limit, IsLeast: true, "of contexts");

    private static bool IsSame(in PolicyOutputs expected, in PolicyOutputs found, int offset, int count) =>
        PolicyBounds.ArgMax(in expected, offset, count) == PolicyBounds.ArgMax(in found, offset, count);
}

/// <summary>What models must show before they may decide.</summary>
public sealed class ValidationOptions
{
    /// <summary>Timed runs, at least 1. Default 10,000.</summary>
    public int LatencyRuns { get; init; } = 10_000;

    /// <summary>Largest median of a run, in nanoseconds. Default 200,000: the document's for inference.</summary>
    public double LatencyMaxNs { get; init; } = 200_000;

    /// <summary>Contexts of the validation set, at least 1. Default 20,000.</summary>
    public int Contexts { get; init; } = 20_000;

    /// <summary>Decides the contexts, which are others than those that models are fitted to. Default 7.</summary>
    public long Seed { get; init; } = 7;

    /// <summary>How far an accuracy may be below the manifest's, [0, 1]. Default 0.01.</summary>
    public double AccuracyTolerance { get; init; } = 0.01;

    /// <summary>How far a mean error may be above the manifest's, in ATR multiples. Default 0.01.</summary>
    public double ErrorToleranceAtr { get; init; } = 0.01;

    /// <summary>The least that each actor's accuracy must be, [0, 1]. Default 0.75, the document's.</summary>
    public double PerformanceGate { get; init; } = 0.75;

    /// <exception cref="ArgumentException">A parameter is out of its range; the message says what to set.</exception>
    public void Validate()
    {
        if (LatencyRuns < 1 || Contexts < 1)
            throw new ArgumentException("validation: set LatencyRuns and Contexts to 1 or more.");
        if (LatencyMaxNs is not (> 0 and < double.PositiveInfinity))
            throw new ArgumentException("validation: set LatencyMaxNs above 0 ns.");
        if (AccuracyTolerance is not (>= 0 and <= 1) || PerformanceGate is not (>= 0 and <= 1))
            throw new ArgumentException("validation: set AccuracyTolerance and PerformanceGate to 0 to 1.");
        if (ErrorToleranceAtr is not (>= 0 and < double.PositiveInfinity))
            throw new ArgumentException("validation: set ErrorToleranceAtr to 0 ATR or more.");
    }
}

/// <summary>One thing that was measured, and what it had to be.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">What came out; NaN is never enough.</param>
/// <param name="Limit">The least or the most that it may be.</param>
/// <param name="IsLeast">The limit is the least, and not the most.</param>
/// <param name="Unit">Of both.</param>
public sealed record ValidationCheck(string Name, double Value, double Limit, bool IsLeast, string Unit)
{
    public bool IsPassed => IsLeast ? Value >= Limit : Value <= Limit;
}
