using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Risk;

/// <summary>
/// The operator's close. It waits until the instrument's pending orders are settled, so that it closes what is held and
/// not what might have been; meanwhile the instrument takes no order. A second close command stops waiting and closes
/// what is held then.
/// </summary>
public sealed partial class RiskStage
{
    private void OnCommand(ref PipelineEvent e, ref InstrumentRisk risk)
    {
        ref readonly var command = ref e.Payload.Command;
        if (command.Kind == CommandKind.Kill)
            Trip(KillCause.Command);
        else if (command.Kind == CommandKind.Resume && command.Reason != 0)
            Release();

        Project(ref e, FrameOf(ref e, risk, 0), 0);
        if (command.Kind != CommandKind.CloseAll)
            return;

        var isWaiting = risk.IsPending && !risk.IsClosing;
        risk.IsClosing = isWaiting;
        if (!isWaiting)
            ApproveClose(ref e, ref risk);
    }

    private void OnSettled(ref PipelineEvent e, ref InstrumentRisk risk)
    {
        Project(ref e, FrameOf(ref e, risk, 0), 0);
        if (!risk.IsClosing || risk.IsPending)
            return;

        risk.IsClosing = false;
        ApproveClose(ref e, ref risk);
    }

    /// <summary>An operator's closing order is held against no limit.</summary>
    private void ApproveClose(ref PipelineEvent e, ref InstrumentRisk risk)
    {
        // Where nothing more can be pending, routing has no room for an order either.
        if (risk.Position == 0 || _pending.IsFull)
            return;

        var quantity = Math.Abs(risk.Position);
        Project(ref e, FrameOf(ref e, risk, -Math.Sign(risk.Position)), quantity);
        e.Verdict.ApprovedQuantity = quantity;
        e.Verdict.Reducing = 1;
        Pend(ref e, ref risk, -risk.Position);
    }
}
