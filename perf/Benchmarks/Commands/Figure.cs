using System.Globalization;
using System.Text.Json.Serialization;

namespace ExecutionPipeline.Benchmarks.Commands;

/// <summary>What one side took for one pattern in one state of the machine, in nanoseconds.</summary>
/// <param name="Pattern">The pattern's name.</param>
/// <param name="Side">"this" for this build, "against" for the other, else what else was measured beside them.</param>
/// <param name="State">How far apart the cores were; null where that plays no part.</param>
/// <param name="Samples">Chunks of calls, or single events, that were timed.</param>
public sealed record Figure(string Pattern, string Side, string? State, int Samples)
{
    public double P10Ns { get; init; }

    public double P50Ns { get; init; }

    public double P90Ns { get; init; }

    public double P99Ns { get; init; }

    [JsonPropertyName("p99_9_ns")]
    public double P999Ns { get; init; }

    [JsonPropertyName("p99_99_ns")]
    public double P9999Ns { get; init; }

    /// <summary>The share of a core that the side's media driver took; null where there is none.</summary>
    public double? DriverShare { get; init; }

    /// <summary>Bytes that the side allocated while it was measured; null where that is not counted.</summary>
    public long? AllocatedBytes { get; init; }

    /// <summary>The figure of samples in ascending order.</summary>
    public static Figure Of(string pattern, string side, string? state, double[] orderedNs) =>
        new(pattern, side, state, orderedNs.Length)
        {
            P10Ns = At(orderedNs, 0.1),
            P50Ns = At(orderedNs, 0.5),
            P90Ns = At(orderedNs, 0.9),
            P99Ns = At(orderedNs, 0.99),
            P999Ns = At(orderedNs, 0.999),
            P9999Ns = At(orderedNs, 0.9999),
        };

    /// <summary>One line of a table.</summary>
    public override string ToString()
    {
        var times = Samples == 0 ? "nothing timed" : string.Create(
            CultureInfo.InvariantCulture,
            $"{Samples,8} timed  p10 {P10Ns,10:F2}  p50 {P50Ns,10:F2}  p90 {P90Ns,10:F2}  p99 {P99Ns,10:F2}"
            + $"  p99.9 {P999Ns,10:F2}  p99.99 {P9999Ns,10:F2} ns  {1e3 / P50Ns,8:F1} M/s");
        var driver = DriverShare is not { } share
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"  driver {share:P2}");
        var allocated = AllocatedBytes is { } bytes ? $"  {bytes} bytes" : "";
        return $"{Pattern,-20} {Side,-10} {State,-7} {times}{driver}{allocated}";
    }

    /// <summary>The value below which a share of the ordered ones lie.</summary>
    public static double At(double[] ordered, double share) => ordered[(int)(share * (ordered.Length - 1))];
}
