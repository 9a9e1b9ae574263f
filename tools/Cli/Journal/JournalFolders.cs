using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Cli.Journal;

/// <summary>Folders that journals are written to.</summary>
public static class JournalFolders
{
    /// <summary>Refuses a folder that holds a journal, unless that is asked for. Null stands for none.</summary>
    /// <exception cref="UsageException">It holds one.</exception>
    public static void MustBeNew(bool isForced, string? folder)
    {
        if (!isForced && folder is not null && Directory.Exists(folder) && JournalFiles.In(folder).Count > 0)
        {
            throw new UsageException(
                $"the journal '{folder}' is there already: name another, or write over it with --force");
        }
    }

    /// <summary>Removes the segments of a journal that is to be written over, and nothing else.</summary>
    public static void Clear(bool isForced, string? folder)
    {
        if (!isForced || folder is null || !Directory.Exists(folder))
            return;

        foreach (var path in JournalFiles.In(folder).Values)
            File.Delete(path);
    }
}
