using System.CommandLine;
using System.Text;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Daemon;

namespace ExecutionPipeline.Cli.Drivers;

/// <summary>`xp driver`: its options and how they become <see cref="DriverOptions"/>.</summary>
public sealed class DriverCommand : Command
{
    private const double MaxTimeoutSeconds = 3600;
    private const int MinTermLength = 64 * 1024;
    private const int MaxTermLength = 1024 * 1024 * 1024;
    private const int MaxMtuLength = 65_504;

    private readonly ValueOption<string?> _directory = DriverDirectories.ToRunIn();

    private readonly ValueOption<int> _termLength = new(
        "--term-length", "N", "Bytes of a term of channels that set none: a power of two.",
        Numbers.WholeInt("bytes", MinTermLength, MaxTermLength), 64 * 1024 * 1024, "67108864");

    private readonly ValueOption<int> _mtu = new(
        "--mtu", "N", "Bytes of the longest frame, header included: a multiple of 32.",
        Numbers.WholeInt("bytes", 64, MaxMtuLength), 1408, "1408");

    private readonly ValueOption<int> _window = new(
        "--window", "N", "How far a publisher may be ahead of its slowest subscriber.",
        Numbers.WholeInt("bytes", 0, MaxTermLength), 0, "half a term");

    private readonly ValueOption<double> _clientTimeout = Seconds(
        "--client-timeout", "How long a client may be silent before what it held is freed.", 10);

    private readonly ValueOption<double> _unblockTimeout = Seconds(
        "--unblock-timeout", "How long a claim may stay uncommitted before it is skipped.", 15);

    private readonly ValueOption<double> _driverTimeout = Seconds(
        "--driver-timeout", "How old another driver's heartbeat must be for it to count as dead.", 10);

    private readonly ValueOption<double> _timerInterval = Seconds(
        "--timer-interval", "How often time-outs are checked.", 1);

    private readonly ValueOption<IdleChoice> _idle = RunOptions.Choice(
        "--idle", "HOW", "What the driver's thread does when there is nothing to do.", IdleChoice.Adaptive);

    private readonly FlagOption _preTouch = new(
        "--pre-touch", "Takes a log's memory when the log is made, not when it is first written.");

    private readonly FlagOption _keepDirectory = new("--keep-dir", "Leaves the directory as it is at the end.");

    private readonly FlagOption _clearDirectory = new(
        "--clear-dir", "Clears what a driver left that died a moment ago; never a living one's.");

    private readonly ValueOption<string?> _terminationToken = new(
        "--terminate-token", "TEXT", "Lets a client that sends this token end the driver.",
        new ValueReader<string?>("unit: text", ReadValue<string?>.Of), null, "no client may");

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public DriverCommand(Func<DriverOptions, CancellationToken, Task<int>> run)
        : base("driver", "Runs a media driver for aeron:ipc streams until it is interrupted; prints its directory.")
    {
        Option[] options =
        [
            _directory, _termLength, _mtu, _window, _clientTimeout, _unblockTimeout, _driverTimeout, _timerInterval,
            _idle, _preTouch, _keepDirectory, _clearDirectory, _terminationToken,
        ];
        foreach (var option in options)
            Add(option);

        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private static ValueOption<double> Seconds(string name, string description, double defaultSeconds) => new(
        name, "S", description, Numbers.Positive("s", MaxTimeoutSeconds), defaultSeconds, $"{defaultSeconds}");

    private DriverOptions OptionsOf(ParseResult parsed) => new()
    {
        AeronDirectory = parsed.GetValue(_directory) ?? DriverDirectories.Default,
        TermLength = parsed.GetValue(_termLength),
        MtuLength = parsed.GetValue(_mtu),
        WindowLength = parsed.GetValue(_window),
        ClientTimeoutSeconds = parsed.GetValue(_clientTimeout),
        UnblockTimeoutSeconds = parsed.GetValue(_unblockTimeout),
        DriverTimeoutSeconds = parsed.GetValue(_driverTimeout),
        TimerIntervalSeconds = parsed.GetValue(_timerInterval),
        Idle = parsed.GetValue(_idle),
        IsPreTouched = parsed.GetValue(_preTouch),
        IsDirectoryKept = parsed.GetValue(_keepDirectory),
        IsDirectoryCleared = parsed.GetValue(_clearDirectory),
        TerminationToken = parsed.GetValue(_terminationToken),
    };
}

/// <summary>Everything that `xp driver` was asked for, validated; the path is absolute.</summary>
public sealed record DriverOptions
{
    /// <summary>The driver's directory.</summary>
    public required string AeronDirectory { get; init; }

    /// <summary>Bytes of a term of channels that set none.</summary>
    public required int TermLength { get; init; }

    /// <summary>Bytes of the longest frame of channels that set none, header included.</summary>
    public required int MtuLength { get; init; }

    /// <summary>How far a publisher may be ahead of its slowest subscriber, in bytes; 0: half a term.</summary>
    public int WindowLength { get; init; }

    /// <summary>How long a client may be silent, in seconds.</summary>
    public required double ClientTimeoutSeconds { get; init; }

    /// <summary>How long a claim may stay uncommitted, in seconds.</summary>
    public required double UnblockTimeoutSeconds { get; init; }

    /// <summary>How old another driver's heartbeat must be for it to count as dead, in seconds.</summary>
    public required double DriverTimeoutSeconds { get; init; }

    /// <summary>How often time-outs are checked, in seconds.</summary>
    public required double TimerIntervalSeconds { get; init; }

    /// <summary>What the driver's thread does when there is nothing to do.</summary>
    public IdleChoice Idle { get; init; }

    /// <summary>Takes a log's memory when the log is made, not when it is first written.</summary>
    public bool IsPreTouched { get; init; }

    /// <summary>Leaves the directory as it is at the end.</summary>
    public bool IsDirectoryKept { get; init; }

    /// <summary>Clears what a driver left that died a moment ago; never a living one's.</summary>
    public bool IsDirectoryCleared { get; init; }

    /// <summary>The token with which a client may end the driver; null: none may.</summary>
    public string? TerminationToken { get; init; }

    /// <summary>The driver's settings.</summary>
    public MediaDriver.Context ToContext()
    {
        var context = new MediaDriver.Context()
            .AeronDirectoryName(AeronDirectory)
            .IpcTermBufferLength(TermLength)
            .IpcMtuLength(MtuLength)
            .ClientLivenessTimeoutNs(Nanoseconds(ClientTimeoutSeconds))
            .PublicationUnblockTimeoutNs(Nanoseconds(UnblockTimeoutSeconds))
            .DriverTimeoutMs(Math.Max(1, Nanoseconds(DriverTimeoutSeconds) / 1_000_000))
            .TimerIntervalNs(Nanoseconds(TimerIntervalSeconds))
            .TermBufferSparseFile(!IsPreTouched)
            .DirDeleteOnShutdown(!IsDirectoryKept)
            .DirDeleteOnStart(IsDirectoryCleared);
        if (WindowLength > 0)
            context.IpcPublicationTermWindowLength(WindowLength);

        return context;
    }

    private static long Nanoseconds(double seconds) => Math.Max(1, (long)(seconds * 1e9));
}

/// <summary>What a driver's thread does when there is nothing to do.</summary>
public enum IdleChoice
{
    /// <summary>Sleeps, longer while less moves: 4 ms when nothing does, 16 ms while nobody publishes.</summary>
    Adaptive,

    /// <summary>Sleeps 1 ms.</summary>
    Sleep,

    /// <summary>Spins, yields, then sleeps up to 1 ms.</summary>
    Backoff,

    /// <summary>Yields its processor, and takes all of it when nobody else wants it.</summary>
    Yield,

    /// <summary>Spins: a whole processor.</summary>
    Spin,
}

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
        using var service = new ServiceManager(Environment.GetEnvironmentVariable);
        service.TellReady();
        await using var registration = cancel.Register(() => ended.TrySetResult()).ConfigureAwait(false);
        await ended.Task.ConfigureAwait(false);
        service.TellStopping();
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
