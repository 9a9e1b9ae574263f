namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>
/// The right to write and cut the journal of a folder, which one process has at a time. A second one would take the
/// segment that the first one writes for the end of a run and cut it, and the first one would die at its next write.
/// The system takes the right back when a process ends, however it does.
/// </summary>
public sealed class JournalLock : IDisposable
{
    /// <summary>Its name in the journal's folder. The file stays there and means nothing by itself.</summary>
    public const string FileName = "journal.lock";

    private readonly FileStream _file;

    private JournalLock(FileStream file) => _file = file;

    /// <summary>Takes the right, and makes the folder where it is not there.</summary>
    /// <exception cref="IOException">Another process has it, or the folder cannot be written.</exception>
    public static JournalLock Take(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, FileName);
        try
        {
            return new JournalLock(
                new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException problem) when (File.Exists(path))
        {
            throw new IOException(
                $"{folder}: another process writes this journal: end it, or name another folder", problem);
        }
    }

    /// <summary>Gives the right back.</summary>
    public void Dispose() => _file.Dispose();
}
