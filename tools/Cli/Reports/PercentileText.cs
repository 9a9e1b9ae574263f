using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>The whole percentile distributions as text, in microseconds, in HdrHistogram's usual form.</summary>
public static class PercentileText
{
    private const int TicksPerHalving = 5;
    private const double NanosPerMicro = 1000;

    /// <summary>Writes the distributions to a file, over what was there.</summary>
    public static void Write(string path, IReadOnlyList<StageHistogram> stages)
    {
        using var file = new WholeFile(path);
        using (var writer = new StreamWriter(file.Stream))
            Write(writer, stages);
        file.Complete();
    }

    /// <summary>Writes the distributions one after the other, each under its name.</summary>
    public static void Write(TextWriter writer, IReadOnlyList<StageHistogram> stages)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(stages);
        foreach (var stage in stages)
        {
            writer.WriteLine($"{ReportNames.Words(stage.Name)}, us");
            if (stage.Histogram.TotalCount > 0)
                stage.Histogram.OutputPercentileDistribution(writer, TicksPerHalving, NanosPerMicro);
            else
                writer.WriteLine("nothing was recorded");
            writer.WriteLine();
        }
    }
}
