using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Daemon;

/// <summary>Reads the configuration that a daemon is started with.</summary>
public static class DaemonConfiguration
{
    /// <summary>The file alone over the options' defaults, or what stands in for a file.</summary>
    /// <exception cref="InvalidDataException">It is no valid configuration; names the key and the value.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PipelineOptions Load(DaemonOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.ConfigFile is { } file
            ? PipelineConfiguration.Load(file)
            : PipelineConfiguration.Parse(options.OwnConfiguration);
    }
}
