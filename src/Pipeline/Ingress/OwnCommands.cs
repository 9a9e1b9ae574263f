using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Recovery;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>
/// Has commands of the pipeline's own for the stages, which go on the ring as inputs like any other. Ingress's thread.
/// </summary>
public interface ICommandSource
{
    /// <summary>Whether there may be one. Asked each turn.</summary>
    bool IsDue { get; }

    /// <summary>Takes the command that is due. False where none is yet.</summary>
    bool TryTake(long timeNs, out Command command);
}

/// <summary>
/// Tells the stages of a restart, and then that the venues have said what became of every order, or have not in the
/// time that is allowed for it.
/// </summary>
/// <param name="routing">Knows when the venues have answered.</param>
/// <param name="run">Which is gone on with.</param>
/// <param name="timeoutMs">For the venues; 0: none.</param>
/// <param name="operatorId">Who starts; 0: it is not said.</param>
public sealed class RestartWatch(RoutingStage routing, RecoveredRun run, int timeoutMs, uint operatorId)
    : ICommandSource
{
    private readonly long _reconciliationsBefore = routing.Reconciliations;
    private long _deadlineMs;
    private int _phase;

    /// <summary>What has come of it.</summary>
    private enum Phase
    {
        Untold,
        Asking,
        Answered,
        Silent,
    }

    /// <summary>Whether the venues have said what became of every order. Any thread may ask.</summary>
    // Paired with the write in TryTake.
    public bool IsAnswered => Volatile.Read(ref _phase) == (int)Phase.Answered;

    /// <summary>Whether a venue has not answered in the time that is allowed. Any thread may ask.</summary>
    // Paired with the write in TryTake.
    public bool IsSilent => Volatile.Read(ref _phase) == (int)Phase.Silent;

    public bool IsDue => (Phase)_phase switch
    {
        Phase.Untold => true,
        Phase.Asking => HasAnswers || (timeoutMs > 0 && Environment.TickCount64 >= _deadlineMs),
        Phase.Silent => HasAnswers,
        _ => false,
    };

    private bool HasAnswers => routing.Reconciliations > _reconciliationsBefore;

    public bool TryTake(long timeNs, out Command command)
    {
        command = new Command { Kind = CommandKind.Reconciled, SendTimeNs = timeNs, OperatorId = operatorId };
        var next = _phase == (int)Phase.Untold ? Phase.Asking : HasAnswers ? Phase.Answered : Phase.Silent;
        switch (next)
        {
            case Phase.Asking:
                command.Kind = CommandKind.Restart;
                command.Reason = CommandReason.Restart;
                command.Quantity = run.IdsToSkip;
                _deadlineMs = Environment.TickCount64 + timeoutMs;
                break;
            case Phase.Answered:
                command.Reason = CommandReason.VenuesAnswered;
                break;
            default:
                command.Reason = CommandReason.VenuesSilent;
                break;
        }

        // Paired with the reads of IsAnswered and IsSilent.
        Volatile.Write(ref _phase, (int)next);
        return true;
    }
}
