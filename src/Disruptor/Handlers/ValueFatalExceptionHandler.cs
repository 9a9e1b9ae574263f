namespace ExecutionPipeline.Disruptor;

/// <summary>
/// Writes the exception to the console and ends the handler: the default, since a handler that has failed at an event
/// cannot be trusted with the next. Producers then come to a stop when the ring is full.
/// </summary>
/// <typeparam name="T">The type of the events.</typeparam>
public sealed class ValueFatalExceptionHandler<T> : IValueExceptionHandler<T>
    where T : struct
{
    /// <inheritdoc/>
    public void HandleEventException(Exception ex, long sequence, ref T evt)
    {
        throw Report($"Exception processing sequence {sequence} for event {evt}: {ex}", ex);
    }

    /// <inheritdoc/>
    public void HandleOnTimeoutException(Exception ex, long sequence)
    {
        throw Report($"Exception processing timeout for sequence {sequence}: {ex}", ex);
    }

    /// <inheritdoc/>
    public void HandleOnStartException(Exception ex) => throw Report($"Exception during OnStart(): {ex}", ex);

    /// <inheritdoc/>
    public void HandleOnShutdownException(Exception ex) => throw Report($"Exception during OnShutdown(): {ex}", ex);

    private static ApplicationException Report(string message, Exception ex)
    {
        Console.WriteLine(message);
        return new ApplicationException(message, ex);
    }
}
