using System.Diagnostics;
using System.Text;
using ExecutionPipeline.Control.Prometheus;

namespace ExecutionPipeline.Control.Link;

/// <summary>How late a sleeping thread was woken, in nanoseconds.</summary>
public sealed record HiccupFigures(long P50, long P99, long Max);

/// <summary>
/// What the machine takes from a thread that does nothing but sleep, as jHiccup measures it: how much later than it
/// asked for it was woken. Latencies beside it tell whether the pipeline was slow or the machine. It is measured in
/// this process, beside the processors of the hot threads, and this process's own collections are in it.
/// </summary>
public sealed class HiccupWatch : IDisposable
{
    private const double NanosPerSecond = 1e9;
    private const int SecondsKept = 60;
    private static readonly TimeSpan Sleep = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ManualResetEvent _end = new(initialState: false);
    private readonly Thread _thread;
    private readonly List<long> _running = [];
    private readonly LinkedList<long[]> _seconds = [];
    private readonly MetricHistogram _all = new(
        1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, .001, .002, .005, .01, .025, .05, .1);

    public HiccupWatch() => _thread = new Thread(Run) { IsBackground = true, Name = "hiccups" };

    /// <summary>Of the last whole second; null: there is none yet.</summary>
    public HiccupFigures? LastSecond
    {
        get
        {
            lock (_gate)
                return _seconds.First is { } last ? Of(last.Value) : null;
        }
    }

    /// <summary>Of the last minute; null: there is nothing yet.</summary>
    public HiccupFigures? LastMinute
    {
        get
        {
            lock (_gate)
                return _seconds.First is null ? null : Of([.. _seconds.SelectMany(static second => second).Order()]);
        }
    }

    /// <summary>Begins to measure.</summary>
    public void Start() => _thread.Start();

    /// <summary>Writes the metric.</summary>
    public void Write(StringBuilder text)
    {
        MetricLines.Head(
            text, "control_hiccup_seconds", "histogram", "How much too late a sleeping thread of this process woke.");
        lock (_gate)
            _all.Write(text, "control_hiccup_seconds");
    }

    public void Dispose()
    {
        _end.Set();
        if (_thread.IsAlive)
            _thread.Join();
        _end.Dispose();
    }

    private static HiccupFigures Of(long[] ascending)
    {
        const int percent = 100;
        return new HiccupFigures(Rank(50), Rank(99), Rank(percent));

        long Rank(int rank) => ascending[Math.Max(0, (ascending.Length * rank + percent - 1) / percent - 1)];
    }

    private void Run()
    {
        var turn = Stopwatch.GetTimestamp();
        while (true)
        {
            var began = Stopwatch.GetTimestamp();
            if (_end.WaitOne(Sleep))
                return;

            var late = (long)Math.Max(0, (Stopwatch.GetElapsedTime(began) - Sleep).TotalNanoseconds);
            _running.Add(late);
            lock (_gate)
                _all.Observe(late / NanosPerSecond);
            if (Stopwatch.GetElapsedTime(turn) < Second)
                continue;

            turn = Stopwatch.GetTimestamp();
            lock (_gate)
            {
                _seconds.AddFirst([.. _running.Order()]);
                if (_seconds.Count > SecondsKept)
                    _seconds.RemoveLast();
            }

            _running.Clear();
        }
    }
}
