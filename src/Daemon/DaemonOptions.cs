using ExecutionPipeline.Pipeline.Configuration;

namespace ExecutionPipeline.Daemon;

/// <summary>What a daemon is started with.</summary>
public sealed record DaemonOptions
{
    /// <summary>What its configuration is read from, at the start and at each reload.</summary>
    public required ConfigurationSources Configuration { get; init; }

    /// <summary>
    /// Finds the folder of models where the configuration names none; null: then the rules decide. Default: null.
    /// </summary>
    public Func<string>? FindModels { get; init; }
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
