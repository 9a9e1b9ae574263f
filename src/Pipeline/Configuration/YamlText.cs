using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ExecutionPipeline.Pipeline.Configuration;

/// <summary>
/// Reads YAML and keeps the place of everything. What a plain scalar is, its key says, so that a symbol NO or a time
/// 09:30 stays a text. Aliases, tags and a second document are refused: each value stands where it is read.
/// </summary>
internal sealed class YamlText
{
    private const int DeepestLevel = 64;

    private readonly string _source;
    private readonly Parser _parser;

    private YamlText(string text, string source)
    {
        _source = source;
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <summary>Reads a text; null: there is nothing in it.</summary>
    /// <exception cref="ConfigurationSyntaxException">It is no YAML that is taken.</exception>
    public static ConfigurationNode? Read(string text, string source)
    {
        var yaml = new YamlText(text, source);
        try
        {
            return yaml.Document();
        }
        catch (YamlException problem)
        {
            throw new ConfigurationSyntaxException(yaml.PlaceOf(problem.Start), problem.Message);
        }
        catch (Exception problem) when (problem
            is InvalidOperationException or ArgumentException or FormatException or IndexOutOfRangeException)
        {
            // So the library ends where a text stops in the middle of something.
            throw new ConfigurationSyntaxException(
                yaml.PlaceOf(yaml._parser.Current?.End ?? Mark.Empty), "what follows is no YAML");
        }
    }

    private ConfigurationNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
            return null;

        _parser.Consume<DocumentStart>();
        var node = Node(0);
        _parser.Consume<DocumentEnd>();
        return _parser.Accept<DocumentStart>(out var second)
            ? throw Refuse(second.Start, "a second document begins: a configuration is one document")
            : node;
    }

    private ConfigurationNode Node(int level)
    {
        if (level > DeepestLevel)
            throw Refuse(_parser.Current!.Start, $"it is nested more than {DeepestLevel} levels deep");
        if (_parser.Accept<AnchorAlias>(out var alias))
            throw Refuse(alias.Start, $"*{alias.Value} is an alias: write the value itself");
        if (_parser.Accept<NodeEvent>(out var node) && !(node.Anchor.IsEmpty && node.Tag.IsEmpty))
            throw Refuse(node.Start, "anchors and tags are not taken: write the value itself");

        if (_parser.TryConsume<MappingStart>(out var mapping))
            return Object(PlaceOf(mapping.Start), level);
        if (_parser.TryConsume<SequenceStart>(out var sequence))
            return List(PlaceOf(sequence.Start), level);

        var scalar = _parser.Consume<Scalar>();
        return new ScalarNode(PlaceOf(scalar.Start), scalar.Value, KindOf(scalar));
    }

    private ObjectNode Object(Place place, int level)
    {
        var node = new ObjectNode(place);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out var key))
                throw Refuse(_parser.Current!.Start, "a key must be a word");

            node.Add(new ConfigurationEntry(key.Value, PlaceOf(key.Start), Node(level + 1)));
        }

        return node;
    }

    private ListNode List(Place place, int level)
    {
        var node = new ListNode(place);
        while (!_parser.TryConsume<SequenceEnd>(out _))
            node.Items.Add(Node(level + 1));
        return node;
    }

    private static ScalarKind KindOf(Scalar scalar) =>
        scalar.Style != ScalarStyle.Plain ? ScalarKind.Text
        : scalar.Value is "" or "~" or "null" or "Null" or "NULL" ? ScalarKind.Null
        : ScalarKind.Plain;

    private ConfigurationSyntaxException Refuse(Mark mark, string what) => new(PlaceOf(mark), what);

    private Place PlaceOf(Mark mark) => Place.InFile(_source, (int)mark.Line, (int)mark.Column);
}
