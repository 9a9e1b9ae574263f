using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Cli.Latency;

/// <summary>`xp latency`: its options and how they become <see cref="LatencyOptions"/>.</summary>
public sealed class LatencyCommand : Command
{
    private readonly ValueOption<LatencyStages> _stage = RunOptions.Choice(
        "--stage", "NAME", "The stage to measure.", LatencyStages.All);

    private readonly ValueOption<long> _iterations = new(
        "--iterations", "N", "Events to measure of each subject.",
        Numbers.Whole("events", 1, RunOptions.MaxEvents), 200_000, "200000");

    private readonly ValueOption<GraphChoice> _graph = RunOptions.Choice(
        "--graph", "NAME", "The three actors in one ONNX graph, or one each.", GraphChoice.Merged);

    private readonly ValueOption<string?> _models = RunOptions.Models();
    private readonly ValueOption<string?> _json = RunOptions.Json();

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public LatencyCommand(Func<LatencyOptions, CancellationToken, Task<int>> run)
        : base("latency", "Measures stages by themselves, one event after the other on one thread.")
    {
        Option[] options = [_stage, _iterations, _graph, _models, _json];
        foreach (var option in options)
            Add(option);

        SetAction((parsed, cancel) => run(
            new LatencyOptions
            {
                Stage = parsed.GetValue(_stage),
                Iterations = parsed.GetValue(_iterations),
                Graph = parsed.GetValue(_graph),
                ModelsDirectory = parsed.GetValue(_models),
                JsonFile = parsed.GetValue(_json),
            },
            cancel));
    }
}
