using System.Diagnostics.CodeAnalysis;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Algorithms;

/// <summary>The names that strategies have in configurations and reports.</summary>
public static class StrategyNames
{
    private static readonly string[] Names =
        ["IMMEDIATE", "TWAP_5MIN", "VWAP_AGGRESSIVE", "ICEBERG", "IMPLEMENTATION_SHORTFALL", "ADAPTIVE"];

    /// <summary>In the order of <see cref="ExecutionStrategy"/>.</summary>
    public static IReadOnlyList<string> All => Names;

    public static string NameOf(ExecutionStrategy strategy) => Names[(int)strategy];

    /// <summary>Upper and lower case are the same.</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, out ExecutionStrategy strategy)
    {
        var index = Array.FindIndex(Names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
        strategy = (ExecutionStrategy)Math.Max(0, index);
        return index >= 0;
    }
}
