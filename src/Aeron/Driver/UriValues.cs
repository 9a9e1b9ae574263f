using System.Globalization;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>Reads the values of channel parameters.</summary>
internal static class UriValues
{
    /// <summary>A whole number.</summary>
    public static int? Int(ChannelUri uri, string key)
    {
        if (uri.Get(key) is not { } text)
            return null;

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Invalid(uri, key, text, "must be a number");
    }

    /// <summary>A number of up to 64 bits.</summary>
    public static long? Long(ChannelUri uri, string key)
    {
        if (uri.Get(key) is not { } text)
            return null;

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Invalid(uri, key, text, "must be a number");
    }

    /// <summary>True or false; anything else than true is false.</summary>
    public static bool IsTrue(ChannelUri uri, string key, bool defaultValue) =>
        uri.Get(key) is { } text ? text == "true" : defaultValue;

    /// <summary>Bytes: a number, and k, m or g for the powers of 1024.</summary>
    public static long? Size(ChannelUri uri, string key)
    {
        if (uri.Get(key) is not { } text)
            return null;

        var shift = text.Length == 0 ? 0 : text[^1] switch
        {
            'k' or 'K' => 10,
            'm' or 'M' => 20,
            'g' or 'G' => 30,
            _ => 0,
        };
        var digits = shift == 0 ? text : text[..^1];
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            || value > long.MaxValue >> shift)
            throw Invalid(uri, key, text, "must be a size such as 65536, 64k, 16m or 1g");

        return value << shift;
    }

    /// <summary>Nanoseconds: a number with ns, us, ms or s, or without for nanoseconds.</summary>
    public static long? DurationNs(ChannelUri uri, string key)
    {
        if (uri.Get(key) is not { } text)
            return null;

        var (unitLength, unitNs) = text switch
        {
            _ when text.EndsWith("ns", StringComparison.Ordinal) => (2, 1L),
            _ when text.EndsWith("us", StringComparison.Ordinal) => (2, 1_000L),
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (2, 1_000_000L),
            _ when text.EndsWith('s') => (1, 1_000_000_000L),
            _ => (0, 1L),
        };
        if (!long.TryParse(text[..^unitLength], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            || value > long.MaxValue / unitNs)
            throw Invalid(uri, key, text, "must be a duration such as 100ns, 10us, 5ms or 1s");

        return value * unitNs;
    }

    /// <summary>The error of a parameter that cannot be.</summary>
    public static ControlProtocolException Invalid(ChannelUri uri, string key, string value, string reason) =>
        new(ErrorCode.INVALID_CHANNEL, $"invalid {key}={value}, {reason}: channel={uri}");
}
