using ExecutionPipeline.Aeron.Monitoring;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Control.Link;

/// <summary>How the pipeline stood at a look at its counters.</summary>
/// <param name="Reading">The figures; null: none publishes any.</param>
/// <param name="Problem">Why there are none.</param>
/// <param name="LookedAt">When it was looked.</param>
/// <param name="RingMovedAt">When the ring was last seen to have moved since the look before.</param>
/// <param name="EventsPerSecond">Events through the ring, over the last second or so.</param>
public sealed record PipelineLook(
    PipelineReading? Reading, string? Problem, DateTime LookedAt, DateTime RingMovedAt, double EventsPerSecond)
{
    /// <summary>When the figures were written, on the looks' clock, which no step of the system's time moves.</summary>
    public DateTime WrittenAt { get; init; } = Reading?.WrittenAt ?? LookedAt;

    /// <summary>A pipeline writes its figures ten times a second.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(2);

    /// <summary>Seconds since the figures were written; null: there are none.</summary>
    public double? AgeSeconds => Reading is null ? null : Math.Max(0, (LookedAt - WrittenAt).TotalSeconds);

    /// <summary>Whether the figures are there and fresh.</summary>
    public bool IsFresh => AgeSeconds <= StaleAfter.TotalSeconds;

    /// <summary>Whether events pass the ring: a process may live while its loop stands still.</summary>
    public bool IsRingAlive => IsFresh && LookedAt - RingMovedAt <= StaleAfter;
}

/// <summary>
/// Looks at the pipeline's counters twice a second. It reads the driver's file and nothing else, so the pipeline does
/// not notice.
/// </summary>
public sealed class CounterWatch : IDisposable
{
    private const long DriverTimeoutMs = 10_000;
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    private readonly string _directory;
    private readonly Timer _timer;
    private readonly Lock _looking = new();
    private readonly Queue<(DateTime At, long Through)> _recent = new();
    private readonly SignOfLife _driver = new();
    private readonly SignOfLife _pipeline = new();
    private volatile PipelineLook _last;

    /// <param name="options">Name the driver.</param>
    public CounterWatch(ControlOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _directory = options.AeronDirectory;
        _last = new PipelineLook(null, "not looked at yet", NanoClock.UtcNow, DateTime.MinValue, 0);
        _timer = new Timer(_ => Look());
    }

    /// <summary>The last look.</summary>
    public PipelineLook Last => _last;

    /// <summary>Is called after each look, by one thread at a time.</summary>
    public event Action<PipelineLook>? Looked;

    /// <summary>Begins to look.</summary>
    public void Start() => _timer.Change(TimeSpan.Zero, LookInterval);

    /// <summary>Looks now.</summary>
    public void Look()
    {
        // A look that takes longer than the interval is not overtaken by the next one.
        if (!_looking.TryEnter())
            return;

        try
        {
            _last = Read();
            Looked?.Invoke(_last);
        }
        finally
        {
            _looking.Exit();
        }
    }

    /// <summary>Takes a look that somebody else has made, for tests.</summary>
    internal void Take(PipelineLook look) => _last = look;

    public void Dispose()
    {
        using var ended = new ManualResetEvent(initialState: false);
        if (_timer.Dispose(ended))
            ended.WaitOne();
    }

    private PipelineLook Read()
    {
        var now = NanoClock.UtcNow;
        try
        {
            using var monitor = DriverMonitor.Open(_directory);
            if (monitor.DescribeDeath(DriverTimeoutMs, _driver) is { } death)
                return Without(death, now);
            if (PipelineReading.Of(monitor) is not { } reading)
                return Without("no pipeline publishes figures on the driver", now);

            if (_last.Reading is { } before && reading.IsOfAnotherRunThan(before))
                _recent.Clear();
            var through = reading[PipelineFigure.EventsThrough];
            var hasMoved = _recent.Count == 0 || _recent.Last().Through != through;
            _recent.Enqueue((now, through));
            while (_recent.Count > 3)
                _recent.Dequeue();
            var (at, first) = _recent.Peek();
            var rate = now > at ? Math.Max(0, (through - first) / (now - at).TotalSeconds) : 0;
            return new PipelineLook(reading, null, now, hasMoved ? now : _last.RingMovedAt, rate)
            {
                WrittenAt = now - _pipeline.Age(reading.WrittenAt),
            };
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return Without(problem.Message, now);
        }
    }

    private PipelineLook Without(string problem, DateTime now)
    {
        _recent.Clear();
        return new PipelineLook(null, problem, now, _last.RingMovedAt, 0);
    }
}
