using System.Text;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Drivers;

/// <summary>`xp driver`.</summary>
public static class DriverRunner
{
    /// <summary>Runs a driver until it is interrupted or a client that may ends it. Returns the exit code.</summary>
    /// <exception cref="UsageException">Two settings do not go together.</exception>
    /// <exception cref="ActiveDriverException">A driver is running in the directory.</exception>
    public static async Task<int> RunAsync(DriverOptions options, TextWriter output, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var context = options.ToContext().TerminationHook(ended.SetResult);
        SetIdleStrategy(context, options.Idle);
        if (options.TerminationToken is { } token)
        {
            var bytes = Encoding.UTF8.GetBytes(token);
            context.TerminationValidator(presented => presented.SequenceEqual(bytes));
        }

        using var driver = Launch(context);
        await output.WriteLineAsync(driver.AeronDirectoryName).ConfigureAwait(false);
        await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        await using var registration = cancel.Register(() => ended.TrySetResult()).ConfigureAwait(false);
        await ended.Task.ConfigureAwait(false);
        return 0;
    }

    private static MediaDriver Launch(MediaDriver.Context context)
    {
        try
        {
            return MediaDriver.Launch(context);
        }
        catch (ArgumentException problem)
        {
            throw new UsageException(problem.Message);
        }
    }

    private static void SetIdleStrategy(MediaDriver.Context context, IdleChoice choice)
    {
        // The adaptive one is what drivers do unless told otherwise.
        _ = choice switch
        {
            IdleChoice.Sleep => context.SharedIdleStrategy(new Aeron.Buffers.SleepingIdleStrategy()),
            IdleChoice.Backoff => context.SharedIdleStrategy(new Aeron.Buffers.BackoffIdleStrategy()),
            IdleChoice.Yield => context.SharedIdleStrategy(new Aeron.Buffers.YieldingIdleStrategy()),
            IdleChoice.Spin => context.SharedIdleStrategy(new Aeron.Buffers.BusySpinIdleStrategy()),
            _ => context,
        };
    }
}
