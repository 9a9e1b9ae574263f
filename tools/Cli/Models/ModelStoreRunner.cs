using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Stages.Inference.Models;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Models;

/// <summary>The commands of `xp models` that work on a store.</summary>
public static class ModelStoreRunner
{
    /// <summary>Returns the exit code.</summary>
    /// <exception cref="UsageException">No such store or version, or a file is not as it should be.</exception>
    public static Task<int> RunAsync(ModelStoreOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(console);
        return Task.Run(() => Run(options, console, cancel), CancellationToken.None);
    }

    /// <summary>The models that a text names, in a store or, as the current ones, in a plain folder.</summary>
    /// <exception cref="ModelFileException">There are none, or several.</exception>
    /// <exception cref="UsageException">There is no such folder.</exception>
    public static ModelDirectory Resolve(string folder, string version)
    {
        if (!Directory.Exists(folder))
            throw NoStore(folder);

        if (version == "current")
            return PolicyChoice.ModelsOf(folder);

        var store = new ModelStore(folder);
        if (version != "previous")
            return store.Open(store.Find(version));

        var history = store.History();
        return history.Count > 1
            ? store.Open(history[1])
            : throw new ModelFileException($"{folder}: there is no previous version");
    }

    private static int Run(ModelStoreOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        try
        {
            return options.Action switch
            {
                ModelStoreAction.Add => Add(options, console),
                ModelStoreAction.List => List(options, console),
                ModelStoreAction.Show => Show(options, console),
                ModelStoreAction.Validate => Validate(options, console, cancel),
                _ => ModelSender.Run(options, console, cancel),
            };
        }
        catch (ModelFileException problem)
        {
            throw new UsageException(problem.Message);
        }
    }

    private static int Add(ModelStoreOptions options, IAnsiConsole console)
    {
        var store = new ModelStore(options.StoreDirectory, options.Retention);
        var version = store.Add(options.SourceDirectory ?? Policies.FindFolder(), "xp models add");
        if (store.History().Count == 0)
            store.MakeCurrent(version);

        console.WriteLine($"{version} is in {store.Location}");
        return 0;
    }

    private static int List(ModelStoreOptions options, IAnsiConsole console)
    {
        if (!ModelStore.IsStore(options.StoreDirectory))
            throw NoStore(options.StoreDirectory);

        var store = new ModelStore(options.StoreDirectory);
        var history = store.History();
        var rows = store.List().Select(model => new
        {
            Version = model.Version.ToString(),
            Role = RoleOf(history, model.Version),
            model.Manifest?.Lineage?.Created,
            model.Manifest?.Lineage?.Parent,
            Accuracy = model.Manifest is { Validation: var v } ? Math.Min(v.Size.Accuracy, v.Strategy.Accuracy) : 0,
            model.Problem,
        }).ToList();
        WriteJson(options, rows);
        FigureTable.Write(
            console, null, ["version", "role", "created", "parent", "accuracy"],
            [
                .. rows.Select(static row => (string[])
                [
                    row.Version, row.Role, FormattableString.Invariant($"{row.Created:u}"),
                    PrintableText.Escape(row.Parent ?? ""), FormattableString.Invariant($"{row.Accuracy:0.0000}"),
                ]),
            ]);
        foreach (var row in rows.Where(static row => row.Problem != null))
            console.WriteLine(PrintableText.Line($"{row.Version}: {row.Problem}"));
        return 0;
    }

    private static int Show(ModelStoreOptions options, IAnsiConsole console)
    {
        var models = Resolve(options.StoreDirectory, options.Version);
        models.VerifyAll();
        if (options.JsonFile is not null)
            WholeFile.WriteText(options.JsonFile, models.Manifest.ToJson());

        console.WriteLine($"version: {ModelVersion.Of(models.Manifest)}");
        if (models.Manifest.Lineage is { } lineage)
        {
            console.WriteLine(PrintableText.Line(FormattableString.Invariant(
                $"added: {lineage.Created:u} by {lineage.Tool}, parent {lineage.Parent ?? "none"}")));
        }

        var measured = models.Manifest.Validation;
        console.WriteLine(FormattableString.Invariant(
            $"accuracy: size {measured.Size.Accuracy:0.0000}, strategy {measured.Strategy.Accuracy:0.0000}"));
        ModelsRunner.Show(console, models.Manifest);
        return 0;
    }

    private static int Validate(ModelStoreOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        var checks = ModelChecks.Run(options, cancel);
        WriteJson(options, checks.Figures);
        checks.Show(console);
        return checks.IsPassed ? 0 : ExitCode.Failed;
    }

    private static UsageException NoStore(string folder) =>
        new($"{folder} is no store of models: xp models add makes one");

    private static string RoleOf(IReadOnlyList<ModelVersion> history, ModelVersion version)
    {
        string[] roles = ["current", "previous"];
        var index = history.Take(roles.Length).ToList().IndexOf(version);
        return index < 0 ? "" : roles[index];
    }

    private static void WriteJson<T>(ModelStoreOptions options, T value)
    {
        if (options.JsonFile is not null)
            ReportJson.Write(options.JsonFile, value);
    }
}
