using System.Globalization;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>A claim of the pipeline, and whether the run bore it out.</summary>
/// <param name="Claim">Two words, such as "zero loss".</param>
/// <param name="IsMet">Whether it held.</param>
/// <param name="Evidence">The figures.</param>
public sealed record Verdict(string Claim, bool IsMet, string Evidence)
{
    /// <summary>The claims that each run is held against.</summary>
    public static IReadOnlyList<Verdict> Of(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var isAccounted = report.EventsSent == report.EventsProcessed + report.Rejected && report.EventsLost == 0;
        return
        [
            new Verdict(
                "zero loss",
                isAccounted,
                $"{ReportNames.Count(report.EventsSent)} sent = {ReportNames.Count(report.EventsProcessed)} processed"
                + $" + {ReportNames.Count(report.Rejected)} rejected with a reason"
                + $" + {ReportNames.Count(report.EventsLost)} lost"),
            new Verdict(
                "zero allocation",
                report.AllocatedBytesPerEvent == 0,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{report.AllocatedBytesPerEvent:0.######} bytes an event on the hot threads")),
            new Verdict(
                "no collection",
                report.GcCollections == 0,
                $"{ReportNames.Count(report.GcCollections)} garbage collections in the measured time"),
        ];
    }
}
