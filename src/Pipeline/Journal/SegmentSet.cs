using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>
/// The segments of a journal that is written: those that are mapped, oldest first, and the full ones behind them, of
/// which as many are kept as the policy says. Off the path.
/// </summary>
internal sealed class SegmentSet(
    string folder, ISegmentFiles files, JournalOptions options, long segmentBytes, Func<long>? snapshots = null)
    : IDisposable
{
    private const long HourMs = 3_600_000;
    private const long AskMs = 1_000;
    private const long RetryMs = 1_000;

    private readonly Lock _lock = new();
    private readonly List<JournalSegment> _open = [];
    private readonly Queue<FullSegment> _full = new();
    private long _fullBytes;
    private long _snapshotSequence;
    private long _askedMs = -AskMs;
    private long _removeAtMs;

    private readonly record struct FullSegment(string Path, long EndSequence, long Bytes, long ClosedMs);

    /// <summary>Segments deleted or archived so far.</summary>
    public long Removed { get; private set; }

    /// <summary>Makes a segment's file.</summary>
    /// <exception cref="IOException">There is no room, or the disk fails.</exception>
    public JournalSegment Create(long number)
    {
        var path = JournalFiles.PathOf(folder, number);
        var segment = new JournalSegment(files.Create(path, segmentBytes), path, number, segmentBytes);
        lock (_lock)
            _open.Add(segment);
        return segment;
    }

    /// <summary>Segments of an earlier run, which count as full since they were last written.</summary>
    public void Adopt(IEnumerable<(string Path, long EndSequence)> earlier, long nowMs)
    {
        var now = DateTime.UtcNow;
        foreach (var (path, end) in earlier)
        {
            var file = new FileInfo(path);
            var ageMs = Math.Max(0, (long)(now - file.LastWriteTimeUtc).TotalMilliseconds);
            Enqueue(path, end, file.Length, nowMs - ageMs);
        }
    }

    /// <summary>Brings all that is written onto the disk. Returns whether there was anything.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public bool Sync()
    {
        var isAny = false;
        lock (_lock)
        {
            foreach (var segment in _open)
                isAny |= segment.Written > 0 && segment.Sync();
        }

        return isAny;
    }

    /// <summary>Closes what lies behind the segment that is written, and removes what is not to be kept.</summary>
    /// <exception cref="IOException">The disk did not take something.</exception>
    public void CloseBehind(JournalSegment current, long nowMs)
    {
        if (Oldest is not { } oldest || (oldest == current && _full.Count == 0))
            return;

        lock (_lock)
        {
            while (_open[0] != current)
            {
                var full = _open[0];
                _open.RemoveAt(0);
                using (full)
                {
                    if (options.Sync != JournalSync.None)
                        full.Sync();
                }

                Enqueue(full.Path, full.EndSequence, full.Bytes, nowMs);
            }
        }

        RemoveOld(nowMs);
    }

    /// <summary>Cuts the last segment behind what is written and removes one that has not been begun.</summary>
    public void Finish(JournalSegment current, JournalSegment? prepared)
    {
        lock (_lock)
        {
            foreach (var segment in _open)
                segment.Dispose();
            _open.Clear();
        }

        if (prepared is not null)
            File.Delete(prepared.Path);
        using var file = new FileStream(current.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(current.Written);
        if (options.Sync != JournalSync.None)
            file.Flush(flushToDisk: true);
    }

    /// <summary>Removes what is open, where no event is in it yet: what is left would pass for a journal.</summary>
    public void Discard()
    {
        string[] paths;
        lock (_lock)
            paths = [.. _open.Select(static segment => segment.Path)];
        Dispose();
        foreach (var path in paths)
            File.Delete(path);
    }

    /// <summary>Unmaps what is open, and leaves the files as they are.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var segment in _open)
                segment.Dispose();
            _open.Clear();
        }
    }

    private JournalSegment? Oldest
    {
        get
        {
            lock (_lock)
                return _open.Count == 0 ? null : _open[0];
        }
    }

    private void Enqueue(string path, long endSequence, long bytes, long closedMs)
    {
        _full.Enqueue(new FullSegment(path, endSequence, bytes, closedMs));
        _fullBytes += bytes;
    }

    private void RemoveOld(long nowMs)
    {
        if (nowMs < _removeAtMs)
            return;

        AskForSnapshots(nowMs);
        while (_full.TryPeek(out var oldest) && IsOld(in oldest, nowMs))
        {
            // What fails may be the copy of a whole segment onto another disk: not each turn can wait for that.
            _removeAtMs = nowMs + RetryMs;
            Remove(oldest.Path);
            _removeAtMs = nowMs;
            _fullBytes -= oldest.Bytes;
            _full.Dequeue();
            Removed++;
        }
    }

    /// <summary>Whoever writes snapshots may be another process: what there is, is in its folder.</summary>
    private void AskForSnapshots(long nowMs)
    {
        if (snapshots is null || options is { RetainMb: 0, RetainHours: 0 } || nowMs - _askedMs < AskMs)
            return;

        _askedMs = nowMs;
        _snapshotSequence = snapshots();
    }

    private bool IsOld(ref readonly FullSegment segment, long nowMs)
    {
        if (options.RetainUntilSnapshot && segment.EndSequence > _snapshotSequence)
            return false;

        return (options.RetainMb > 0 && _fullBytes > options.RetainMb << 20)
            || (options.RetainHours > 0 && nowMs - segment.ClosedMs > options.RetainHours * HourMs);
    }

    private void Remove(string path)
    {
        // One that is not there was put away by somebody else.
        if (options.ArchiveFolder == "" || !File.Exists(path))
        {
            File.Delete(path);
            return;
        }

        Directory.CreateDirectory(options.ArchiveFolder);
        if (FreeNameFor(path, options.ArchiveFolder) is { } free)
            DurableFile.Move(path, free);
        else
            File.Delete(path);
    }

    /// <summary>
    /// An earlier journal may have archived segments of the same names. Null: the segment itself is there, as it is
    /// when the process ended between its copy and its deletion.
    /// </summary>
    private static string? FreeNameFor(string segment, string archive)
    {
        var name = Path.GetFileName(segment);
        var path = Path.Combine(archive, name);
        for (var number = 2; Path.Exists(path); number++)
        {
            if (DurableFile.IsCopy(path, segment))
                return null;

            path = Path.Combine(archive, FormattableString.Invariant($"{name}-{number}"));
        }

        return path;
    }
}
