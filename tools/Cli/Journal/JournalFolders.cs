using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Recovery;
using ExecutionPipeline.Pipeline.Snapshots;

namespace ExecutionPipeline.Cli.Journal;

/// <summary>What the file of a journal's configuration lies over.</summary>
public enum ConfigurationBasis
{
    /// <summary>The demo's own configuration.</summary>
    Demo,

    /// <summary>The same without its replacements of strategies, as a backtest has it.</summary>
    Scheduled,

    /// <summary>The options' defaults, as a daemon has it.</summary>
    Defaults,
}

/// <summary>Folders that journals are written to.</summary>
public static class JournalFolders
{
    /// <summary>
    /// The configuration of a journal: the file's over the demo's own, of a run or of a backtest, which has no
    /// replacements of strategies, or over nothing, as a daemon has it; without a file, what lies beside the journal.
    /// Says what a file lies over.
    /// </summary>
    /// <param name="folder">Of the journal.</param>
    /// <param name="journal">The same, opened.</param>
    /// <param name="configFile">Null: the demo's own configuration.</param>
    /// <param name="option">What names the file.</param>
    /// <exception cref="UsageException">The journal is of another one, or the file is none.</exception>
    public static (PipelineOptions Options, ConfigurationBasis Basis) ConfigurationOf(
        string folder, JournalReader journal, string? configFile, string option = "--config")
    {
        ArgumentNullException.ThrowIfNull(journal);
        // A file whose limits were changed by a reload is the journal's still: the changes are in the journal.
        var plain = JournalConfiguration.TryFit(folder, journal.Configuration, DemoConfiguration.Load(configFile));
        if (plain is not null)
            return (plain, ConfigurationBasis.Demo);

        var scheduled = DemoConfiguration.LoadScheduled(configFile);
        if (JournalConfiguration.TryFit(folder, journal.Configuration, scheduled) is { } fitted)
            return (fitted, ConfigurationBasis.Scheduled);

        var own = configFile is null
            ? BesideOf(folder, wanted: journal.Configuration.ToString())
            : JournalConfiguration.TryFit(
                folder, journal.Configuration,
                ConfigurationInputs.Load(DemoConfiguration.SourcesOf(configFile, [])).Options);
        return own is not null
            ? (own, ConfigurationBasis.Defaults)
            : throw new UsageException($"{folder} is of another configuration: name it with {option}");
    }

    /// <summary>
    /// The same of a folder in which a journal may be laid out only later: then the file's over the demo's own.
    /// </summary>
    /// <exception cref="UsageException">The journal is of another one, or the file is none.</exception>
    public static PipelineOptions ConfigurationOf(string folder, string? configFile)
    {
        if (!JournalTail.IsIn(folder))
            return DemoConfiguration.MustFit(configFile, DemoConfiguration.Load(configFile));

        using var journal = new JournalReader(folder);
        return ConfigurationOf(folder, journal, configFile).Options;
    }

    /// <summary>
    /// The configuration of a journal that nobody has named: the one that is at hand anyway, the demo's own, or what
    /// lies beside the journal; null: it is none of them.
    /// </summary>
    public static PipelineOptions? KnownConfigurationOf(string folder, JournalReader journal, PipelineOptions atHand)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var known = new[] { atHand, DemoConfiguration.Load(null), DemoConfiguration.LoadScheduled(null) };
        return known
            .Select(options => JournalConfiguration.TryFit(folder, journal.Configuration, options))
            .FirstOrDefault(static fitted => fitted is not null)
            ?? BesideOf(folder, wanted: journal.Configuration.ToString());
    }

    /// <summary>The configuration that lies beside a journal; null: it is none, or not the journal's.</summary>
    private static PipelineOptions? BesideOf(string folder, string wanted)
    {
        var path = Path.Combine(folder, JournalConfiguration.FileName);
        if (!File.Exists(path))
            return null;

        var options = PipelineConfiguration.Parse(File.ReadAllBytes(path));
        return PipelineConfiguration.HashOf(options).ToString() == wanted ? options : null;
    }

    /// <summary>
    /// The folder of a journal, its segments, its snapshots, those too that are of no use, and the configuration beside
    /// them: what its readers read, and what a journal that is written over it replaces. Null stands for none.
    /// </summary>
    public static IEnumerable<string> FilesOf(string? folder)
    {
        if (folder is null)
            return [];

        var segments = Directory.Exists(folder) ? JournalFiles.In(folder).Values.AsEnumerable() : [];
        var snapshots = new SnapshotFolder(Path.Combine(folder, SnapshotFolder.Name));
        return
        [
            folder, Path.Combine(folder, JournalConfiguration.FileName), .. segments,
            .. snapshots.Sequences.Select(snapshots.PathOf), .. snapshots.Unusable,
        ];
    }

    /// <summary>
    /// Tells on standard error how a journal ends that has no ordered end; nothing where it was not read to its end.
    /// </summary>
    /// <param name="command">Who tells, such as journal export.</param>
    /// <param name="endNote">What the reader says.</param>
    public static void TellEnd(string command, string? endNote)
    {
        if (endNote is not null)
            Console.Error.WriteLine($"xp {command}: {endNote}");
    }

    /// <summary>
    /// Refuses a folder that holds a journal, unless that is asked for, and tells on standard error of a journal in it
    /// that an earlier run has set aside. Null stands for none.
    /// </summary>
    /// <exception cref="UsageException">It holds one.</exception>
    public static void MustBeNew(bool isForced, string? folder)
    {
        if (folder is null || !Directory.Exists(folder))
            return;

        foreach (var aside in ReplacedJournal.LeftIn(folder))
        {
            Console.Error.WriteLine(
                $"xp: {aside} holds a journal that was to be written over by a run which was killed, or is under way: "
                + "put its files back or remove them");
        }

        if (!isForced && JournalFiles.In(folder).Count > 0)
        {
            throw new UsageException(
                $"the journal '{folder}' is there already: name another, or write over it with --force");
        }
    }
}
