using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Journal;

/// <summary>Folders that journals are written to.</summary>
public static class JournalFolders
{
    /// <summary>
    /// The configuration of a journal: the file's, or the demo's own, of a run or of a backtest, which has no
    /// replacements of strategies; says which of the two.
    /// </summary>
    /// <param name="folder">Of the journal.</param>
    /// <param name="journal">The same, opened.</param>
    /// <param name="configFile">Null: the demo's own configuration.</param>
    /// <param name="option">What names the file.</param>
    /// <exception cref="UsageException">The journal is of another one, or the file is none.</exception>
    public static (PipelineOptions Options, bool IsScheduled) ConfigurationOf(
        string folder, JournalReader journal, string? configFile, string option = "--config")
    {
        ArgumentNullException.ThrowIfNull(journal);
        var wanted = journal.Configuration.ToString();
        var plain = DemoConfiguration.Load(configFile);
        if (PipelineConfiguration.HashOf(plain).ToString() == wanted)
            return (plain, false);

        var scheduled = DemoConfiguration.LoadScheduled(configFile);
        return PipelineConfiguration.HashOf(scheduled).ToString() == wanted
            ? (scheduled, true)
            : throw new UsageException($"{folder} is of another configuration: name it with {option}");
    }

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
