using System.Globalization;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>
/// Follows, while a run lasts, which threads the processors of the hot ones went to, by the kernel's own record, and
/// says in the end what slow signals waited for.
/// </summary>
internal sealed class TailWatch : IDisposable
{
    private const int MillisecondsPerJiffy = 10;
    private const int LongestThreadName = 15;

    private readonly long _aboveNs;
    private readonly LatencyTelemetry _telemetry;
    private readonly IReadOnlyList<int> _processors;
    private readonly KernelRecord? _record;
    private readonly string? _problem;
    private readonly int _signalsPerTerm;
    private readonly int _collectionsBefore = GC.CollectionCount(0);
    private readonly long? _stolenBefore;
    private readonly List<KernelEvent> _events = [];
    private readonly List<ProcessorGap> _gaps = [];
    private readonly List<PageTouch> _touches = [];
    private readonly Dictionary<int, HotName> _hotThreads = [];
    private readonly Dictionary<int, (long FromNs, string Cause)> _open = [];
    private readonly Dictionary<(string Thread, int Other), string> _losses = [];
    private readonly Dictionary<(int Thread, int Interrupt), long> _interruptions = [];
    private readonly Dictionary<(string Thread, int Interrupt), string> _interruptNames = [];
    private bool _hasLost;

    private TailWatch(
        long aboveNs, LatencyTelemetry telemetry, IReadOnlyList<int> processors, int signalsPerTerm)
    {
        _aboveNs = aboveNs;
        _telemetry = telemetry;
        _signalsPerTerm = signalsPerTerm;
        _processors = processors;
        _record = KernelRecord.TryOpen(processors, out _problem);
        _stolenBefore = Stolen();
    }

    /// <summary>Begins to watch, if that was asked for.</summary>
    public static TailWatch? Start(DemoOptions options, DemoPlan plan, LatencyTelemetry telemetry) =>
        options.TailAboveNs is { } aboveNs
            ? new TailWatch(aboveNs, telemetry, plan.AllowedProcessors, SignalsPerTerm(options, plan))
            : null;

    /// <summary>Takes what was recorded since the last time. Several times a second, or the kernel has no room.
    /// </summary>
    /// <param name="threads">Names of this process's threads that signals need.</param>
    /// <param name="engine">The engine's process.</param>
    public void Take(IEnumerable<string> threads, int engine)
    {
        if (_record is null)
            return;

        FindThreads(Environment.ProcessId, "", threads);
        FindThreads(engine, "engine, ", ["tactical engine"]);
        _events.Clear();
        _record.Read(_events);
        // What comes behind the last signal that is kept explains nothing.
        if (_telemetry.Tail!.Seen > TailRecord.Capacity)
            return;

        var aheadNs = NanoClock.NowNs() - default(KernelClocks).MonotonicNs();
        foreach (var e in _events)
            Take(e, e.AtNs + aheadNs);
    }

    /// <summary>The account. The recording threads must have ended.</summary>
    public TailFigures Account()
    {
        var tail = _telemetry.Tail!;
        LatencyReadings typical = default;
        for (var part = 0; part < LatencyReadings.Count; part++)
            typical[part] = _telemetry[(LatencyPart)part].GetValueAtPercentile(50);
        _gaps.Sort(static (one, other) => one.ToNs.CompareTo(other.ToNs));
        _touches.Sort(static (one, other) => one.AtNs.CompareTo(other.AtNs));
        return new TailFigures
        {
            AboveNs = _aboveNs,
            Signals = tail.Seen,
            Accounted = tail.Signals.Length,
            Causes = new TailAccount(typical, _gaps, _touches, Knowledge) { SignalsPerTerm = _signalsPerTerm }
                .Of(tail.Signals, _collectionsBefore),
            Source = _problem ?? $"the kernel's record of processors {string.Join(',', _processors)}{Gaps}",
            StolenMs = Stolen() is { } stolen && _stolenBefore is { } before
                ? (stolen - before) * MillisecondsPerJiffy
                : null,
        };
    }

    public void Dispose() => _record?.Dispose();

    private TailKnowledge Knowledge =>
        _record is null ? TailKnowledge.Nothing
        : _record.InterruptProblem is null ? TailKnowledge.SwitchesAndInterrupts
        : TailKnowledge.Switches;

    /// <summary>What is not in the kernel's record.</summary>
    private string Gaps =>
        (_record?.InterruptProblem is { } problem ? $", without interrupts: {problem}" : "")
        + (_hasLost ? "; it had no room for some of what happened" : "");

    /// <summary>
    /// How many a term of their stream holds. Not known with malformed ones among them, whose lengths differ, and of
    /// terms that others have made.
    /// </summary>
    private static int SignalsPerTerm(DemoOptions options, DemoPlan plan)
    {
        var isOwn = !options.IsDriverExternal
            && plan.Pipeline.Streams.InputChannel == new StreamOptions().InputChannel;
        // A frame has a header of 32 bytes and begins at a multiple of 32.
        const int aligned = 32;
        const int frameBytes = (aligned + TradeQualifiedEncoder.EncodedLength + aligned - 1) / aligned * aligned;
        return isOwn && options.MalformedPerKind == 0 ? PipelineSession.TermBytes / frameBytes : 0;
    }

    private void Take(KernelEvent e, long atNs)
    {
        if (e.Kind == KernelEventKind.Lost)
            _hasLost = true;
        if (!_hotThreads.TryGetValue(e.Thread, out var name))
            return;

        switch (e.Kind)
        {
            case KernelEventKind.Preempted:
                _open[e.Thread] = (atNs, LossOf(name.Text, e.Other));
                break;
            case KernelEventKind.GaveUp:
                _open[e.Thread] = (atNs, name.GaveUp);
                break;
            case KernelEventKind.Began when _open.Remove(e.Thread, out var gap):
                _gaps.Add(new ProcessorGap(gap.FromNs, atNs, gap.Cause));
                break;
            case KernelEventKind.InterruptBegan:
                _interruptions[(e.Thread, e.Other)] = atNs;
                break;
            case KernelEventKind.InterruptEnded when _interruptions.Remove((e.Thread, e.Other), out var fromNs):
                _gaps.Add(new ProcessorGap(fromNs, atNs, InterruptionOf(name.Text, e.Other)));
                break;
            case KernelEventKind.PageFault:
                _touches.Add(new PageTouch(atNs, name.PageFault));
                break;
        }
    }

    /// <summary>Kernel threads of one kind differ by what stands behind the slash.</summary>
    private string LossOf(string name, int other)
    {
        if (_losses.TryGetValue((name, other), out var known))
            return known;

        var taker = ReadName($"/proc/{other}/comm")?.Split('/')[0] ?? "a thread that has ended";
        return _losses[(name, other)] = $"{name} lost its processor to {taker}";
    }

    private string InterruptionOf(string name, int interrupt) =>
        _interruptNames.TryGetValue((name, interrupt), out var known)
            ? known
            : _interruptNames[(name, interrupt)] = $"{name} was interrupted ({_record!.InterruptName(interrupt)})";

    private void FindThreads(int process, string prefix, IEnumerable<string> wanted)
    {
        var folder = $"/proc/{process}/task";
        var names = wanted.Where(name => !_hotThreads.ContainsValue(new HotName(prefix + name))).ToList();
        if (names.Count == 0)
            return;

        foreach (var thread in ThreadsIn(folder))
        {
            var found = ReadName(Path.Combine(thread, "comm"));
            if (names.Find(name => Cut(name) == found) is { } name)
                _hotThreads[int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture)] =
                    new HotName(prefix + name);
        }
    }

    private static string[] ThreadsIn(string folder)
    {
        try
        {
            return Directory.GetDirectories(folder);
        }
        catch (DirectoryNotFoundException)
        {
            // The process has ended.
            return [];
        }
    }

    private static string Cut(string name) => name.Length > LongestThreadName ? name[..LongestThreadName] : name;

    private static string? ReadName(string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd('\n');
        }
        catch (IOException)
        {
            // The thread has ended.
            return null;
        }
    }

    /// <summary>
    /// Of all processors that are watched, in jiffies: the eighth number of a processor's line in /proc/stat.
    /// </summary>
    private long? Stolen()
    {
        const int place = 8;
        const string path = "/proc/stat";
        if (!File.Exists(path))
            return null;

        var wanted = _processors.Select(static processor => $"cpu{processor}").ToHashSet();
        return File.ReadLines(path)
            .Select(static line => line.Split(' '))
            .Where(words => wanted.Contains(words[0]) && words.Length > place)
            .Sum(static words => long.Parse(words[place], CultureInfo.InvariantCulture));
    }

    /// <summary>A thread's name, with what is said of it made once.</summary>
    private sealed record HotName(string Text)
    {
        public string GaveUp { get; } = $"{Text} gave its processor up";

        public string PageFault { get; } = $"a page fault of {Text}";
    }
}
