using System.Diagnostics;

namespace ExecutionPipeline.Benchmarks.Rings;

/// <summary>
/// Times chunks of events. On a machine with other work a thread loses its core now and then; the chunks in which that
/// happens are told from the others, where one figure for the whole run would mix them.
/// </summary>
public sealed class ChunkClock
{
    private const int MaxChunks = 65_536;

    private readonly double[] _chunksNs = new double[MaxChunks];
    private readonly int _eventsPerChunk;
    private long _nextMark;
    private long _start;
    private int _count;

    /// <summary>Creates a clock for chunks of so many events.</summary>
    public ChunkClock(int eventsPerChunk)
    {
        _eventsPerChunk = eventsPerChunk;
    }

    /// <summary>For each chunk but the first, nanoseconds an event.</summary>
    public double[] ChunksNs => _chunksNs[..Math.Max(0, _count)];

    /// <summary>Called with each sequence in turn, from 0.</summary>
    public void OnEvent(long sequence)
    {
        if (sequence == _nextMark)
            EndChunk();
    }

    private void EndChunk()
    {
        _nextMark += _eventsPerChunk;
        var now = Stopwatch.GetTimestamp();
        if (_start != 0 && _count < MaxChunks)
            _chunksNs[_count++] = (now - _start) * 1e9 / Stopwatch.Frequency / _eventsPerChunk;

        _start = now;
    }
}
