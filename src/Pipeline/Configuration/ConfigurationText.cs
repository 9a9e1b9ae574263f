using System.Text;

namespace ExecutionPipeline.Pipeline.Configuration;

/// <summary>A text that is no YAML, or no JSON.</summary>
/// <param name="place">Where that shows.</param>
/// <param name="what">What is wrong, in one sentence.</param>
internal sealed class ConfigurationSyntaxException(Place place, string what)
    : Exception($"{place}: {what.ReplaceLineEndings(" ")}")
{
    public Place Place { get; } = place;

    public string What { get; } = what.ReplaceLineEndings(" ");
}

/// <summary>A layer of a configuration as a text: YAML, or JSON with comments.</summary>
/// <param name="Name">The file, or what stands for one; empty: it has no name.</param>
/// <param name="Utf8">The text.</param>
public sealed record ConfigurationText(string Name, ReadOnlyMemory<byte> Utf8)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ConfigurationText Open(string path) => new(path, File.ReadAllBytes(path));

    /// <summary>By the name's extension, and where that is another one, by how the text begins.</summary>
    private bool IsJson => Path.GetExtension(Name).ToLowerInvariant() switch
    {
        ".json" => true,
        ".yaml" or ".yml" => false,
        _ => WithoutMark.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[' or (byte)'/' or (byte)'"', ..],
    };

    private ReadOnlySpan<byte> WithoutMark => Utf8.Span.StartsWith("\uFEFF"u8) ? Utf8.Span[3..] : Utf8.Span;

    /// <summary>
    /// Every key that has a value, with the value as it was written; of a list all its values, with commas between. For
    /// files of other schemas.
    /// </summary>
    /// <exception cref="InvalidDataException">It is neither YAML nor JSON.</exception>
    public IEnumerable<(string Key, string Value, Place Place)> Flatten()
    {
        try
        {
            return Flatten(Read(), "");
        }
        catch (ConfigurationSyntaxException problem)
        {
            throw new InvalidDataException(problem.Message, problem);
        }
    }

    private static IEnumerable<(string Key, string Value, Place Place)> Flatten(ConfigurationNode node, string path) =>
        node switch
        {
            ObjectNode keys => keys.Entries.SelectMany(
                entry => Flatten(entry.Value, ConfigurationCheck.Below(path, entry.Name))),
            ListNode list => [(path, string.Join(", ", list.Items.Select(static item => item.Written)), list.Place)],
            _ => [(path, ((ScalarNode)node).Text, node.Place)],
        };

    /// <summary>What is written in it.</summary>
    /// <exception cref="ConfigurationSyntaxException">It is none.</exception>
    internal ConfigurationNode Read()
    {
        var utf8 = WithoutMark;
        if (!System.Text.Unicode.Utf8.IsValid(utf8))
            throw new ConfigurationSyntaxException(Place.InFile(Name, 1, 1), "it is no UTF-8 text");

        var node = IsJson ? JsonText.Read(utf8, Name) : YamlText.Read(Encoding.UTF8.GetString(utf8), Name);
        return node ?? throw new ConfigurationSyntaxException(
            Place.InFile(Name, 1, 1), "it is empty: at least instruments is needed");
    }
}
