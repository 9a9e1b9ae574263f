using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ExecutionPipeline.Pipeline.Configuration;

namespace ExecutionPipeline.Cli.Config;

/// <summary>A key of a document with its value.</summary>
/// <param name="Key">With what it belongs to.</param>
/// <param name="Value">A single value as it was written; of a list all that it has.</param>
/// <param name="Place">Where it was written.</param>
internal sealed record ImportedKey(string Key, string Value, Place Place);

/// <summary>Reads the keys of the documents' files.</summary>
internal static partial class ImportSource
{
    private static readonly string[] Roots = ["execution_marl", "deployment", "execution_handler"];

    /// <summary>All keys of a file that have a value.</summary>
    /// <exception cref="InvalidDataException">The file is none of the documents'.</exception>
    public static IReadOnlyList<ImportedKey> Read(string path)
    {
        var text = BrokenLists().Replace(Alternatives().Replace(File.ReadAllText(path), "$1$2"), "        ");
        var keys = new ConfigurationText(path, Encoding.UTF8.GetBytes(text)).Flatten()
            .Select(static one => new ImportedKey(one.Key, one.Value, one.Place)).ToList();
        var other = keys.Select(static key => key.Key.Split('.')[0])
            .FirstOrDefault(static root => !Roots.Contains(root));
        return other is null && keys.Count > 0
            ? keys
            : throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{path}: it begins with {other ?? "nothing"}, not with one of {string.Join(", ", Roots)}"));
    }

    /// <summary>A document writes what a key may have as "live" | "backtest": the first one is meant.</summary>
    [GeneratedRegex("""^([ \t]*[\w]+:[ \t]*)("[^"\n]*")(?:[ \t]*\|[ \t]*"[^"\n]*")+""", RegexOptions.Multiline)]
    private static partial Regex Alternatives();

    /// <summary>A document breaks a long list of numbers where its page ends; YAML wants the rest indented.</summary>
    [GeneratedRegex(@"(?<=,[ \t]*\r?\n)(?=[-\d.\]])")]
    private static partial Regex BrokenLists();
}
