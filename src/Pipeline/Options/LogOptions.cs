namespace ExecutionPipeline.Pipeline.Options;

/// <summary>How important an event is that a daemon tells.</summary>
public enum LogLevel
{
    /// <summary>What helps to find a fault: the figures of each second.</summary>
    Debug,

    /// <summary>What an operator should be able to read later.</summary>
    Info,

    /// <summary>What an operator should look at.</summary>
    Warning,

    /// <summary>What ended trading.</summary>
    Error,
}

/// <summary>How the lines of a log are written.</summary>
public enum LogFormat
{
    /// <summary>In words.</summary>
    Text,

    /// <summary>Each line is a JSON object.</summary>
    Json,
}

/// <summary>What a daemon tells of itself.</summary>
public sealed class LogOptions
{
    /// <summary>How the lines are written. Default text.</summary>
    public LogFormat Format { get; init; } = LogFormat.Text;

    /// <summary>What is less important is left out. It can be reloaded. Default: info.</summary>
    public LogLevel Level { get; init; } = LogLevel.Info;
}
