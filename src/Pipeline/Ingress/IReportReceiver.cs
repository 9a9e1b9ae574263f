using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>Takes execution reports off a <see cref="ReportQueue"/>.</summary>
public interface IReportReceiver
{
    /// <summary>Takes <paramref name="report"/>; true when it can take another.</summary>
    bool IsReadyAfter(in ExecutionReport report);
}
