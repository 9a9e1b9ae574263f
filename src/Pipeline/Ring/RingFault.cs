using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Ring;

/// <summary>
/// Keeps the first exception that a stage threw. A stage that throws has lost its state's meaning, so the pipeline
/// stops: what is not processed stays with the sender, and nothing is decided on a broken state.
/// </summary>
public sealed class RingFault : IValueExceptionHandler<PipelineEvent>
{
    private Exception? _exception;

    /// <summary>The first exception, or null while all is well.</summary>
    public Exception? Exception => Volatile.Read(ref _exception);

    /// <summary>Keeps <paramref name="exception"/> if it is the first.</summary>
    public void Report(Exception exception) => Interlocked.CompareExchange(ref _exception, exception, null);

    public void HandleEventException(Exception ex, long sequence, ref PipelineEvent evt)
    {
        var fault = new InvalidOperationException(
            $"a stage failed on event {sequence} ({evt.Header.Kind} {evt.Header.CorrelationId}): {ex.Message}", ex);
        Report(fault);
        throw fault;
    }

    public void HandleOnTimeoutException(Exception ex, long sequence) => Report(ex);

    public void HandleOnStartException(Exception ex) => Report(ex);

    public void HandleOnShutdownException(Exception ex) => Report(ex);
}
