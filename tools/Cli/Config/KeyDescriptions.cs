using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using ExecutionPipeline.Pipeline.Configuration;

namespace ExecutionPipeline.Cli.Config;

/// <summary>
/// What the options' documentation says of each key. The compiler writes it beside each assembly, so that schema and
/// document say what the code says.
/// </summary>
internal sealed partial class KeyDescriptions
{
    private readonly Dictionary<string, XElement> _summaries = [];

    private KeyDescriptions()
    {
    }

    /// <summary>Reads the documentation of every assembly that has options.</summary>
    /// <exception cref="InvalidDataException">It is not beside the assembly.</exception>
    public static KeyDescriptions Load()
    {
        var descriptions = new KeyDescriptions();
        foreach (var name in AssembliesOf(ConfigurationKey.Root).Select(static one => one.GetName().Name).Distinct())
        {
            var path = Path.Combine(AppContext.BaseDirectory, $"{name}.xml");
            try
            {
                foreach (var member in XDocument.Load(path).Descendants("member"))
                {
                    if (member.Element("summary") is { } summary)
                        descriptions._summaries[member.Attribute("name")!.Value] = summary;
                }
            }
            catch (Exception problem) when (problem is IOException or XmlException)
            {
                throw new InvalidDataException($"the keys' descriptions are missing: {problem.Message}", problem);
            }
        }

        return descriptions;
    }

    /// <summary>What a key means, without its default; empty: nothing is said.</summary>
    public string Of(ConfigurationKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var text = key.Property is { } property ? Text($"P:{NameOf(property.DeclaringType!)}.{property.Name}") : "";
        if (text.Length == 0 && key.Kind == KeyKind.Object)
            text = Text($"T:{NameOf(key.Type)}");
        return DefaultSentence().Replace(text, "").Trim();
    }

    /// <summary>What each word of a choice means, in the words' order.</summary>
    public IReadOnlyList<string> OfWords(ConfigurationKey key) =>
        [.. Enum.GetNames(key.Type).Select(name => Text($"F:{NameOf(key.Type)}.{name}"))];

    private static IEnumerable<Assembly> AssembliesOf(ConfigurationKey key) =>
        key.Keys.Append(key.Item).OfType<ConfigurationKey>().SelectMany(AssembliesOf).Append(key.Type.Assembly)
            .Where(static one => one.GetName().Name!.StartsWith("ExecutionPipeline", StringComparison.Ordinal));

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private string Text(string member) => _summaries.TryGetValue(member, out var summary)
        ? Spaces().Replace(string.Concat(summary.Nodes().Select(TextOf)), " ").Trim()
        : "";

    /// <summary>A reference to another option becomes its key.</summary>
    private static string TextOf(XNode node)
    {
        if (node is XText text)
            return text.Value;
        if (node is not XElement element)
            return "";

        var reference = element.Attribute("cref")?.Value ?? element.Attribute("name")?.Value ?? "";
        if (reference.Length == 0 || !element.IsEmpty)
            return string.Concat(element.Nodes().Select(TextOf));

        var name = reference[(reference.LastIndexOf('.') + 1)..];
        return reference.StartsWith("T:", StringComparison.Ordinal)
            ? name
            : JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    /// <summary>Schema and document have a place of their own for it; a long one says more than the value.</summary>
    [GeneratedRegex(@"(?<=^|[.;] )Default:? \S+( \S+){0,2}?\.(?=\s|$)")]
    private static partial Regex DefaultSentence();
}
