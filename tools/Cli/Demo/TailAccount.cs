using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>A time in which a thread that signals need had no processor, or was interrupted.</summary>
/// <param name="FromNs">Its begin, in nanoseconds since the Unix epoch, UTC.</param>
/// <param name="ToNs">Its end.</param>
/// <param name="Cause">Who had what of whom, in words.</param>
public readonly record struct ProcessorGap(long FromNs, long ToNs, string Cause);

/// <summary>A moment at which such a thread touched a page that was not there.</summary>
/// <param name="AtNs">In nanoseconds since the Unix epoch, UTC.</param>
/// <param name="Cause">Whose, in words.</param>
public readonly record struct PageTouch(long AtNs, string Cause);

/// <summary>What the kernel's record tells.</summary>
internal enum TailKnowledge
{
    /// <summary>It could not be had.</summary>
    Nothing,

    /// <summary>Who had the processors, and page faults.</summary>
    Switches,

    /// <summary>Interrupts, too.</summary>
    SwitchesAndInterrupts,
}

/// <summary>
/// Ties each slow signal to one cause. What explains at least half of what it took above the median is the cause: a
/// time without a processor, an interrupt among them, or the wait for the signal before it, the longer of the two.
/// Where neither does, it is a page fault or a garbage collection within its time, or the stream's next term where the
/// signal is the first in one and sender or transport took the time. Where there was none of these, it is nothing that
/// the kernel's record tells of: the hypervisor, or the code itself, and what is named is the part in which the most
/// was lost. So it is where the kernel's record could not be had, and nothing is claimed of it then.
/// </summary>
/// <param name="typical">The median of each part, in nanoseconds.</param>
/// <param name="gaps">In the order of their ends.</param>
/// <param name="touches">In the order of time.</param>
/// <param name="knowledge">What gaps and touches were taken from.</param>
internal sealed class TailAccount(
    LatencyReadings typical,
    IReadOnlyList<ProcessorGap> gaps,
    IReadOnlyList<PageTouch> touches,
    TailKnowledge knowledge)
{
    private readonly long[] _gapEnds = [.. gaps.Select(static gap => gap.ToNs)];
    private readonly long[] _touchTimes = [.. touches.Select(static touch => touch.AtNs)];
    private readonly Dictionary<string, List<long>> _latencies = [];
    private int _collections;

    /// <summary>
    /// Signals that one term of their stream holds, where all are of one length and the stream began with the first; 0:
    /// not known.
    /// </summary>
    public int SignalsPerTerm { get; init; }

    /// <summary>Signals that were looked at, with their causes.</summary>
    public IReadOnlyList<TailCause> Of(ReadOnlySpan<SlowSignal> signals, int collectionsBefore)
    {
        _collections = collectionsBefore;
        foreach (ref readonly var signal in signals)
        {
            var cause = CauseOf(in signal);
            if (!_latencies.TryGetValue(cause, out var latencies))
                _latencies.Add(cause, latencies = []);
            latencies.Add(signal.LatencyNs);
        }

        return
        [
            .. _latencies.Select(static pair => Summarise(pair.Key, pair.Value))
                .OrderByDescending(static cause => cause.Signals)
                .ThenByDescending(static cause => cause.MaxNs),
        ];
    }

    private static TailCause Summarise(string cause, List<long> latencies)
    {
        latencies.Sort();
        return new TailCause(cause, latencies.Count, latencies[(latencies.Count - 1) / 2], latencies[^1]);
    }

    private string CauseOf(ref readonly SlowSignal signal)
    {
        var hadCollection = signal.Collections > _collections;
        _collections = signal.Collections;
        var aboveNs = signal.LatencyNs - typical[(int)LatencyPart.EndToEnd];
        if (aboveNs <= 0)
            return "nothing: half of all signals take as long";

        var (gapNs, gapCause) = LongestGap(signal.IntendedNs, signal.DoneNs);
        var queuedNs = signal.PreviousDoneNs - signal.IntendedNs;
        if (Math.Max(gapNs, queuedNs) * 2 >= aboveNs)
            return gapNs >= queuedNs ? gapCause : "the signal before it was not through";

        if (TouchIn(signal.IntendedNs, signal.DoneNs) is { } touch)
            return touch;

        if (hadCollection)
            return "a garbage collection";

        var part = PartOf(in signal);
        if (part is LatencyPart.Sender or LatencyPart.Transport && IsFirstOfNextTerm(signal.Number))
            return "the stream of signals went on in its next term";

        var known = knowledge == TailKnowledge.Nothing ? "not known"
            : gapNs > 0 ? "less than half of it without a processor, the rest not known"
            : knowledge == TailKnowledge.Switches ? "no switch and no fault: an interrupt, the hypervisor or the code"
            : "no switch, no fault and no interrupt: the hypervisor or the code";
        return $"{known}, in {ReportNames.Words(ReportNames.KeyOf(part))}";
    }

    private bool IsFirstOfNextTerm(long number) =>
        SignalsPerTerm > 0 && number > 1 && (number - 1) % SignalsPerTerm == 0;

    private (long Ns, string Cause) LongestGap(long fromNs, long toNs)
    {
        var longest = (Ns: 0L, Cause: "");
        for (var i = FirstAbove(_gapEnds, fromNs); i < gaps.Count && IsNear(gaps[i], toNs); i++)
        {
            var overlapNs = Math.Min(gaps[i].ToNs, toNs) - Math.Max(gaps[i].FromNs, fromNs);
            if (overlapNs > longest.Ns)
                longest = (overlapNs, gaps[i].Cause);
        }

        return longest;
    }

    /// <summary>Gaps of several threads overlap: one that ends later may have begun in time.</summary>
    private static bool IsNear(ProcessorGap gap, long toNs)
    {
        const long longestGapNs = 1_000_000_000;
        return gap.ToNs < toNs + longestGapNs;
    }

    private string? TouchIn(long fromNs, long toNs)
    {
        var i = FirstAbove(_touchTimes, fromNs);
        return i < touches.Count && touches[i].AtNs < toNs ? touches[i].Cause : null;
    }

    /// <summary>The first of ascending values that is above a bound.</summary>
    private static int FirstAbove(long[] values, long bound)
    {
        var place = Array.BinarySearch(values, bound + 1);
        if (place < 0)
            return ~place;

        while (place > 0 && values[place - 1] == bound + 1)
            place--;
        return place;
    }

    private LatencyPart PartOf(ref readonly SlowSignal signal)
    {
        var worst = LatencyPart.Sender;
        for (var part = LatencyPart.Sender; (int)part < LatencyReadings.Count; part++)
        {
            if (Above(in signal, part) > Above(in signal, worst))
                worst = part;
        }

        return worst;
    }

    private long Above(ref readonly SlowSignal signal, LatencyPart part) =>
        signal.Parts[(int)part] - typical[(int)part];
}
