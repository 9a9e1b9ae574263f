using System.Globalization;
using ExecutionPipeline.Native;

namespace ExecutionPipeline.Cli.CommandLine;

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
