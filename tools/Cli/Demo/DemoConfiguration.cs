using System.Text.Json;
using System.Text.Json.Nodes;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>The pipeline's configuration for a demo or replay.</summary>
public static class DemoConfiguration
{
    private const string DefaultResource = "ExecutionPipeline.Cli.Demo.demo.json";

    /// <summary>The demo's own configuration.</summary>
    public static ConfigurationText Own { get; } = new("the demo's configuration", ReadOwn());

    /// <summary>Reads <paramref name="path"/>, key by key over the demo's own; null: the latter alone.</summary>
    /// <exception cref="UsageException">The file cannot be read or is no valid configuration.</exception>
    /// <param name="path">The file.</param>
    /// <param name="settings">Keys that are set over the file.</param>
    public static PipelineOptions Load(string? path, params IReadOnlyList<ConfigurationSetting> settings) =>
        LoadOver(Own, path, settings);

    /// <summary>
    /// The same over the demo's own without its replacements of strategies, so that each strategy is worked by its
    /// algorithm.
    /// </summary>
    /// <param name="path">Null: the demo's own alone.</param>
    /// <param name="settings">Keys that are set over the file.</param>
    /// <exception cref="UsageException">The file cannot be read or is no valid configuration.</exception>
    public static PipelineOptions LoadScheduled(string? path, params IReadOnlyList<ConfigurationSetting> settings)
    {
        var comments = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip };
        var own = JsonNode.Parse(Own.Utf8.Span, documentOptions: comments)!.AsObject();
        own.Remove("execution");
        return LoadOver(Own with { Utf8 = JsonSerializer.SerializeToUtf8Bytes(own) }, path, settings);
    }

    /// <summary>
    /// What a daemon's configuration is read from: a file over the options' defaults, or the demo's own; then the
    /// environment and the command line.
    /// </summary>
    public static ConfigurationSources SourcesOf(string? path, IReadOnlyList<ConfigurationSetting> settings) => new()
    {
        Texts = path is null ? [Own] : [],
        File = path,
        Variables = ConfigurationSources.OwnVariables(),
        Settings = settings,
    };

    /// <summary>
    /// Makes what a configuration describes. That its keys do not go together is the user's to know in one line.
    /// </summary>
    /// <param name="path">The configuration's file; null: the demo's own.</param>
    /// <param name="make">Makes it.</param>
    /// <exception cref="UsageException">What is made cannot be: the configuration says why.</exception>
    public static T Make<T>(string? path, Func<T> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        try
        {
            return make();
        }
        catch (ArgumentException problem)
        {
            throw new UsageException($"{path ?? Own.Name}: {PipelineConfiguration.WithKeys(problem.Message)}");
        }
    }

    /// <summary>Refuses a configuration that no pipeline can be made of, before anything is begun with it.</summary>
    /// <param name="path">Its file; null: the demo's own.</param>
    /// <param name="options">What it says.</param>
    /// <exception cref="UsageException">Its keys do not go together.</exception>
    public static PipelineOptions MustFit(string? path, PipelineOptions options)
    {
        _ = Make(path, () => new StageAssembly(options));
        return options;
    }

    /// <summary>A configuration's part that determines the outputs, with keys that are set over it.</summary>
    /// <exception cref="UsageException">It is no valid configuration then.</exception>
    public static PipelineOptions Change(PipelineOptions options, IReadOnlyList<ConfigurationSetting> settings) =>
        ConfigurationInputs.Load(new ConfigurationSources
        {
            Texts = [new ConfigurationText("the journal's configuration", PipelineConfiguration.DecisiveOf(options))],
            Settings = settings,
        }).Options;

    /// <summary>The streams of a configuration, all on another channel where one is named.</summary>
    /// <exception cref="UsageException">The file cannot be read or is no valid configuration.</exception>
    public static StreamOptions StreamsOf(string? path, string? channel) => On(Load(path).Streams, channel);

    /// <summary>Streams on another channel; null: on their own.</summary>
    public static StreamOptions On(StreamOptions streams, string? channel) =>
        channel == null ? streams : streams with { InputChannel = channel, OutboundChannel = channel };

    private static PipelineOptions LoadOver(
        ConfigurationText own, string? path, IReadOnlyList<ConfigurationSetting> settings)
    {
        var sources = SourcesOf(path, settings) with { Texts = [own] };
        var options = ConfigurationInputs.Load(sources).Options;
        CheckChannel(path, "input_channel", options.Streams.InputChannel);
        CheckChannel(path, "outbound_channel", options.Streams.OutboundChannel);
        return options;
    }

    /// <exception cref="UsageException">It is no channel.</exception>
    private static void CheckChannel(string? path, string key, string channel)
    {
        if (RunOptions.ReadChannel(channel).Problem is { } problem)
            throw new UsageException($"{path}: streams.{key}: {problem}");
    }

    private static byte[] ReadOwn()
    {
        using var resource = typeof(DemoConfiguration).Assembly.GetManifestResourceStream(DefaultResource)!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}
