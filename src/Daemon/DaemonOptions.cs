using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Daemon;

/// <summary>Everything that a daemon is started with; paths are absolute.</summary>
public sealed record DaemonOptions
{
    /// <summary>The configuration; null: <see cref="OwnConfiguration"/> alone.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>What decides where no file is named: a configuration as JSON. Default: none.</summary>
    public ReadOnlyMemory<byte> OwnConfiguration { get; init; }

    /// <summary>The media driver's folder.</summary>
    public required string AeronDirectory { get; init; }

    /// <summary>Whether a driver of another process runs in <see cref="AeronDirectory"/>. Default: false.</summary>
    public bool IsDriverExternal { get; init; }

    /// <summary>Who decides, and from which models.</summary>
    public required PolicyChoice Policy { get; init; }

    /// <summary>The folder of the journal of inputs; null: there is none.</summary>
    public string? JournalFolder { get; init; }

    /// <summary>Whether each line of the log is a JSON object. Default: false.</summary>
    public bool IsJsonLog { get; init; }
}

/// <summary>How a daemon ends.</summary>
public static class DaemonExit
{
    /// <summary>As it was asked to: orders were cancelled or left, and reports taken in.</summary>
    public const int InOrder = 0;

    /// <summary>A fault ended trading, or the end was not whole.</summary>
    public const int Failed = 1;

    /// <summary>A configuration, model or driver that cannot be used: nothing was begun.</summary>
    public const int Unusable = 2;
}
