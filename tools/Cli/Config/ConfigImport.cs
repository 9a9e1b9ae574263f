using System.Globalization;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Config;

/// <summary>`xp config import`: makes a configuration of the documents' files.</summary>
internal static class ConfigImport
{
    /// <summary>The documents trade one future; where none names it, it is this one.</summary>
    private static readonly TakenKey[] Future =
    [
        new("instruments[0].id", "1", "the documents number no instrument"),
        new("instruments[0].symbol", "ES", "the documents' future"),
    ];

    /// <summary>Runs. Returns the exit code: 2 where a value cannot be used, and nothing is written.</summary>
    public static int Run(ConfigOptions options, TextWriter output, TextWriter error)
    {
        var taken = new List<TakenKey>();
        var report = new List<string>();
        foreach (var key in options.Documents.SelectMany(ImportSource.Read))
            report.Add(Take(key, taken));
        taken.AddRange(Future.Where(key => !taken.Exists(one => one.Key == key.Key)));

        // What was said to be wrong is at the document's place, not at ours.
        var problems = new List<ConfigurationProblem>();
        var settings = taken.OrderBy(static key => key.Key == Future[0].Key ? 0 : 1)
            .Select(static key => ConfigurationSetting.Option(key.Place, key.Key, key.Value));
        var loaded = ConfigurationLoader.TryLoad(new ConfigurationSources { Settings = [.. settings] }, problems);
        if (loaded?.FindMisfit() is { } misfit)
            problems.Add(misfit);
        foreach (var problem in problems)
            error.WriteLine(PrintableText.Line(problem.ToString()));
        if (problems.Count > 0)
            return ExitCode.Unusable;

        var yaml = ImportedYaml.Write(taken);
        if (options.OutputFile is { } file)
            WholeFile.WriteText(file, yaml);
        else
            output.Write(yaml);

        // The configuration can be sent to a file by the shell: what became of each key goes beside it.
        var told = options.OutputFile is null ? error : output;
        foreach (var line in report)
            told.WriteLine(PrintableText.Line(line));
        foreach (var line in OrderRoom.DescribeCeilings(loaded!.Options))
            told.WriteLine(line);
        return ExitCode.Done;
    }

    private static string Take(ImportedKey key, List<TakenKey> taken)
    {
        if (ImportRules.All.FirstOrDefault(rule => rule.IsFor(key.Key)) is not { } rule)
            return $"{key.Place}: {key.Key} is not taken: the documents have no such key";
        if (rule.Target is not { } target)
            return $"{key.Place}: {key.Key} is not taken: {rule.Note}";

        var value = rule.Words?.GetValueOrDefault(key.Value) ?? key.Value;
        var isSaid = rule.Note.Length > 0 && (rule.Words is null || value != key.Value);
        var note = isSaid ? $" ({rule.Note})" : "";
        var known = taken.FindIndex(one => one.Key == target);
        if (known < 0)
        {
            taken.Add(new TakenKey(target, value, key.Key, key.Place.ToString()));
            return $"{key.Place}: {key.Key} becomes {target}: {value}{note}";
        }

        var before = taken[known];
        if (!IsStricter(value, before.Value))
        {
            return $"{key.Place}: {key.Key} is not taken: {target} is {before.Value} by {before.From}, "
                + "which is stricter";
        }

        taken[known] = new TakenKey(target, value, key.Key, key.Place.ToString());
        return $"{key.Place}: {key.Key} becomes {target}: {value}, stricter than {before.Value} by {before.From}{note}";
    }

    private static bool IsStricter(string value, string than) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var one)
        && double.TryParse(than, NumberStyles.Float, CultureInfo.InvariantCulture, out var other)
        && one < other;
}

/// <summary>A key of ours, and what it was made of.</summary>
/// <param name="Key">As in a file.</param>
/// <param name="Value">As in YAML.</param>
/// <param name="From">The document's key, or why it is there.</param>
/// <param name="Place">Where that was written; empty: nowhere.</param>
internal sealed record TakenKey(string Key, string Value, string From, string Place = "import");
