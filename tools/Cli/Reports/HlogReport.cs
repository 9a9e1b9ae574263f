using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Histograms;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>
/// The histograms as a log that every implementation of HdrHistogram reads: a line and a tag a stage.
/// </summary>
public static class HlogReport
{
    /// <summary>Writes the log to a file, over what was there. Values are nanoseconds.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="stages">The histograms; each one's tag is its stage's name.</param>
    /// <param name="startedAt">When the measured time began.</param>
    /// <param name="elapsedS">How long it took, in seconds.</param>
    public static void Write(
        string path, IReadOnlyList<StageHistogram> stages, DateTimeOffset startedAt, double elapsedS)
    {
        ArgumentNullException.ThrowIfNull(stages);
        using var file = new WholeFile(path);
        var startMs = startedAt.ToUnixTimeMilliseconds();
        var endMs = startMs + (long)Math.Round(elapsedS * 1000);
        var tagged = new HistogramBase[stages.Count];
        for (var i = 0; i < tagged.Length; i++)
        {
            tagged[i] = stages[i].Histogram.Copy();
            tagged[i].Tag = stages[i].Name;
            tagged[i].StartTimeStamp = startMs;
            tagged[i].EndTimeStamp = endMs;
        }

        HistogramLog.Write(file.Stream, tagged, startMs);
        file.Complete();
    }
}
