using System.Globalization;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>Readers of numbers within a range. Text is read in the invariant culture.</summary>
public static class Numbers
{
    /// <summary>A whole number within [min, max].</summary>
    public static ValueReader<long> Whole(string unit, long min, long max) =>
        new($"unit: {unit}", text => ReadWhole(text, unit, min, max));

    /// <summary>A whole number within [min, max] that an int holds.</summary>
    public static ValueReader<int> WholeInt(string unit, int min, int max) =>
        new($"unit: {unit}", text =>
        {
            var read = ReadWhole(text, unit, min, max);
            return new ReadValue<int>((int)read.Value, read.Problem);
        });

    /// <summary>An id, which is any 64-bit number but 0.</summary>
    public static ValueReader<ulong> Id(string unit) => new($"unit: {unit}", text =>
        !ulong.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? ReadValue<ulong>.Not($"'{text}' is not a whole number of at most {ulong.MaxValue} ({unit})")
            : value == 0
                ? ReadValue<ulong>.Not($"0 is outside 1 to {ulong.MaxValue} ({unit})")
                : ReadValue<ulong>.Of(value));

    /// <summary>A share, from 0 to 1.</summary>
    public static ValueReader<double> Share { get; } = new("a share: 0 to 1", static text =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1
            ? ReadValue<double>.Of(value)
            : ReadValue<double>.Not($"'{text}' is no share: give 0 to 1"));

    /// <summary>A positive number of at most <paramref name="max"/>.</summary>
    public static ValueReader<double> Positive(string unit, double max) =>
        new($"unit: {unit}", text => ReadPositive(text, unit, max));

    private static ReadValue<long> ReadWhole(string text, string unit, long min, long max)
    {
        var style = NumberStyles.AllowLeadingSign;
        if (!long.TryParse(text, style, CultureInfo.InvariantCulture, out var value))
            return ReadValue<long>.Not($"'{text}' is not a whole number ({unit})");

        return value >= min && value <= max
            ? ReadValue<long>.Of(value)
            : ReadValue<long>.Not(string.Create(
                CultureInfo.InvariantCulture, $"{value} is outside {min} to {max} ({unit})"));
    }

    private static ReadValue<double> ReadPositive(string text, string unit, double max)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            return ReadValue<double>.Not($"'{text}' is not a number ({unit})");

        return value > 0 && value <= max
            ? ReadValue<double>.Of(value)
            : ReadValue<double>.Not(string.Create(
                CultureInfo.InvariantCulture, $"{text} must be over 0 and at most {max} ({unit})"));
    }
}

/// <summary>A reader of one of several words, which are an enum's names in lower case.</summary>
public static class Choices
{
    /// <summary>One of the enum's values, in lower case.</summary>
    /// <param name="leftOut">Values that make no sense here.</param>
    public static ValueReader<T> Of<T>(params IReadOnlyList<T> leftOut)
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().Except(leftOut).Select(value => value.ToString().ToLowerInvariant()).ToArray();
        return new ValueReader<T>($"one of: {string.Join(", ", words)}", text => Read<T>(text, words))
        {
            Words = words,
        };
    }

    private static ReadValue<T> Read<T>(string text, string[] words)
        where T : struct, Enum
    {
        return words.Contains(text)
            ? ReadValue<T>.Of(Enum.Parse<T>(text, ignoreCase: true))
            : ReadValue<T>.Not($"'{text}' is none of {string.Join(", ", words)}{Suggestion.For(text, words)}");
    }
}

/// <summary>Readers of processor numbers that this process may run on.</summary>
public static class CpuLists
{
    private const string Unpinned = "none";

    /// <summary>Numbers and ranges, such as 0,2-3; "none" is the empty list.</summary>
    public static ValueReader<IReadOnlyList<int>> Many { get; } =
        new("unit: processor numbers, such as 0,2-3, or none", text => ReadMany(text, ThreadAffinity.Allowed()));

    /// <summary>One number; "none" is the empty list.</summary>
    public static ValueReader<IReadOnlyList<int>> One { get; } =
        new("unit: processor number, or none", text => ReadOne(text, ThreadAffinity.Allowed()));

    /// <summary>Reads a list against the processors that are allowed.</summary>
    public static ReadValue<IReadOnlyList<int>> ReadMany(string text, IReadOnlyCollection<int> allowed)
    {
        if (text == Unpinned)
            return ReadValue<IReadOnlyList<int>>.Of([]);

        var cpus = new List<int>();
        foreach (var part in text.Split(','))
        {
            if (!TryReadRange(part, out var first, out var last))
                return Not($"'{part}' is neither a processor number nor a range");

            for (var cpu = first; cpu <= last; cpu++)
            {
                if (!allowed.Contains(cpu))
                    return Not($"processor {cpu} is not among those allowed here: {string.Join(',', allowed)}");
                if (cpus.Contains(cpu))
                    return Not($"processor {cpu} is named twice");
                cpus.Add(cpu);
            }
        }

        return ReadValue<IReadOnlyList<int>>.Of(cpus);
    }

    private static ReadValue<IReadOnlyList<int>> ReadOne(string text, IReadOnlyCollection<int> allowed)
    {
        var many = ReadMany(text, allowed);
        return many.Value is { Count: > 1 } ? Not($"'{text}' is more than one processor") : many;
    }

    private static bool TryReadRange(string part, out int first, out int last)
    {
        var dash = part.IndexOf('-', StringComparison.Ordinal);
        var from = dash < 0 ? part : part[..dash];
        var to = dash < 0 ? part : part[(dash + 1)..];
        last = 0;
        return TryReadNumber(from, out first) && TryReadNumber(to, out last) && first <= last;
    }

    private static bool TryReadNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number < ThreadAffinity.MaxProcessors;

    private static ReadValue<IReadOnlyList<int>> Not(string problem) => ReadValue<IReadOnlyList<int>>.Not(problem);
}
