using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Ring;

/// <summary>What ended trading.</summary>
/// <param name="Where">The stage, follower or thread that failed.</param>
/// <param name="Sequence">The event's number on the ring; null: no event was being handled.</param>
/// <param name="Kind">The event's kind.</param>
/// <param name="CorrelationId">The event's signal, order or command id.</param>
/// <param name="Cause">What was thrown.</param>
public sealed record FaultReport(
    string Where, long? Sequence, EventKind Kind, ulong CorrelationId, Exception Cause)
{
    /// <summary>One line for the operator.</summary>
    public string Message => Sequence is { } sequence
        ? $"{Where} failed on event {sequence} ({Kind} {CorrelationId}): {Cause.Message}"
        : $"{Where} failed: {Cause.Message}";
}

/// <summary>
/// Keeps the first failure on the path of events. A stage that throws has lost its state's meaning, so from then on no
/// stage handles an event any more, in any topology: what is on the ring passes through them unhandled, is recorded
/// where the run is recorded, and nothing is decided on a broken state.
/// </summary>
public sealed class TradingFault : IValueExceptionHandler<PipelineEvent>
{
    private FaultReport? _first;

    /// <summary>Whether something has failed. Every stage asks before each event.</summary>
    // Paired with the exchange in Latch.
    public bool IsLatched => Volatile.Read(ref _first) is not null;

    /// <summary>The first failure, or null while all is well.</summary>
    public FaultReport? First => Volatile.Read(ref _first);

    /// <summary>Keeps a failure outside of any event, if it is the first.</summary>
    public void Latch(string where, Exception cause) => Latch(new FaultReport(where, null, default, 0, cause));

    /// <summary>Keeps what failed on an event, if it is the first.</summary>
    public void Latch(Exception exception, long sequence, ref readonly PipelineEvent e)
    {
        var (where, cause) = exception is StageException stage
            ? (stage.Stage, stage.InnerException!)
            : ("a stage", exception);
        Latch(new FaultReport(where, sequence, e.Header.Kind, e.Header.CorrelationId, cause));
    }

    /// <summary>The consumer goes on: it and those behind it see the latch before they handle another event.</summary>
    public void HandleEventException(Exception ex, long sequence, ref PipelineEvent evt) =>
        Latch(ex, sequence, ref evt);

    public void HandleOnTimeoutException(Exception ex, long sequence) => Latch("a stage's thread", ex);

    public void HandleOnStartException(Exception ex) => Latch("the start of a stage's thread", ex);

    public void HandleOnShutdownException(Exception ex) => Latch("the end of a stage's thread", ex);

    // Paired with the reads of IsLatched and First.
    private void Latch(FaultReport report) => Interlocked.CompareExchange(ref _first, report, null);
}

/// <summary>Names the stage or follower that threw.</summary>
internal sealed class StageException(string stage, Exception cause) : Exception(cause.Message, cause)
{
    public string Stage => stage;
}
