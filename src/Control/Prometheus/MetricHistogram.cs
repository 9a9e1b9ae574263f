using System.Globalization;
using System.Text;

namespace ExecutionPipeline.Control.Prometheus;

/// <summary>A histogram as Prometheus has it: how many values were at most so large.</summary>
/// <param name="bounds">Ascending.</param>
public sealed class MetricHistogram(params IReadOnlyList<double> bounds)
{
    private readonly long[] _counts = new long[bounds.Count + 1];
    private double _above;
    private double _below;

    /// <summary>
    /// Whether values may be below 0. The sum of such may fall, which Prometheus takes for a restart: then there is
    /// none, and what is above and below 0 are counters of their own. Default: false.
    /// </summary>
    public bool IsSigned { get; init; }

    /// <summary>Counts a value. One thread at a time, and none while it is written.</summary>
    public void Observe(double value)
    {
        var at = 0;
        while (at < bounds.Count && value > bounds[at])
            at++;
        _counts[at]++;
        if (value < 0)
            _below -= value;
        else
            _above += value;
    }

    /// <summary>Writes its lines.</summary>
    /// <param name="text">Takes them.</param>
    /// <param name="name">Of the metric.</param>
    /// <param name="labels">Without braces; empty: none.</param>
    public void Write(StringBuilder text, string name, string labels = "")
    {
        ArgumentNullException.ThrowIfNull(text);
        var atMost = new long[_counts.Length];
        var total = 0L;
        for (var i = 0; i < _counts.Length; i++)
            atMost[i] = total += _counts[i];
        MetricLines.WriteHistogram(text, name, labels, bounds, atMost, IsSigned ? null : _above - _below);
    }

    /// <summary>Writes what is above and below 0 as counters, whose difference is the sum.</summary>
    /// <param name="text">Takes them.</param>
    /// <param name="name">Of the histogram.</param>
    public void WriteParts(StringBuilder text, string name)
    {
        MetricLines.Counter(text, $"{name}_above_zero_total", "The sum of those above 0.", _above);
        MetricLines.Counter(text, $"{name}_below_zero_total", "The sum of those below 0, without its sign.", _below);
    }
}

/// <summary>Lines of the Prometheus text format, version 0.0.4.</summary>
internal static class MetricLines
{
    public static void Head(StringBuilder text, string name, string type, string help) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n')
            .Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    public static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <summary>A gauge that there is one of.</summary>
    public static void One(StringBuilder text, string name, string help, double value)
    {
        Head(text, name, "gauge", help);
        Line(text, name, "", value);
    }

    /// <summary>A counter that there is one of.</summary>
    public static void Counter(StringBuilder text, string name, string help, double value)
    {
        Head(text, name, "counter", help);
        Line(text, name, "", value);
    }

    /// <summary>A label's value as it is written.</summary>
    public static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <param name="text">Takes the lines.</param>
    /// <param name="name">Of the histogram.</param>
    /// <param name="labels">Without braces; empty: none.</param>
    /// <param name="bounds">Ascending.</param>
    /// <param name="atMost">How many values were at most a bound, and how many there were.</param>
    /// <param name="sum">Of all values; null: it may fall, and is no counter.</param>
    public static void WriteHistogram(
        StringBuilder text, string name, string labels, IReadOnlyList<double> bounds, long[] atMost, double? sum)
    {
        var prefix = labels.Length > 0 ? $"{labels}," : "";
        for (var i = 0; i < bounds.Count; i++)
        {
            var bound = bounds[i].ToString("R", CultureInfo.InvariantCulture);
            Line(text, $"{name}_bucket", $"{prefix}le=\"{bound}\"", atMost[i]);
        }

        Line(text, $"{name}_bucket", $"{prefix}le=\"+Inf\"", atMost[^1]);
        if (sum is { } total)
            Line(text, $"{name}_sum", labels, total);
        Line(text, $"{name}_count", labels, atMost[^1]);
    }
}
