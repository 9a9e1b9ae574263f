using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Simulation.Disk;

/// <summary>
/// A disk in memory for a journal's segments: what is written is lost by a power failure until it is synced. It can be
/// full, fail and be slow.
/// </summary>
/// <param name="clock">Passes while the disk is slow.</param>
internal sealed class VirtualDisk(VirtualClock clock) : ISegmentFiles
{
    private static readonly TimeSpan SlowSync = TimeSpan.FromSeconds(5);

    private readonly SortedDictionary<string, VirtualFile> _files = new(StringComparer.Ordinal);

    /// <summary>Whether no file can be made.</summary>
    public bool IsFull { get; set; }

    /// <summary>Whether no sync succeeds.</summary>
    public bool IsFailing { get; set; }

    /// <summary>Whether each sync takes seconds.</summary>
    public bool IsSlow { get; set; }

    /// <summary>Whether the disk says that it has what it will have with the next sync: a planted fault.</summary>
    public bool SyncsOneLate { get; init; }

    public IEnumerable<VirtualFile> Files => _files.Values;

    public ISegmentFile Create(string path, long bytes)
    {
        if (IsFull)
            throw new IOException("No space left on device");

        return _files[path] = new VirtualFile(this, path, (int)bytes);
    }

    /// <summary>A sync begins.</summary>
    public void OnSync()
    {
        if (IsSlow)
            clock.Pass(SlowSync);
        if (IsFailing)
            throw new IOException("Input/output error");
    }

    /// <summary>The process is gone; and so is what it had not synced, where the power failed.</summary>
    public void Crash(SeededDice? power)
    {
        IsFull = IsFailing = IsSlow = false;
        foreach (var file in _files.Values)
        {
            if (power is null)
                file.KeepAll();
            else
                file.KeepSome(power);
        }
    }

    public VirtualFile At(string path) => _files[path];

    public void Remove(string path)
    {
        _files.Remove(path);
        File.Delete(path);
    }

    /// <summary>Lays out what is on the disk where the system's files are, to be read by what reads journals.</summary>
    public void LayOut()
    {
        foreach (var file in _files.Values)
        {
            if (!file.IsChanged)
                continue;

            File.WriteAllBytes(file.Path, file.Stable);
            file.IsChanged = false;
        }
    }
}
