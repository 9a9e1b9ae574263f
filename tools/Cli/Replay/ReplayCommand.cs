using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Replay;

/// <summary>`xp replay`: its options and how they become <see cref="ReplayOptions"/>.</summary>
public sealed class ReplayCommand : Command
{
    private readonly Argument<string?> _input = PathArguments.ExistingFile(
        "FILE", "An input that xp demo --record wrote.");

    private readonly ValueOption<Topology> _topology = RunOptions.Choice(
        "--topology", "NAME", "How the stages are spread over threads; the results are the same.",
        Topology.Inline);

    private readonly ValueOption<InferenceChoice> _inference = RunOptions.Choice(
        "--inference", "NAME", "Who decides: the ONNX models, compiled or by ONNX Runtime, or the rule-based policy.",
        InferenceChoice.Auto);

    private readonly ValueOption<GraphChoice> _graph = RunOptions.Choice(
        "--graph", "NAME", "The three actors in one ONNX graph, or one each.", GraphChoice.Merged);

    private readonly ValueOption<string?> _output = new(
        "--output", "FILE", "Writes the outbound messages.", Paths.OutputFile, null, "not written");

    private readonly ValueOption<string?> _compare = new(
        "--compare", "FILE",
        "Compares the outbound messages with a file that --output wrote; exit code 1 when they differ.",
        Paths.ExistingFile, null, "not compared");

    private readonly ValueOption<string?> _config = RunOptions.Config();
    private readonly ValueOption<string?> _models = RunOptions.Models();
    private readonly ValueOption<string?> _json = RunOptions.Json();
    private readonly FlagOption _force = RunOptions.Force();

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public ReplayCommand(Func<ReplayOptions, CancellationToken, Task<int>> run)
        : base("replay", "Runs a recorded input through the stages again and writes or compares what comes out.")
    {
        Add(_input);
        Option[] options = [_topology, _inference, _graph, _output, _compare, _config, _models, _json, _force];
        foreach (var option in options)
            Add(option);

        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private ReplayOptions OptionsOf(ParseResult parsed)
    {
        var options = Read(parsed);
        WrittenFiles.MustStandAlone(
            [options.InputFile, options.CompareFile, options.ConfigFile], options.OutputFile, options.JsonFile);
        WrittenFiles.MustBeNew(parsed.GetValue(_force), options.OutputFile);
        return options;
    }

    private ReplayOptions Read(ParseResult parsed) => new()
    {
        InputFile = parsed.GetRequiredValue(_input)!,
        Topology = parsed.GetValue(_topology),
        Inference = parsed.GetValue(_inference),
        Graph = parsed.GetValue(_graph),
        OutputFile = parsed.GetValue(_output),
        CompareFile = parsed.GetValue(_compare),
        ConfigFile = parsed.GetValue(_config),
        ModelsDirectory = parsed.GetValue(_models),
        JsonFile = parsed.GetValue(_json),
    };
}
