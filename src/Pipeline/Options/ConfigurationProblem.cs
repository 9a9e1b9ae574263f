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

    /// <summary>One sentence: the line, what is wrong there, the key.</summary>
    public static string Describe(JsonException exception, JsonSerializerOptions options)
    {
        var place = exception.LineNumber is { } line ? $"line {line + 1}: " : "";
        var path = string.IsNullOrEmpty(exception.Path) ? "$" : exception.Path;
        var message = exception.Message;
        if (message.Contains("could not be mapped", StringComparison.Ordinal))
            return $"{place}unknown key (at {path}){Suggestion.For(NamesOf(path)[^1], KeysBeside(path, options))}";

        if (message.Contains("could not be converted", StringComparison.Ordinal))
            return $"{place}it must be {WordsFor(TypeAt(path, options), options)} (at {path})";

        if (message.Contains("any JSON tokens", StringComparison.Ordinal))
            return "it is empty: at least { \"instruments\": [...] } is needed";

        var end = message.IndexOf(" Path:", StringComparison.Ordinal);
        return $"{place}{(end < 0 ? message : message[..end])} (at {path})";
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
}
