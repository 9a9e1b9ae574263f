using System.Text;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Histograms;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>
/// The histograms as a log that every implementation of HdrHistogram reads: a line for each second and stage.
/// </summary>
public static class HlogReport
{
    /// <summary>Writes the log to a file, over what was there. Values are nanoseconds.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="histograms">With tags and times, in the order of their starts.</param>
    /// <param name="startedAt">When the run began, for a log without a histogram.</param>
    public static void Write(string path, IEnumerable<HistogramBase> histograms, DateTimeOffset startedAt)
    {
        using var file = new WholeFile(path);
        if (HistogramLog.Write(file.Stream, histograms) == 0)
            file.Stream.Write(Encoding.UTF8.GetBytes(HistogramLines.Header(startedAt.ToUnixTimeMilliseconds())));
        file.Complete();
    }
}
