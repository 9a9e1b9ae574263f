using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ExecutionPipeline.Pipeline.Options;

/// <summary>What the parser of a configuration says, in an operator's words: no names of types.</summary>
internal static class ConfigurationProblem
{
    private static readonly (Type Type, string Words)[] Kinds =
    [
        (typeof(bool), "true or false"),
        (typeof(int), "a whole number"),
        (typeof(long), "a whole number"),
        (typeof(uint), "a whole number"),
        (typeof(double), "a number"),
        (typeof(decimal), "a number"),
        (typeof(string), "a text"),
        (typeof(DateOnly), "a date such as \"2026-12-31\""),
        (typeof(TimeOnly), "a time such as \"17:00:00\""),
    ];

    /// <summary>One sentence: the line, the key and what is wrong with it.</summary>
    public static string Describe(JsonException exception, ReadOnlySpan<byte> utf8, JsonSerializerOptions options)
    {
        var place = exception.LineNumber is { } line ? $"line {line + 1}: " : "";
        var path = string.IsNullOrEmpty(exception.Path) ? "$" : exception.Path;
        var message = exception.Message;
        if (message.Contains("could not be mapped", StringComparison.Ordinal))
        {
            var meant = Suggestion.For(NamesOf(path)[^1], KeysBeside(path, options));
            return $"{place}there is no key {KeyOf(path)}{meant}";
        }

        if (message.Contains("could not be converted", StringComparison.Ordinal))
        {
            var expected = KeyRange.Of(KeyOf(path)) is { } range
                ? $"{WordsFor(TypeAt(path, options), options)}, {range}"
                : WordsFor(TypeAt(path, options), options);
            return $"{place}{KeyOf(path)} is {ValueAt(utf8, KeyOf(path))}: it must be {expected}";
        }

        if (message.Contains("any JSON tokens", StringComparison.Ordinal))
            return "it is empty: at least { \"instruments\": [...] } is needed";

        var end = message.IndexOf(" Path:", StringComparison.Ordinal);
        return $"{place}{(end < 0 ? message : message[..end])} (at {KeyOf(path)})";
    }

    /// <summary>The first number that is out of its key's range, in one sentence; null: there is none.</summary>
    public static string? FindOutOfRange(ReadOnlySpan<byte> utf8)
    {
        var walk = new Walk(utf8);
        while (walk.TryNext())
        {
            if (walk.Kind == JsonTokenType.Number && KeyRange.Of(walk.Key) is { } range && !range.Has(walk.Number))
                return $"line {walk.Line}: {walk.Key} is {walk.Text}: it must be {range}";
        }

        return null;
    }

    private static string KeyOf(string path) =>
        path.Length < 2 ? "the configuration" : path[1] == '.' ? path[2..] : path[1..];

    private static string ValueAt(ReadOnlySpan<byte> utf8, string key)
    {
        var walk = new Walk(utf8);
        while (walk.TryNext())
        {
            if (walk.Key == key || (key == "the configuration" && walk.Key.Length == 0))
                return walk.Text;
        }

        return "of another kind";
    }

    private static string[] NamesOf(string path) =>
        path.Split(['.', '['], StringSplitOptions.RemoveEmptyEntries)[1..];

    private static IEnumerable<string> KeysBeside(string path, JsonSerializerOptions options)
    {
        var owner = path[..Math.Max(1, path.LastIndexOf('.'))];
        return TypeAt(owner, options) is { } type ? options.GetTypeInfo(type).Properties.Select(key => key.Name) : [];
    }

    /// <summary>What belongs at a path such as $.instruments[0].id; null: nothing that is known.</summary>
    private static Type? TypeAt(string path, JsonSerializerOptions options)
    {
        Type? type = typeof(PipelineOptions);
        foreach (var name in NamesOf(path))
        {
            if (type is null)
                return null;

            var info = options.GetTypeInfo(type);
            type = info.Kind == JsonTypeInfoKind.Object
                ? info.Properties.FirstOrDefault(property => property.Name == name)?.PropertyType
                : info.ElementType;
        }

        return type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
    }

    private static string WordsFor(Type? type, JsonSerializerOptions options)
    {
        if (type is null)
            return "of another kind";

        if (type.IsEnum)
        {
            var names = Enum.GetNames(type).Select(name => options.PropertyNamingPolicy!.ConvertName(name));
            return $"one of {string.Join(", ", names)}";
        }

        foreach (var (kind, words) in Kinds)
        {
            if (kind == type)
                return words;
        }

        return options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Enumerable ? "a list: [...]" : "an object: {...}";
    }

    /// <summary>Goes through the values of a text and knows the key and the line of each.</summary>
    private ref struct Walk
    {
        private readonly ReadOnlySpan<byte> _utf8;
        private readonly List<(string Name, int Index)> _path = [("", -1)];
        private Utf8JsonReader _reader;

        public Walk(ReadOnlySpan<byte> utf8)
        {
            _utf8 = utf8;
            _reader = new Utf8JsonReader(
                utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }

        public readonly JsonTokenType Kind => _reader.TokenType;

        public string Key { get; private set; } = "";

        public readonly double Number => _reader.GetDouble();

        public readonly int Line => _utf8[..(int)_reader.TokenStartIndex].Count((byte)'\n') + 1;

        public readonly string Text => Kind switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "a list",
            _ => System.Text.Encoding.UTF8.GetString(
                _utf8[(int)_reader.TokenStartIndex..(int)_reader.BytesConsumed]),
        };

        /// <summary>The next value, or the beginning of one; false at the end, or where the text is no JSON.</summary>
        public bool TryNext()
        {
            try
            {
                while (_reader.Read())
                {
                    if (HasBegunAValue())
                        return true;
                }
            }
            catch (JsonException)
            {
                // Whoever reads the text says what is wrong with it.
            }

            return false;
        }

        private bool HasBegunAValue()
        {
            if (Kind == JsonTokenType.PropertyName)
            {
                _path[^1] = (_reader.GetString()!, -1);
                return false;
            }

            if (Kind is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                _path.RemoveAt(_path.Count - 1);
                return false;
            }

            if (_path[^1].Index >= 0)
                _path[^1] = (_path[^1].Name, _path[^1].Index + 1);
            Key = string.Concat(_path.Select(static part => part.Index > 0
                ? $"[{part.Index - 1}]"
                : part.Name.Length == 0 ? "" : $".{part.Name}")).TrimStart('.');
            if (Kind == JsonTokenType.StartObject)
                _path.Add(("", -1));
            else if (Kind == JsonTokenType.StartArray)
                _path.Add(("", 0));
            return true;
        }
    }
}
