using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Inference.Swap;

/// <summary>
/// A canary and the models that it runs beside, on the same signals. One thread counts; others may read at any time.
/// </summary>
public sealed class CanaryFigures
{
    private long _contractsDifference;
    private long _candidateNs;
    private long _incumbentNs;
    private long _timed;

    /// <summary>Of the canary.</summary>
    public required ulong Version { get; init; }

    /// <summary>Share of the signals that it is asked for, in basis points.</summary>
    public required int ShareBps { get; init; }

    public CanaryState State { get; internal set; }

    /// <summary>Signals that the canary was asked for.</summary>
    public long Decisions { get; private set; }

    /// <summary>Signals of the same time that the models beside it decided alone.</summary>
    public long Others { get; private set; }

    /// <summary>Of <see cref="Decisions"/>: those with no valid answer, decided by the models beside it.</summary>
    public long Invalid { get; private set; }

    /// <summary>Of <see cref="Decisions"/>: those where the likeliest size or strategy differs.</summary>
    public long Disagreements { get; private set; }

    /// <summary>Mean of the canary's likeliest size less the other's, in contracts; 0 before there is one.</summary>
    public double MeanSizeDifference => MeanOf(_contractsDifference, Decisions - Invalid);

    /// <summary>Mean time of a run of the canary in this process, in nanoseconds. Of no decision's making.</summary>
    public double CandidateMeanNs => MeanOf(_candidateNs, _timed);

    /// <summary>Mean time of a run of the models beside it, on the same signals, in nanoseconds.</summary>
    public double IncumbentMeanNs => MeanOf(_incumbentNs, _timed);

    /// <summary>One line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"canary {Version:x16} {State}: {Decisions} decisions, {Others} others, {Disagreements} disagreements, ")
        + FormattableString.Invariant($"{Invalid} invalid, size {MeanSizeDifference:+0.###;-0.###;0} contracts, ")
        + FormattableString.Invariant($"{CandidateMeanNs:0} ns beside {IncumbentMeanNs:0} ns");

    /// <summary>
    /// Passes the figures of a canary, if there are any. How long runs took is no state: a replay takes other times.
    /// </summary>
    /// <returns>What there is then.</returns>
    internal static CanaryFigures? Transfer(CanaryFigures? figures, StateStream state)
    {
        var (isThere, version, shareBps) =
            state.Next((figures is not null, figures?.Version ?? 0, figures?.ShareBps ?? 0));
        if (!isThere)
            return null;

        var passed = state.IsReading || figures is null
            ? new CanaryFigures { Version = version, ShareBps = shareBps }
            : figures;
        passed.State = state.Next(passed.State);
        passed.Decisions = state.Next(passed.Decisions);
        passed.Others = state.Next(passed.Others);
        passed.Invalid = state.Next(passed.Invalid);
        passed.Disagreements = state.Next(passed.Disagreements);
        state.Value(ref passed._contractsDifference);
        return passed;
    }

    internal void AddOther() => Others++;

    internal void AddInvalid()
    {
        Decisions++;
        Invalid++;
        Disagreements++;
    }

    internal void AddTimes(long candidateNs, long incumbentNs)
    {
        _timed++;
        _candidateNs += candidateNs;
        _incumbentNs += incumbentNs;
    }

    internal void Add(in PolicyOutputs candidate, in PolicyOutputs incumbent)
    {
        var size = PolicyBounds.ArgMax(in candidate, PolicyOutputs.SizeOffset, PolicyOutputs.SizeCount);
        var other = PolicyBounds.ArgMax(in incumbent, PolicyOutputs.SizeOffset, PolicyOutputs.SizeCount);
        Decisions++;
        _contractsDifference += SizeActions.ContractsOf(size) - SizeActions.ContractsOf(other);
        if (size != other || StrategyOf(in candidate) != StrategyOf(in incumbent)) Disagreements++;
    }

    private static int StrategyOf(in PolicyOutputs outputs) =>
        PolicyBounds.ArgMax(in outputs, PolicyOutputs.StrategyOffset, PolicyOutputs.StrategyCount);

    private static double MeanOf(long sum, long count) => count == 0 ? 0 : (double)sum / count;
}

/// <summary>When a canary is rolled back without anybody asking.</summary>
public sealed class CanaryOptions
{
    /// <summary>Decisions before agreement is looked at, at least 1. Default 100.</summary>
    public int MinDecisions { get; init; } = 100;

    /// <summary>Largest share of decisions whose size or strategy differs, [0, 1]. Default 0.2.</summary>
    public double MaxDisagreement { get; init; } = 0.2;

    /// <summary>Answers out of bounds or not finite that are let pass, at least 0. Default 0.</summary>
    public int MaxInvalid { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        if (MinDecisions < 1)
            throw new ArgumentException("inference: set Canary.MinDecisions to 1 or more.");
        if (MaxDisagreement is not (>= 0 and <= 1))
            throw new ArgumentException("inference: set Canary.MaxDisagreement to 0 to 1.");
        if (MaxInvalid < 0)
            throw new ArgumentException("inference: set Canary.MaxInvalid to 0 or more.");
    }
}
