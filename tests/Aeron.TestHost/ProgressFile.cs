using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Native;

namespace ExecutionPipeline.Aeron.TestHost;

/// <summary>
/// How far a role has come, in a mapped file, so that the test can read it after the role was killed at any instant.
/// <code>
///   0              8                 24
///   | connected at | ... | runs, each: id | first | next |
/// </code>
/// A publisher has one run, whose next message is the first it has not offered successfully; a subscriber has one for
/// every publisher that it has heard of. Times are of the clock that all processes share.
/// </summary>
public sealed class ProgressFile : IDisposable
{
    private const int FileLength = 64 * 1024;
    private const int RunsOffset = 64;
    private const int RunLength = 24;

    private readonly MemoryMap _map;
    private readonly UnsafeBuffer _buffer;

    private ProgressFile(MemoryMap map)
    {
        _map = map;
        _buffer = new UnsafeBuffer(map.Address, FileLength);
    }

    /// <summary>When the role was last connected and at work, in nanoseconds; 0 while it is not.</summary>
    public long ConnectedAtNs
    {
        get => _buffer.GetLongVolatile(0);
        set => _buffer.PutLongOrdered(0, value);
    }

    public static ProgressFile Create(string path) => new(MemoryMap.Create(path, FileLength, isSparse: true));

    public static ProgressFile Open(string path) => new(MemoryMap.Open(path));

    /// <summary>The run of an id, or null. Zero is no id.</summary>
    public (long First, long Next)? Find(long runId)
    {
        var offset = OffsetOf(runId);
        return _buffer.GetLongVolatile(offset) == runId
            ? (_buffer.GetLong(offset + 8), _buffer.GetLongVolatile(offset + 16))
            : null;
    }

    /// <summary>The last run that was begun; 0 for none.</summary>
    public long LastRunId
    {
        get => _buffer.GetLongVolatile(8);
        set => _buffer.PutLongOrdered(8, value);
    }

    /// <summary>Adds a run, whose first message is of this index.</summary>
    public void Begin(long runId, long first)
    {
        var offset = OffsetOf(runId);
        _buffer.PutLong(offset + 8, first);
        _buffer.PutLong(offset + 16, first);
        _buffer.PutLongOrdered(offset, runId);
    }

    /// <summary>Says which message of a run comes next.</summary>
    public void Advance(long runId, long next) => _buffer.PutLongOrdered(OffsetOf(runId) + 16, next);

    public void Dispose() => _map.Dispose();

    private int OffsetOf(long runId)
    {
        for (var offset = RunsOffset; offset <= FileLength - RunLength; offset += RunLength)
        {
            var found = _buffer.GetLongVolatile(offset);
            if (found == runId || found == 0)
                return offset;
        }

        throw new InvalidOperationException("more runs than the file has room for");
    }
}
