using System.Text;
using System.Text.Json;

namespace ExecutionPipeline.Pipeline.Configuration;

/// <summary>Reads JSON with comments and trailing commas, and keeps the place of everything.</summary>
internal ref struct JsonText
{
    private readonly ReadOnlySpan<byte> _utf8;
    private readonly string _source;
    private Utf8JsonReader _reader;
    private int _line = 1;
    private int _lineStart;
    private int _counted;

    private JsonText(ReadOnlySpan<byte> utf8, string source)
    {
        _utf8 = utf8;
        _source = source;
        _reader = new Utf8JsonReader(
            utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
    }

    /// <summary>Reads a text; null: there is nothing in it.</summary>
    /// <exception cref="ConfigurationSyntaxException">It is no JSON.</exception>
    public static ConfigurationNode? Read(ReadOnlySpan<byte> utf8, string source)
    {
        var text = new JsonText(utf8, source);
        try
        {
            if (!text._reader.Read())
                return null;

            var node = text.Value();
            text._reader.Read();
            return node;
        }
        catch (JsonException problem)
        {
            if (problem.Message.Contains("any JSON tokens", StringComparison.Ordinal))
                return null;

            var column = (int)(problem.BytePositionInLine ?? 0) + 1;
            var end = problem.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            throw new ConfigurationSyntaxException(
                Place.InFile(source, (int)(problem.LineNumber ?? 0) + 1, column),
                end < 0 ? problem.Message : problem.Message[..end]);
        }
    }

    private ConfigurationNode Value()
    {
        var place = PlaceOfToken();
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return Object(place);
            case JsonTokenType.StartArray:
                var list = new ListNode(place);
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
                    list.Items.Add(Value());
                return list;
            case JsonTokenType.String:
                return new ScalarNode(place, TextAt(place), ScalarKind.Text);
            case JsonTokenType.Number:
                return new ScalarNode(place, Encoding.UTF8.GetString(_reader.ValueSpan), ScalarKind.Number);
            case JsonTokenType.Null:
                return new ScalarNode(place, "null", ScalarKind.Null);
            default:
                return new ScalarNode(place, Encoding.UTF8.GetString(_reader.ValueSpan), ScalarKind.Flag);
        }
    }

    private ObjectNode Object(Place place)
    {
        var node = new ObjectNode(place);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var keyPlace = PlaceOfToken();
            var name = TextAt(keyPlace);
            _reader.Read();
            node.Add(new ConfigurationEntry(name, keyPlace, Value()));
        }

        return node;
    }

    /// <summary>The token's text. JSON can write what is no text: half of a character beyond the first 65536.</summary>
    private readonly string TextAt(Place place)
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new ConfigurationSyntaxException(place, "half of a surrogate pair stands by itself in this text");
        }
    }

    private Place PlaceOfToken()
    {
        var start = (int)_reader.TokenStartIndex;
        for (; _counted < start; _counted++)
        {
            if (_utf8[_counted] == '\n')
                (_line, _lineStart) = (_line + 1, _counted + 1);
        }

        return Place.InFile(_source, _line, Encoding.UTF8.GetCharCount(_utf8[_lineStart..start]) + 1);
    }
}
