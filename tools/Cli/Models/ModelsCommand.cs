using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Cli.Models;

/// <summary>`xp models` and its commands.</summary>
public sealed class ModelsCommand : Command
{
    // Those of the shipped models.
    private const long DefaultSeed = 1;
    private const int DefaultSteps = 30_000;
    private const int DefaultBatchSize = 256;
    private const double DefaultLearningRate = 0.01;
    private const string FittedFolder = "models-fitted";
    private const int MaxSteps = 10_000_000;
    private const int MaxBatchSize = 65_536;

    private readonly ValueOption<string?> _models = RunOptions.Models();

    private readonly ValueOption<string?> _output = new(
        "--output", "DIR", "Where the models and their manifest go.", Paths.WritableDirectory, null, FittedFolder);

    private readonly FlagOption _force = RunOptions.Force();

    private readonly ValueOption<long> _seed = new(
        "--seed", "N", "Seed of the first weights and of the samples.",
        Numbers.Whole("number", 0, long.MaxValue), DefaultSeed, "1");

    private readonly ValueOption<int> _steps = new(
        "--steps", "N", "Steps of the optimizer.", Numbers.WholeInt("steps", 1, MaxSteps), DefaultSteps, "30000");

    private readonly ValueOption<int> _batchSize = new(
        "--batch-size", "N", "Contexts a step.",
        Numbers.WholeInt("contexts", 1, MaxBatchSize), DefaultBatchSize, "256");

    private readonly ValueOption<double> _learningRate = new(
        "--learning-rate", "R", "The optimizer's largest rate.",
        Numbers.Positive("change by step", 1), DefaultLearningRate, "0.01");

    private readonly FlagOption _quiet = new("--quiet", "Shows no progress.");

    /// <summary>The command; the functions do its work and return the exit code.</summary>
    public ModelsCommand(
        Func<ModelsFitOptions, CancellationToken, Task<int>> fit,
        Func<ModelsVerifyOptions, CancellationToken, Task<int>> verify,
        Func<ModelStoreOptions, CancellationToken, Task<int>> store)
        : base("models", "Makes, checks, keeps and deploys the ONNX models.")
    {
        var fitCommand = new Command("fit", "Fits the three actors to the rule-based teacher and writes the models.")
        {
            _output, _seed, _steps, _batchSize, _learningRate, _force, _quiet,
        };
        fitCommand.SetAction((parsed, cancel) => fit(FitOptionsOf(parsed), cancel));
        Add(fitCommand);

        var verifyCommand = new Command("verify", "Checks the models against their manifest: hashes and shapes.")
        {
            _models,
        };
        verifyCommand.SetAction((parsed, cancel) => verify(
            new ModelsVerifyOptions { ModelsDirectory = parsed.GetValue(_models) }, cancel));
        Add(verifyCommand);
        foreach (var action in Enum.GetValues<ModelStoreAction>())
            Add(new ModelStoreCommand(action, store));
    }

    private ModelsFitOptions FitOptionsOf(ParseResult parsed)
    {
        var folder = parsed.GetValue(_output) ?? Path.GetFullPath(FittedFolder);
        WrittenFiles.MustBeNew(parsed.GetValue(_force), Path.Combine(folder, ModelManifest.FileName));
        return new ModelsFitOptions
        {
            OutputDirectory = folder,
            Seed = parsed.GetValue(_seed),
            Steps = parsed.GetValue(_steps),
            BatchSize = parsed.GetValue(_batchSize),
            LearningRate = parsed.GetValue(_learningRate),
            IsQuiet = parsed.GetValue(_quiet),
        };
    }
}

/// <summary>Everything that `xp models fit` was asked for, validated; paths are absolute.</summary>
public sealed record ModelsFitOptions
{
    /// <summary>Where the models and their manifest go.</summary>
    public required string OutputDirectory { get; init; }

    /// <summary>Seed of the first weights and of the samples.</summary>
    public long Seed { get; init; }

    /// <summary>Optimizer steps.</summary>
    public int Steps { get; init; }

    /// <summary>Contexts a step.</summary>
    public int BatchSize { get; init; }

    /// <summary>The optimizer's largest rate.</summary>
    public double LearningRate { get; init; }

    /// <summary>No progress is shown.</summary>
    public bool IsQuiet { get; init; }
}

/// <summary>Everything that `xp models verify` was asked for, validated; paths are absolute.</summary>
public sealed record ModelsVerifyOptions
{
    /// <summary>The folder of the ONNX models and their manifest; null: models-onnx, looked for upwards.</summary>
    public string? ModelsDirectory { get; init; }
}
