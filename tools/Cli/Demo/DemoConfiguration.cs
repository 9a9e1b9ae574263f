using System.Text.Json;
using System.Text.Json.Nodes;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>The pipeline's configuration for a demo or replay.</summary>
public static class DemoConfiguration
{
    private const string DefaultResource = "ExecutionPipeline.Cli.Demo.demo.json";

    /// <summary>Reads <paramref name="path"/>, key by key over the demo's own; null: the latter alone.</summary>
    /// <exception cref="UsageException">The file cannot be read or is no valid configuration.</exception>
    /// <param name="path">The file.</param>
    /// <param name="above">Layers that lie over the file.</param>
    public static PipelineOptions Load(string? path, params ReadOnlyMemory<byte>[] above) =>
        LoadOver(path, Own(), above);

    /// <summary>
    /// The same over the demo's own without its replacements of strategies, so that each strategy is worked by its
    /// algorithm.
    /// </summary>
    /// <param name="path">Null: the demo's own alone.</param>
    /// <param name="above">Layers that lie over the file.</param>
    /// <exception cref="UsageException">The file cannot be read or is no valid configuration.</exception>
    public static PipelineOptions LoadScheduled(string? path, params ReadOnlyMemory<byte>[] above)
    {
        var comments = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip };
        var own = JsonNode.Parse(Own(), documentOptions: comments)!.AsObject();
        own.Remove("execution");
        return LoadOver(path, JsonSerializer.SerializeToUtf8Bytes(own), above);
    }

    private static PipelineOptions LoadOver(string? path, byte[] own, params ReadOnlyMemory<byte>[] above)
    {
        try
        {
            // A problem of the file's own is told with its name.
            var options = path == null
                ? PipelineConfiguration.Parse(own)
                : PipelineConfiguration.Load(path, own);
            if (above.Length > 0)
                options = PipelineConfiguration.Parse([own, .. path == null ? [] : Layer(path), .. above]);
            CheckChannel(path, "input_channel", options.Streams.InputChannel);
            CheckChannel(path, "outbound_channel", options.Streams.OutboundChannel);
            return options;
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException(problem.Message);
        }
    }

    private static ReadOnlyMemory<byte>[] Layer(string path) => [File.ReadAllBytes(path)];

    /// <summary>The streams of a configuration, all on another channel where one is named.</summary>
    /// <exception cref="UsageException">The file cannot be read or is no valid configuration.</exception>
    public static StreamOptions StreamsOf(string? path, string? channel) => On(Load(path).Streams, channel);

    /// <summary>Streams on another channel; null: on their own.</summary>
    public static StreamOptions On(StreamOptions streams, string? channel) =>
        channel == null ? streams : streams with { InputChannel = channel, OutboundChannel = channel };

    private static void CheckChannel(string? path, string key, string channel)
    {
        if (RunOptions.ReadChannel(channel).Problem is { } problem)
            throw new InvalidDataException($"{path}: streams.{key}: {problem}");
    }

    /// <summary>The demo's own configuration, as JSON.</summary>
    public static byte[] Own()
    {
        using var resource = typeof(DemoConfiguration).Assembly.GetManifestResourceStream(DefaultResource)!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}
