using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Config;

/// <summary>`xp config`: what its commands do.</summary>
public static class ConfigRunner
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// Runs. Returns the exit code: 2 where a configuration cannot be used, 1 where its limits refuse every order.
    /// A file that never ends, such as a pipe, is given up when it is interrupted.
    /// </summary>
    public static Task<int> RunAsync(
        ConfigOptions options, TextWriter output, TextWriter error, CancellationToken cancel) =>
        Task.Run(() => Run(options, output, error), CancellationToken.None).WaitAsync(cancel);

    private static int Run(ConfigOptions options, TextWriter output, TextWriter error)
    {
        switch (options.Action)
        {
            case ConfigAction.Check:
                return Check(options, output, error);
            case ConfigAction.Show:
                Show(options, output);
                return ExitCode.Done;
            case ConfigAction.Schema:
                var descriptions = KeyDescriptions.Load();
                output.WriteLine(options.IsMarkdown
                    ? KeyDocument.Of(descriptions).TrimEnd()
                    : KeySchema.Of(descriptions).ToJsonString(Json));
                return ExitCode.Done;
            default:
                return ConfigImport.Run(options, output, error);
        }
    }

    private static int Check(ConfigOptions options, TextWriter output, TextWriter error)
    {
        var problems = new List<ConfigurationProblem>();
        var sources = DemoConfiguration.SourcesOf(options.ConfigFile, options.Settings);
        var loaded = ConfigurationLoader.TryLoad(sources, problems);
        if (loaded?.FindMisfit() is { } misfit)
            problems.Add(misfit);
        IReadOnlyList<string> refusals = problems.Count == 0 ? OrderRoom.Describe(loaded!.Options) : [];
        IReadOnlyList<string> ceilings = problems.Count == 0 ? OrderRoom.DescribeCeilings(loaded!.Options) : [];
        if (options.IsJson)
        {
            output.WriteLine(JsonOf(options.ConfigFile!, problems, refusals, ceilings).ToJsonString(Json));
        }
        else
        {
            foreach (var problem in problems)
                error.WriteLine(PrintableText.Line(problem.ToString()));
            foreach (var line in refusals)
                error.WriteLine($"{options.ConfigFile}: warning: {line}");
            foreach (var line in ceilings)
                output.WriteLine($"{options.ConfigFile}: {line}");
            if (problems.Count + refusals.Count == 0)
                output.WriteLine($"{options.ConfigFile}: {SetKeysOf(loaded!)} keys are set, and all can be used");
        }

        return problems.Count > 0 ? ExitCode.Unusable : refusals.Count > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private static int SetKeysOf(LoadedConfiguration loaded) =>
        loaded.Values.Count(static value => value.Place.Kind != PlaceKind.Default);

    private static JsonObject JsonOf(
        string file, List<ConfigurationProblem> problems, IReadOnlyList<string> refusals,
        IReadOnlyList<string> ceilings) => new()
        {
            ["file"] = file,
            ["usable"] = problems.Count == 0,
            ["problems"] = new JsonArray([
            .. problems.Select(static problem => new JsonObject
            {
                ["source"] = problem.Place.Source,
                ["line"] = problem.Place.Line,
                ["column"] = problem.Place.Column,
                ["key"] = problem.Key,
                ["value"] = problem.Value,
                ["nearest"] = problem.Nearest,
                ["text"] = problem.Text,
            }),
        ]),
            ["refuses_every_order"] = new JsonArray([.. refusals.Select(static line => JsonValue.Create(line))]),
            ["room"] = new JsonArray([.. ceilings.Select(static line => JsonValue.Create(line))]),
        };

    private static void Show(ConfigOptions options, TextWriter output)
    {
        var loaded = ConfigurationInputs.Load(DemoConfiguration.SourcesOf(options.ConfigFile, options.Settings));
        var shown = loaded.Values
            .Where(value => options.IsEffective || value.Place.Kind != PlaceKind.Default).ToList();
        if (options.IsJson)
        {
            var values = shown.Select(static value => new JsonObject
            {
                ["key"] = value.Key,
                ["value"] = value.Value?.DeepClone(),
                ["source"] = value.Place.Kind.ToString().ToLowerInvariant(),
                ["place"] = value.Place.ToString(),
            });
            output.WriteLine(new JsonObject { ["values"] = new JsonArray([.. values]) }.ToJsonString(Json));
            return;
        }

        foreach (var value in shown)
        {
            var text = value.Value?.ToJsonString(Compact) ?? "null";
            output.WriteLine(PrintableText.Line($"{value.Key} = {text}  ({value.Place})"));
        }
    }
}
