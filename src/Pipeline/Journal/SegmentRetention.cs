using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>
/// The full segments of a journal that is written, of which as many are kept as the policy says. The others go, into
/// the archive or for good: that may be the copy of many gigabytes onto another disk, for which nothing else waits.
/// </summary>
/// <param name="options">The policy.</param>
/// <param name="snapshots">Says which event the oldest usable snapshot lacks; null: there are none.</param>
/// <param name="move">Moves a segment into the archive; null: the disk does.</param>
internal sealed class SegmentRetention(
    JournalOptions options, Func<long>? snapshots, Action<string, string, CancellationToken>? move = null)
{
    private const long HourMs = 3_600_000;
    private const long AskMs = 1_000;
    private const long RetryMs = 1_000;

    private readonly Action<string, string, CancellationToken> _move = move ?? DurableFile.Move;
    private readonly Lock _lock = new();
    private readonly Queue<FullSegment> _full = new();
    private long _fullBytes;
    private long _removed;
    private long _snapshotSequence;
    private long _askedMs = -AskMs;

    /// <summary>What has failed is not tried again before; 0: nothing has.</summary>
    private long _removeAtMs;

    private readonly record struct FullSegment(string Path, long EndSequence, long Bytes, long ClosedMs);

    /// <summary>Segments deleted or archived so far. Any thread.</summary>
    // Paired with the increment of RemoveOld.
    public long Removed => Interlocked.Read(ref _removed);

    /// <summary>A segment is full. Any thread.</summary>
    public void Add(string path, long endSequence, long bytes, long closedMs)
    {
        lock (_lock)
        {
            _full.Enqueue(new FullSegment(path, endSequence, bytes, closedMs));
            _fullBytes += bytes;
        }
    }

    /// <summary>
    /// Removes what is not to be kept. One thread at a time. False where it waits before it tries again what failed.
    /// </summary>
    /// <param name="nowMs">The time.</param>
    /// <param name="cancel">Ends it between two segments, and within a copy.</param>
    /// <exception cref="IOException">The disk did not take something.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public bool RemoveOld(long nowMs, CancellationToken cancel)
    {
        if (nowMs < _removeAtMs)
            return false;

        // What fails may be the copy of a whole segment onto another disk: not each turn can begin with that.
        _removeAtMs = nowMs + RetryMs;
        AskForSnapshots(nowMs);
        while (TryPeekOld(nowMs, out var oldest))
        {
            cancel.ThrowIfCancellationRequested();
            Remove(oldest.Path, cancel);
            lock (_lock)
            {
                _fullBytes -= oldest.Bytes;
                _full.Dequeue();
            }

            // Paired with the read of Removed.
            Interlocked.Increment(ref _removed);
        }

        _removeAtMs = 0;
        return true;
    }

    /// <summary>Whoever writes snapshots may be another process: what there is, is in its folder.</summary>
    private void AskForSnapshots(long nowMs)
    {
        if (snapshots is null || options is { RetainMb: 0, RetainHours: 0 } || nowMs - _askedMs < AskMs)
            return;

        lock (_lock)
        {
            if (_full.Count == 0)
                return;
        }

        _askedMs = nowMs;
        _snapshotSequence = snapshots();
    }

    private bool TryPeekOld(long nowMs, out FullSegment oldest)
    {
        lock (_lock)
            return _full.TryPeek(out oldest) && IsOld(in oldest, nowMs);
    }

    private bool IsOld(ref readonly FullSegment segment, long nowMs)
    {
        if (options.RetainUntilSnapshot && segment.EndSequence > _snapshotSequence)
            return false;

        return (options.RetainMb > 0 && _fullBytes > options.RetainMb << 20)
            || (options.RetainHours > 0 && nowMs - segment.ClosedMs > options.RetainHours * HourMs);
    }

    private void Remove(string path, CancellationToken cancel)
    {
        // One that is not there was put away by somebody else.
        if (options.ArchiveFolder == "" || !File.Exists(path))
        {
            File.Delete(path);
            return;
        }

        Directory.CreateDirectory(options.ArchiveFolder);
        if (FreeNameFor(path, options.ArchiveFolder, cancel) is { } free)
            _move(path, free, cancel);
        else
            File.Delete(path);
    }

    /// <summary>
    /// An earlier journal may have archived segments of the same names. Null: the segment itself is there, as it is
    /// when the process ended between its copy and its deletion.
    /// </summary>
    private static string? FreeNameFor(string segment, string archive, CancellationToken cancel)
    {
        var name = Path.GetFileName(segment);
        var path = Path.Combine(archive, name);
        for (var number = 2; Path.Exists(path); number++)
        {
            if (DurableFile.IsCopy(path, segment, cancel))
                return null;

            path = Path.Combine(archive, FormattableString.Invariant($"{name}-{number}"));
        }

        return path;
    }
}
