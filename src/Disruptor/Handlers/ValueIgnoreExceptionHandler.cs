namespace ExecutionPipeline.Disruptor;

/// <summary>Writes the exception down and lets the handler go on with the next event.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public sealed class ValueIgnoreExceptionHandler<T> : IValueExceptionHandler<T>
    where T : struct
{
    private readonly TextWriter _log;

    /// <summary>Creates a handler that writes to the console.</summary>
    public ValueIgnoreExceptionHandler()
        : this(Console.Out)
    {
    }

    /// <summary>Creates a handler that writes to <paramref name="log"/>.</summary>
    public ValueIgnoreExceptionHandler(TextWriter log)
    {
        _log = log;
    }

    /// <inheritdoc/>
    public void HandleEventException(Exception ex, long sequence, ref T evt)
    {
        _log.WriteLine($"Exception processing sequence {sequence} for event {evt}: {ex}");
    }

    /// <inheritdoc/>
    public void HandleOnTimeoutException(Exception ex, long sequence)
    {
        _log.WriteLine($"Exception processing timeout for sequence {sequence}: {ex}");
    }

    /// <inheritdoc/>
    public void HandleOnStartException(Exception ex) => _log.WriteLine($"Exception during OnStart(): {ex}");

    /// <inheritdoc/>
    public void HandleOnShutdownException(Exception ex) => _log.WriteLine($"Exception during OnShutdown(): {ex}");
}
