using System.Globalization;

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
