using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Tests.Venues;

/// <summary>Keeps what an exchange reports.</summary>
internal sealed class ReportLog : IReportSink
{
    public List<ExecutionReport> Reports { get; } = [];

    public void OnReport(in ExecutionReport report) => Reports.Add(report);

    public IEnumerable<ExecutionReport> Trades => Reports.Where(static r => r.Kind == ExecutionReportKind.Trade);

    public ExecutionReport Last => Reports[^1];

    public string Kinds => string.Join(' ', Reports.Select(static r => r.Kind));
}
