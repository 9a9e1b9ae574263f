using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Simulation.Disk;

/// <summary>
/// A disk in memory for the segments that a process writes: what is written is lost by a power failure until it is
/// synced. It can be full, fail and be slow. What is closed and what a crash leaves lies where the system's files are,
/// to be read by what reads journals.
/// </summary>
/// <param name="clock">Passes while the disk is slow.</param>
internal sealed class VirtualDisk(VirtualClock clock) : ISegmentFiles
{
    private static readonly TimeSpan SlowSync = TimeSpan.FromSeconds(5);

    private readonly List<VirtualFile> _open = [];
    private readonly Stack<VirtualFile> _free = [];

    /// <summary>Whether no file can be made.</summary>
    public bool IsFull { get; set; }

    /// <summary>Whether no sync succeeds.</summary>
    public bool IsFailing { get; set; }

    /// <summary>Whether each sync takes seconds.</summary>
    public bool IsSlow { get; set; }

    /// <summary>Whether the disk says that it has what it will have with the next sync: a planted fault.</summary>
    public bool SyncsOneLate { get; init; }

    public ISegmentFile Create(string path, long bytes)
    {
        if (IsFull)
            throw new IOException("No space left on device");

        var file = _free.TryPop(out var used) && used.Bytes == bytes ? used : new VirtualFile(this, (int)bytes);
        file.Begin(path);
        _open.Add(file);
        return file;
    }

    /// <summary>A sync begins.</summary>
    public void OnSync()
    {
        if (IsSlow)
            clock.Pass(SlowSync);
        if (IsFailing)
            throw new IOException("Input/output error");
    }

    /// <summary>A file is written no more; what of it is not on the disk can be lost still.</summary>
    public void Close(VirtualFile file)
    {
        File.WriteAllBytes(file.Path, file.Stable);
        if (file.IsSynced && _open.Remove(file))
            _free.Push(file);
    }

    /// <summary>The process is gone; and so is what it had not synced, where the power failed.</summary>
    public void Crash(SeededDice? power)
    {
        IsFull = IsFailing = IsSlow = false;
        foreach (var file in _open)
        {
            if (power is null)
                file.KeepAll();
            else
                file.KeepSome(power);
            // One that was closed may have been removed since.
            if (!file.IsClosed || File.Exists(file.Path))
                File.WriteAllBytes(file.Path, file.Stable);
            _free.Push(file);
        }

        _open.Clear();
    }
}
