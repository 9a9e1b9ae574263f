using System.Diagnostics;

namespace ExecutionPipeline.Benchmarks.Messaging;

/// <summary>A build of the patterns with its driver, and what the driver took while a pattern was played.</summary>
internal sealed class StreamSide(
    string name,
    IReadOnlyDictionary<string, Func<string, (IDisposable Streams, Func<TimeSpan, double[]> Run, Func<long> Bytes)>>
        patterns,
    string directory,
    DriverProcess driver)
{
    private IDisposable? _streams;
    private Func<TimeSpan, double[]> _run = _ => [];
    private Func<long> _bytes = () => 0;
    private double _driverNs;
    private double _elapsedNs;

    public string Name => name;

    /// <summary>The share of a core that the driver took while this side ran.</summary>
    public double DriverShare => _driverNs / _elapsedNs;

    /// <summary>What the pattern's threads have allocated while this side ran.</summary>
    public long AllocatedBytes => _bytes();

    public void Open(string pattern)
    {
        (_streams, _run, _bytes) = patterns[pattern](directory);
        _driverNs = _elapsedNs = 0;
    }

    /// <summary>Plays the open pattern, with the other side's driver held when it is not this side's.</summary>
    public double[] Run(TimeSpan time, DriverProcess? other)
    {
        // A driver that spins takes a core from whoever is measured; each side is to pay for its own alone.
        using var pause = other == driver ? null : other?.Pause();
        var driverNs = driver.CpuTimeNs();
        var start = Stopwatch.GetTimestamp();
        var timed = _run(time);
        _elapsedNs += Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        _driverNs += driver.CpuTimeNs() - driverNs;
        return timed;
    }

    public void Close() => _streams?.Dispose();
}
