using System.Globalization;

namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>Sizes and durations as people write them: 64k, 16m, 1g; 100ns, 10us, 5ms, 1s.</summary>
public static class SystemUtil
{
    private static readonly (string Suffix, long Factor)[] Durations =
        [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000)];

    private static readonly (string Suffix, long Factor)[] Sizes =
        [("", 1), ("k", 1 << 10), ("m", 1 << 20), ("g", 1 << 30)];

    /// <summary>Bytes: a number, and k, m or g for the powers of 1024.</summary>
    /// <param name="propertyName">What the error is to name.</param>
    /// <param name="propertyValue">The text.</param>
    /// <exception cref="FormatException">It is no size, or beyond 64 bits.</exception>
    public static long ParseSize(string propertyName, string propertyValue) =>
        Parse(propertyName, propertyValue, Sizes, "a size such as 65536, 64k, 16m or 1g");

    /// <summary>Nanoseconds: a number with ns, us, ms or s, or without for nanoseconds.</summary>
    /// <param name="propertyName">What the error is to name.</param>
    /// <param name="propertyValue">The text.</param>
    /// <exception cref="FormatException">It is no duration, or beyond 64 bits.</exception>
    public static long ParseDuration(string propertyName, string propertyValue) =>
        Parse(propertyName, propertyValue, Durations, "a duration such as 100ns, 10us, 5ms or 1s");

    /// <summary>A number of bytes, in the largest unit that divides it.</summary>
    public static string FormatSize(long size) => Format(size, Sizes);

    /// <summary>A number of nanoseconds, in the largest unit that divides it.</summary>
    public static string FormatDuration(long durationNs) => Format(durationNs, Durations);

    private static long Parse(string name, string text, (string Suffix, long Factor)[] units, string expected)
    {
        ArgumentNullException.ThrowIfNull(text);
        var digits = text.AsSpan().TrimEnd("kmgnusKMGNUS");
        var suffix = text[digits.Length..].ToLowerInvariant();
        var factor = suffix.Length == 0 ? 1 : Array.Find(units, unit => unit.Suffix == suffix).Factor;
        if (factor == 0
            || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            || value > long.MaxValue / factor)
            throw new FormatException($"{name}={text} must be {expected}");

        return value * factor;
    }

    private static string Format(long value, (string Suffix, long Factor)[] units)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        var (suffix, factor) = Array.FindLast(
            units, unit => unit.Factor == 1 || (value >= unit.Factor && value % unit.Factor == 0));
        return string.Create(CultureInfo.InvariantCulture, $"{value / factor}{suffix}");
    }
}
