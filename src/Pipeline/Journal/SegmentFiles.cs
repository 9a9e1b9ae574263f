using ExecutionPipeline.Native;

namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>Makes the files of segments. Another one than the system's stands for a disk that fails.</summary>
internal interface ISegmentFiles
{
    /// <summary>Makes a file of zeros that has its room on the disk, and maps it.</summary>
    /// <exception cref="IOException">There is no room, or the disk fails.</exception>
    ISegmentFile Create(string path, long bytes);
}

/// <summary>A segment's file, mapped to be written.</summary>
internal interface ISegmentFile : IDisposable
{
    /// <summary>Of the first byte.</summary>
    nint Address { get; }

    /// <summary>Brings a range onto the disk and waits for it.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    void Sync(long offset, long bytes);
}

/// <summary>The files of this system.</summary>
internal sealed class MappedSegmentFiles : ISegmentFiles
{
    public ISegmentFile Create(string path, long bytes)
    {
        var map = MemoryMap.Create(path, bytes, isSparse: false);
        try
        {
            map.Sync(0, bytes);
            MemoryMap.SyncFolder(Path.GetDirectoryName(path)!);
            return new MappedSegmentFile(map);
        }
        catch
        {
            map.Dispose();
            // The next attempt needs the name.
            File.Delete(path);
            throw;
        }
    }

    private sealed class MappedSegmentFile(MemoryMap map) : ISegmentFile
    {
        public nint Address => map.Address;

        public void Sync(long offset, long bytes) => map.Sync(offset, bytes);

        public void Dispose() => map.Dispose();
    }
}

/// <summary>A segment that is written or about to be.</summary>
internal sealed class JournalSegment(ISegmentFile file, string path, long number, long bytes) : IDisposable
{
    private long _written;

    public string Path => path;

    public long Number => number;

    public long Bytes => bytes;

    public nint Address => file.Address;

    /// <summary>Up to where it is written, in bytes. The writer writes it, after the record's first word.</summary>
    // Its partners are each other.
    public long Written
    {
        get => Volatile.Read(ref _written);
        set => Volatile.Write(ref _written, value);
    }

    /// <summary>Up to where it is on the disk. Of the thread that syncs.</summary>
    public long Synced { get; private set; }

    /// <summary>The sequence behind its last event; known when the next segment has begun.</summary>
    public long EndSequence { get; set; }

    /// <summary>Brings what is written onto the disk. Returns whether there was anything.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public bool Sync()
    {
        var written = Written;
        if (written == Synced)
            return false;

        file.Sync(Synced, written - Synced);
        Synced = written;
        return true;
    }

    /// <summary>Unmaps it.</summary>
    public void Dispose() => file.Dispose();
}
