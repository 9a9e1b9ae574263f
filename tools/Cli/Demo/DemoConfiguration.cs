using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>The pipeline's configuration for a demo or replay.</summary>
public static class DemoConfiguration
{
    private const string DefaultResource = "ExecutionPipeline.Cli.Demo.demo.json";

    /// <summary>Reads <paramref name="path"/>, key by key over the demo's own; null: the latter alone.</summary>
    /// <exception cref="UsageException">The file cannot be read or is no valid configuration.</exception>
    public static PipelineOptions Load(string? path)
    {
        try
        {
            return path == null ? PipelineConfiguration.Parse(Own()) : PipelineConfiguration.Load(path, Own());
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException(problem.Message);
        }
    }

    private static byte[] Own()
    {
        using var resource = typeof(DemoConfiguration).Assembly.GetManifestResourceStream(DefaultResource)!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}
