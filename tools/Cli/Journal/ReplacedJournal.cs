using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Cli.Journal;

/// <summary>
/// A journal that is to be written over: its segments, the snapshots of its states and the configuration that lies
/// beside them, and nothing else. They are set aside in a folder within the journal's until the run that replaces them
/// stands. Where that comes to nothing they are put back; a process that is killed meanwhile leaves them there.
/// </summary>
public sealed class ReplacedJournal : IDisposable
{
    private const string Prefix = "replaced-";

    private readonly string _folder;
    private readonly string _aside;
    private bool _isRemoved;

    private ReplacedJournal(string folder)
    {
        _folder = folder;
        _aside = Path.Combine(folder, $"{Prefix}{Guid.NewGuid():N}");
    }

    /// <summary>Sets the journal of a folder aside where that is asked for. Null: there is nothing to write over.
    /// </summary>
    /// <param name="isForced">Whether it is asked for.</param>
    /// <param name="folder">Of the journal; null stands for none.</param>
    /// <exception cref="IOException">A process writes it.</exception>
    public static ReplacedJournal? SetAside(bool isForced, string? folder)
    {
        if (!isForced || folder is null || !Directory.Exists(folder))
            return null;

        using var held = JournalLock.Take(folder);
        if (!FilesIn(folder).Any())
            return null;

        var replaced = new ReplacedJournal(folder);
        try
        {
            Move(folder, replaced._aside);
            return replaced;
        }
        catch
        {
            replaced.TakeBack();
            throw;
        }
    }

    /// <summary>What runs have set aside in a folder that is there, and neither removed nor put back.</summary>
    public static IEnumerable<string> LeftIn(string folder) => Directory.EnumerateDirectories(folder, Prefix + "*");

    /// <summary>Removes it: what replaces it stands.</summary>
    public void Remove()
    {
        _isRemoved = true;
        Directory.Delete(_aside, recursive: true);
    }

    /// <summary>Puts it back unless it was removed, in the place of what the new run has begun.</summary>
    public void Dispose()
    {
        if (_isRemoved)
            return;

        try
        {
            using var held = JournalLock.Take(_folder);
            foreach (var begun in FilesIn(_folder).ToList())
                File.Delete(begun);
            TakeBack();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // What ended the run is on its way and must not be hidden.
            Console.Error.WriteLine($"xp: the journal before is in {_aside}: {problem.Message}");
        }
    }

    private static IEnumerable<string> FilesIn(string folder) => JournalFolders.FilesOf(folder).Where(File.Exists);

    private static void Move(string from, string to)
    {
        foreach (var path in FilesIn(from).ToList())
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(path, target);
        }
    }

    private void TakeBack()
    {
        Move(_aside, _folder);
        if (Directory.Exists(_aside))
            Directory.Delete(_aside, recursive: true);
    }
}
