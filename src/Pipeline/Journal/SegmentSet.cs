using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>
/// The segments of a journal that is written which are mapped, oldest first. Those that are full go to the retention.
/// Off the path.
/// </summary>
internal sealed class SegmentSet(
    string folder, ISegmentFiles files, JournalOptions options, long segmentBytes, SegmentRetention retention)
    : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<JournalSegment> _open = [];

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
            retention.Add(path, end, file.Length, nowMs - ageMs);
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

    /// <summary>Closes what lies behind the segment that is written.</summary>
    /// <exception cref="IOException">The disk did not take something.</exception>
    public void CloseBehind(JournalSegment current, long nowMs)
    {
        if (Oldest is not { } oldest || oldest == current)
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

                retention.Add(full.Path, full.EndSequence, full.Bytes, nowMs);
            }
        }
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
}
