using System.Globalization;
using System.Text.Json.Nodes;

namespace ExecutionPipeline.Pipeline.Configuration;

/// <summary>Reads single values as their keys want them.</summary>
internal static class ScalarValues
{
    /// <summary>The value as JSON; false: it is none of the key's kind. A number's range is not looked at.</summary>
    public static bool TryRead(ScalarNode node, ConfigurationKey key, out JsonNode? value)
    {
        value = null;
        if (node.Kind == ScalarKind.Null)
            return key.IsNullable;

        var isWord = node.Kind is ScalarKind.Plain or ScalarKind.Text;
        var isNumber = node.Kind is ScalarKind.Plain or ScalarKind.Number;
        value = key.Kind switch
        {
            KeyKind.Text when isWord => JsonValue.Create(node.Text),
            KeyKind.Whole when isNumber => Whole(node.Text, key.Type),
            KeyKind.Number when isNumber => Number(node.Text, key.Type),
            KeyKind.Flag when node.Kind is ScalarKind.Plain or ScalarKind.Flag => Flag(node.Text),
            KeyKind.Choice when isWord => Choice(node.Text, key.Choices),
            KeyKind.Date when isWord => Date(node.Text),
            KeyKind.Time when isWord => Time(node.Text),
            _ => null,
        };
        return value is not null;
    }

    /// <summary>A number, finite or not, that the range is held against; NaN: the value is no number.</summary>
    public static double Magnitude(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : double.NaN;

    private static JsonValue? Whole(string text, Type type)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return null;

        var isHeld = type == typeof(long)
            || (type == typeof(int)
                ? number is >= int.MinValue and <= int.MaxValue
                : number is >= 0 and <= uint.MaxValue);
        return isHeld ? JsonValue.Create(number) : null;
    }

    private static JsonNode? Number(string text, Type type)
    {
        // The words for infinity and for what is not a number are numbers to the library.
        if (text.Length == 0 || !(char.IsAsciiDigit(text[^1]) || text[^1] == '.') || text.Contains(' '))
            return null;

        if (type == typeof(decimal))
        {
            return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var money)
                ? JsonValue.Create(money)
                : null;
        }

        // One that is too large for its type is a number all the same: its range refuses it.
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(double.IsFinite(number) ? number : double.MaxValue)
            : null;
    }

    private static JsonValue? Flag(string text) =>
        text.Equals("true", StringComparison.OrdinalIgnoreCase) ? JsonValue.Create(true)
        : text.Equals("false", StringComparison.OrdinalIgnoreCase) ? JsonValue.Create(false)
        : null;

    private static JsonValue? Choice(string text, IReadOnlyList<string> words) =>
        words.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } word
            ? JsonValue.Create(word)
            : null;

    private static JsonValue? Date(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? JsonValue.Create(text)
            : null;

    private static JsonValue? Time(string text) =>
        TimeOnly.TryParseExact(text, "HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        || TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? JsonValue.Create(text.Length == "HH:mm".Length ? $"{text}:00" : text)
            : null;
}
