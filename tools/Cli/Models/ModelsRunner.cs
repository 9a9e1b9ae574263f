using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Training.Distillation;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Models;

/// <summary>`xp models fit` and `xp models verify`.</summary>
public static class ModelsRunner
{
    /// <summary>Fits the models to the rule-based teacher and writes them. Returns the exit code.</summary>
    public static Task<int> FitAsync(ModelsFitOptions options, IAnsiConsole console, CancellationToken cancel) =>
        Task.Run(() => Fit(options, console, cancel), CancellationToken.None);

    /// <summary>Checks each model against the manifest. Returns the exit code.</summary>
    /// <exception cref="UsageException">
    /// There is no folder of models, or a file is not as its manifest says.
    /// </exception>
    public static Task<int> VerifyAsync(ModelsVerifyOptions options, IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(console);
        var folder = options.ModelsDirectory ?? Policies.FindFolder();
        try
        {
            var models = ModelDirectory.Open(folder);
            models.VerifyAll();
            Show(console, models.Manifest);
            var count = models.Manifest.Models.Count;
            console.MarkupLineInterpolated($"[green]{count} models in {folder} are as their manifest says[/]");
            return Task.FromResult(0);
        }
        catch (ModelFileException problem)
        {
            throw new UsageException(problem.Message);
        }
    }

    private static int Fit(ModelsFitOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        using var files = new WholeFolder(options.OutputDirectory);
        var distillation = new DistillationOptions
        {
            OutputDirectory = files.Unfinished,
            Seed = options.Seed,
            Steps = options.Steps,
            BatchSize = options.BatchSize,
            LearningRate = options.LearningRate,
        };
        var manifest = options.IsQuiet
            ? TeacherDistillation.Run(distillation, progress: null, cancel)
            : FitVisibly(distillation, console, cancel);
        var folder = files.Complete(isReplacing: true);
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
            var task = context.AddTask("fitting", maxValue: options.Steps);
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
