using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ExecutionPipeline.Pipeline.Configuration;

namespace ExecutionPipeline.Cli.Config;

/// <summary>The keys as a document with a table for each section.</summary>
internal static class KeyDocument
{
    private const string Beginning = """
        # Configuration

        Every key of the configuration. `xp config schema --markdown` writes this document from the options' types and
        their documentation, and a test holds it against them; [OPERATIONS.md](OPERATIONS.md#configuration) says how a
        configuration is read. In a name, `[]` stands for each entry of a list and `*` for a name of your own.

        """;

    /// <summary>The document.</summary>
    public static string Of(KeyDescriptions descriptions)
    {
        var text = new StringBuilder(Beginning).Append('\n');
        var single = ConfigurationKey.Root.Keys.Where(static key => !HasTable(key)).ToList();
        AppendTable(text, single, descriptions);
        foreach (var section in ConfigurationKey.Root.Keys.Where(HasTable))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {section.Name}\n\n{descriptions.Of(section)}\n\n");
            AppendTable(text, [.. Leaves(section)], descriptions);
        }

        return text.ToString();
    }

    private static bool HasTable(ConfigurationKey key) =>
        key.Kind == KeyKind.Object || key.Item is { Kind: KeyKind.Object };

    private static IEnumerable<ConfigurationKey> Leaves(ConfigurationKey key) =>
        key.Kind == KeyKind.Object ? key.Keys.SelectMany(Leaves)
        : key.Item is { Kind: KeyKind.Object } item ? Leaves(item)
        : [key];

    private static void AppendTable(
        StringBuilder text, IReadOnlyList<ConfigurationKey> keys, KeyDescriptions descriptions)
    {
        text.Append("| key | value | default | meaning |\n| --- | --- | --- | --- |\n");
        foreach (var key in keys)
        {
            string[] cells = [$"`{key.Path}`", ValueOf(key), DefaultOf(key), MeaningOf(key, descriptions)];
            text.AppendJoin("", cells.Select(static cell => $"| {Cell(cell)} ")).Append("|\n");
        }
    }

    private static string ValueOf(ConfigurationKey key)
    {
        var value = key.Kind switch
        {
            KeyKind.List => $"list of: {ValueOf(key.Item!)}",
            KeyKind.Map => $"by name: {ValueOf(key.Item!)}",
            KeyKind.Choice => string.Join(", ", key.Choices.Select(static word => $"`{word}`")),
            KeyKind.Date => "date, `2026-12-31`",
            KeyKind.Time => "time, `17:00:00`",
            KeyKind.Object => "object",
            _ => key.Words[(key.Words.StartsWith("a ", StringComparison.Ordinal) ? 2 : 0)..],
        };
        var range = key.Range is { } limits ? $", {limits}" : "";
        return $"{value}{range}{(key.IsNullable ? ", or null" : "")}";
    }

    private static string DefaultOf(ConfigurationKey key) => key.HasNoDefault ? "none" : key.Default switch
    {
        null => "null",
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String =>
            value.GetValue<string>() is { Length: > 0 } text ? $"`{text}`" : "empty",
        JsonArray { Count: 0 } or JsonObject { Count: 0 } => "none",
        var other => $"`{other.ToJsonString()}`",
    };

    private static string MeaningOf(ConfigurationKey key, KeyDescriptions descriptions)
    {
        var meaning = descriptions.Of(key);
        if (key.Kind != KeyKind.Choice)
            return meaning;

        var words = key.Choices.Zip(descriptions.OfWords(key)).Where(static pair => pair.Second.Length > 0)
            .Select(static pair => $"`{pair.First}`: {pair.Second}");
        return $"{meaning} {string.Join(' ', words)}".Trim();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
