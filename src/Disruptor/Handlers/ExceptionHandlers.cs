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

/// <summary>Decides what becomes of a handler that has thrown. An exception thrown here ends the handler.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public interface IValueExceptionHandler<T>
    where T : struct
{
    /// <summary>The handler has thrown at an event. When this returns, the event counts as processed.</summary>
    void HandleEventException(Exception ex, long sequence, ref T evt);

    /// <summary>The handler has thrown from <see cref="IEventHandler.OnTimeout"/>.</summary>
    void HandleOnTimeoutException(Exception ex, long sequence);

    /// <summary>The handler has thrown from <see cref="IEventHandler.OnStart"/>. When this returns, it runs.</summary>
    void HandleOnStartException(Exception ex);

    /// <summary>The handler has thrown from <see cref="IEventHandler.OnShutdown"/>.</summary>
    void HandleOnShutdownException(Exception ex);
}
