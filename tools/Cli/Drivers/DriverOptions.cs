using ExecutionPipeline.Aeron.Driver;

namespace ExecutionPipeline.Cli.Drivers;

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
