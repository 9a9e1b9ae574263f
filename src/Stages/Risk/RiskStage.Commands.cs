using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Risk;

/// <summary>
/// The kill switch and the operator's close. A close waits until the instrument's pending orders are settled, so that
/// it closes what is held and not what might have been; meanwhile the instrument takes no order, as under the kill
/// switch. A second close command stops waiting and closes what is held then.
/// </summary>
public sealed partial class RiskStage
{
    private void OnCommand(ref PipelineEvent e, ref InstrumentRisk risk)
    {
        var kind = e.Payload.Command.Kind;
        if (kind == CommandKind.Kill)
            IsKilled = true;
        else if (kind == CommandKind.Resume)
            IsKilled = false;

        Project(ref e, ref risk, 0);
        if (kind != CommandKind.CloseAll)
            return;

        var isWaiting = risk.IsPending && !risk.IsClosing;
        risk.IsClosing = isWaiting;
        if (!isWaiting)
            ApproveClose(ref e, ref risk);
    }

    private void OnSettled(ref PipelineEvent e, ref InstrumentRisk risk)
    {
        Project(ref e, ref risk, 0);
        if (!risk.IsClosing || risk.IsPending)
            return;

        risk.IsClosing = false;
        ApproveClose(ref e, ref risk);
    }

    /// <summary>An operator's closing order is held against no limit.</summary>
    private void ApproveClose(ref PipelineEvent e, ref InstrumentRisk risk)
    {
        if (risk.Position == 0)
            return;

        Project(ref e, ref risk, -risk.Position);
        e.Verdict.ApprovedQuantity = Math.Abs(risk.Position);
        e.Verdict.Reducing = 1;
        Pend(e.Header.InstrumentIndex, ref risk, -risk.Position);
    }
}
