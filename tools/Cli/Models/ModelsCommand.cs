using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Training.Distillation;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Models;

/// <summary>`xp models` and its commands.</summary>
public sealed class ModelsCommand : Command
{
    // Those of the shipped models.
    private const long DefaultSeed = 1;
    private const int DefaultSteps = 45_000;
    private const int DefaultRoundingSteps = 20_000;
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
        "--steps", "N", "Steps of the optimizer.", Numbers.WholeInt("steps", 1, MaxSteps), DefaultSteps, "45000");

    private readonly ValueOption<int> _roundingSteps = new(
        "--rounding-steps", "N", "Steps with weights rounded to bfloat16; 0: weights stay float32.",
        Numbers.WholeInt("steps", 0, MaxSteps), DefaultRoundingSteps, "20000");

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
            _output, _seed, _steps, _roundingSteps, _batchSize, _learningRate, _force, _quiet,
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
        var isForced = parsed.GetValue(_force);
        WrittenFiles.MustBeNew(
            isForced, TeacherDistillation.FileNames.Select(file => Path.Combine(folder, file)));
        return new ModelsFitOptions
        {
            OutputDirectory = folder,
            Seed = parsed.GetValue(_seed),
            Steps = parsed.GetValue(_steps),
            RoundingSteps = parsed.GetValue(_roundingSteps),
            BatchSize = parsed.GetValue(_batchSize),
            LearningRate = parsed.GetValue(_learningRate),
            IsForced = isForced,
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

    /// <summary>Steps that follow with rounded weights.</summary>
    public int RoundingSteps { get; init; }

    /// <summary>Contexts a step.</summary>
    public int BatchSize { get; init; }

    /// <summary>The optimizer's largest rate.</summary>
    public double LearningRate { get; init; }

    /// <summary>Whether models that are there already may be replaced.</summary>
    public bool IsForced { get; init; }

    /// <summary>No progress is shown.</summary>
    public bool IsQuiet { get; init; }
}

/// <summary>Everything that `xp models verify` was asked for, validated; paths are absolute.</summary>
public sealed record ModelsVerifyOptions
{
    /// <summary>The folder of the ONNX models and their manifest; null: models-onnx, looked for upwards.</summary>
    public string? ModelsDirectory { get; init; }
}

/// <summary>`xp models fit` and `xp models verify`.</summary>
public static class ModelsRunner
{
    /// <summary>Fits the models to the rule-based teacher and writes them. Returns the exit code.</summary>
    public static Task<int> FitAsync(ModelsFitOptions options, IAnsiConsole console, CancellationToken cancel) =>
        Task.Run(() => Fit(options, console, cancel), CancellationToken.None);

    /// <summary>Checks each model against the manifest. Returns the exit code.</summary>
    /// <exception cref="UsageException">There is no folder of models.</exception>
    /// <exception cref="ModelFileException">A file is not as its manifest says.</exception>
    public static Task<int> VerifyAsync(ModelsVerifyOptions options, IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(console);
        var folder = options.ModelsDirectory ?? Policies.FindFolder();
        var models = ModelDirectory.Open(folder);
        models.VerifyAll();
        Show(console, models.Manifest);
        var count = models.Manifest.Models.Count;
        console.MarkupLineInterpolated($"[green]{count} models in {folder} are as their manifest says[/]");
        return Task.FromResult(0);
    }

    private static int Fit(ModelsFitOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        using var files = new WholeFolder(options.OutputDirectory);
        var distillation = new DistillationOptions
        {
            OutputDirectory = files.Unfinished,
            Seed = options.Seed,
            Steps = options.Steps,
            RoundingSteps = options.RoundingSteps,
            BatchSize = options.BatchSize,
            LearningRate = options.LearningRate,
        };
        var manifest = options.IsQuiet
            ? TeacherDistillation.Run(distillation, progress: null, cancel)
            : FitVisibly(distillation, console, cancel);
        // Somebody may have put models there since it began.
        var folder = files.Complete(options.IsForced);
        Show(console, manifest);
        console.MarkupLineInterpolated($"written to {folder}");
        return 0;
    }

    private static ModelManifest FitVisibly(
        DistillationOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        ModelManifest? manifest = null;
        console.Progress().Start(context =>
        {
            var task = context.AddTask("fitting", maxValue: options.Steps + options.RoundingSteps);
            manifest = TeacherDistillation.Run(
                options,
                progress =>
                {
                    task.Value = progress.Step;
                    task.Description = Describe(progress);
                },
                cancel);
        });
        return manifest!;
    }

    private static string Describe(DistillationProgress progress) => FormattableString.Invariant(
        $"losses: size {progress.SizeLossNats:0.0000}, strategy {progress.StrategyLossNats:0.0000}, ")
        + FormattableString.Invariant($"brackets {progress.BracketLoss:0.000000}");

    internal static void Show(IAnsiConsole console, ModelManifest manifest)
    {
        FigureTable.Write(
            console, null, ["file", "model", "sha-256", "opset"],
            [
                .. manifest.Models.Select(static model => (string[])
                [
                    model.File, PrintableText.Escape(model.Name), model.Sha256[..16] + "…",
                    FormattableString.Invariant($"{model.Opset}"),
                ]),
            ]);
        console.WriteLine(PrintableText.Line($"method: {manifest.Origin.Method}"));
        console.WriteLine(PrintableText.Line($"made by: {manifest.Origin.Command}"));
    }
}
