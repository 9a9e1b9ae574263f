using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>Takes what venues report. It must take every report: one lost is a position that is wrong.</summary>
public interface IReportSink
{
    void OnReport(in ExecutionReport report);
}
