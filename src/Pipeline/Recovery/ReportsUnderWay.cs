using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Recovery;

/// <summary>
/// Routing's reports of its parent orders and of what it has adopted, on their way to ingress, rebuilt beside a
/// replay. The journal has those that had arrived; what is left at its end had not, and must come once the pipeline
/// goes on.
/// </summary>
internal sealed class ReportsUnderWay : IStateful
{
    private readonly List<ExecutionReport> _reports = [];

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<ExecutionReport> All => _reports;

    /// <summary>A report was made; a venue's is none of these.</summary>
    public void Add(ref readonly ExecutionReport report)
    {
        if (IsOwn(in report))
            _reports.Add(report);
    }

    /// <summary>An event of the journal has been through the stages.</summary>
    public void OnEvent(ref readonly PipelineEvent e)
    {
        if (e.Header.Kind != EventKind.ExecutionReport || !IsOwn(in e.Payload.ExecutionReport))
            return;

        var (orderId, kind) = (e.Payload.ExecutionReport.OrderId, e.Payload.ExecutionReport.Kind);
        var place = _reports.FindIndex(report => report.OrderId == orderId && report.Kind == kind);
        if (place >= 0)
            _reports.RemoveAt(place);
    }

    public void Transfer(StateStream state)
    {
        state.Section("reports under way");
        var count = state.Next(_reports.Count);
        for (var i = 0; i < count; i++)
        {
            var report = state.IsReading ? default : _reports[i];
            state.Value(ref report);
            if (state.IsReading)
                _reports.Add(report);
        }
    }

    private static bool IsOwn(ref readonly ExecutionReport report) => report.IsOfParent || report.IsAdoption;
}
