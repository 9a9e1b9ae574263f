using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Models;

/// <summary>`xp models` and its commands.</summary>
public sealed class ModelsCommand : Command
{
    private readonly ValueOption<string?> _models = RunOptions.Models();

    private readonly ValueOption<string?> _output = new(
        "--out", "DIR", "Where the models and their manifest go.", Paths.OutputDirectory, null, "models-onnx");

    private readonly ValueOption<long?> _seed = new(
        "--seed", "N", "Seed of the first weights and of the samples.",
        new ValueReader<long?>("unit: number", text =>
        {
            var read = Numbers.Whole("number", 0, int.MaxValue).Read(text);
            return new ReadValue<long?>(read.Value, read.Problem);
        }),
        null, "the one that the shipped models were made with");

    private readonly FlagOption _quiet = new("--quiet", "Shows no progress.");

    /// <summary>The command; the two functions do its work and return the exit code.</summary>
    public ModelsCommand(
        Func<ModelsFitOptions, CancellationToken, Task<int>> fit,
        Func<ModelsVerifyOptions, CancellationToken, Task<int>> verify)
        : base("models", "Makes and checks the ONNX models.")
    {
        var fitCommand = new Command("fit", "Fits the three actors to the rule-based teacher and writes the models.")
        {
            _output, _seed, _quiet,
        };
        fitCommand.SetAction((parsed, cancel) => fit(
            new ModelsFitOptions
            {
                OutputDirectory = parsed.GetValue(_output) ?? Path.GetFullPath("models-onnx"),
                Seed = parsed.GetValue(_seed),
                IsQuiet = parsed.GetValue(_quiet),
            },
            cancel));
        Add(fitCommand);

        var verifyCommand = new Command("verify", "Checks the models against their manifest: hashes and shapes.")
        {
            _models,
        };
        verifyCommand.SetAction((parsed, cancel) => verify(
            new ModelsVerifyOptions { ModelsDirectory = parsed.GetValue(_models) }, cancel));
        Add(verifyCommand);
    }
}
