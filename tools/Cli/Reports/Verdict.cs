using System.Globalization;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>A claim of the pipeline, and whether the run bore it out.</summary>
/// <param name="Claim">Two words, such as "zero loss".</param>
/// <param name="IsMet">Whether it held; null: that is not known.</param>
/// <param name="Evidence">The figures.</param>
public sealed record Verdict(string Claim, bool? IsMet, string Evidence)
{
    /// <summary>The claims that each run is held against.</summary>
    public static IReadOnlyList<Verdict> Of(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return
        [
            LossOf(report),
            Measured(
                report,
                "zero allocation",
                report.AllocatedBytesPerEvent == 0,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{report.AllocatedBytesPerEvent:0.######} bytes an event on the hot threads")),
            Measured(
                report,
                "no collection",
                report.GcCollections == 0,
                $"{ReportNames.Count(report.GcCollections)} garbage collections in the measured time"),
        ];
    }

    private static Verdict LossOf(RunReport report)
    {
        const string claim = "zero loss";
        if (report.EventsLost is not { } lost || report.EventsSent is not { } sent)
            return new Verdict(claim, null, "the tactical engine did not say what it sent");
        if (report.OtherSignals > 0)
        {
            var evidence = $"{ReportNames.Count(lost)} of the engine's signals lost; "
                + $"{ReportNames.Count(report.OtherSignals)} of other senders came in beside them";
            return new Verdict(claim, lost == 0, evidence);
        }

        if (sent == 0 && lost == 0)
            return new Verdict(claim, null, "no measured signal was sent");

        return new Verdict(
            claim,
            sent == report.EventsProcessed + report.Rejected && lost == 0,
            $"{ReportNames.Count(sent)} sent = {ReportNames.Count(report.EventsProcessed)} processed"
            + $" + {ReportNames.Count(report.Rejected)} rejected with a reason"
            + $" + {ReportNames.Count(lost)} lost");
    }

    private static Verdict Measured(RunReport report, string claim, bool isMet, string evidence) =>
        report.EventsProcessed > 0
            ? new Verdict(claim, isMet, evidence)
            : new Verdict(claim, null, "no signal was measured");
}
