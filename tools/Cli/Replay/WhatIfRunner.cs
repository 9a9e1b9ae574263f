using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExecutionPipeline.Cli.Backtest;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Journal;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Replay;

/// <summary>`xp replay --what-if`: a journal's inputs with something else, and the same as they were.</summary>
public static class WhatIfRunner
{
    /// <summary>The page within the report's folder.</summary>
    public const string Page = "what-if.html";

    private const string BaseName = "base";

    /// <summary>Makes both runs and writes what they came to. Returns the exit code.</summary>
    public static int Run(ReplayOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var whatIf = options.WhatIf!;
        var (asWas, other) = ConfigurationsOf(options, whatIf);
        var baseChoice = Policies.ChoiceOf(
            whatIf.BaseInference ?? options.Inference, options.Graph, whatIf.BaseModels);
        var otherChoice = Policies.ChoiceOf(
            options.Inference, options.Graph, options.ModelsDirectory ?? whatIf.BaseModels);
        var (baseRun, baseOutcome) = Play(options, BaseName, asWas, baseChoice, true, console, cancel);
        var (otherRun, otherOutcome) = Play(
            options, "what if", other, otherChoice, otherChoice == baseChoice, console, cancel);
        var otherwise = Otherwise(baseRun.Outcomes, otherRun.Outcomes);
        var figures = new WhatIfFigures
        {
            Journal = options.JournalFolder,
            Changes = ChangesOf(options, whatIf, baseChoice, otherChoice),
            Base = baseOutcome,
            WhatIf = otherOutcome,
            SignalsOtherwise = otherwise.Count,
            FirstSignalOtherwise = otherwise is [var first, ..] ? first : null,
        };
        Write(options, whatIf, figures, console);
        return ExitCode.Done;
    }

    /// <summary>The page; it needs nothing but itself.</summary>
    public static string Html(WhatIfFigures figures)
    {
        var data = new JsonObject
        {
            ["what_if"] = JsonSerializer.SerializeToNode(figures, HtmlPage.DataOptions),
            ["rows"] = JsonSerializer.SerializeToNode(RowsOf(figures), HtmlPage.DataOptions),
        };
        return HtmlPage.Text("Execution pipeline: what if", "whatif", data);
    }

    private static (PipelineOptions AsWas, PipelineOptions Other) ConfigurationsOf(
        ReplayOptions options, WhatIfOptions whatIf)
    {
        using var reader = new JournalReader(options.JournalFolder);
        var (asWas, basis) =
            JournalFolders.ConfigurationOf(options.JournalFolder, reader, whatIf.BaseConfig, "--base-config");
        var settings = new SweepVariant(whatIf.Settings).ConfigurationSettings();
        var other = options.ConfigFile is { } file
            ? Load(basis, file, settings)
            : DemoConfiguration.Change(asWas, settings);
        return (asWas, DemoConfiguration.MustFit(options.ConfigFile ?? "the journal's configuration", other));
    }

    private static PipelineOptions Load(
        ConfigurationBasis basis, string file, IReadOnlyList<ConfigurationSetting> settings) => basis switch
        {
            ConfigurationBasis.Demo => DemoConfiguration.Load(file, settings),
            ConfigurationBasis.Scheduled => DemoConfiguration.LoadScheduled(file, settings),
            _ => ConfigurationInputs.Load(DemoConfiguration.SourcesOf(file, settings)).Options,
        };

    private static (WhatIfRun Run, WhatIfOutcome Outcome) Play(
        ReplayOptions options, string name, PipelineOptions pipeline, PolicyChoice choice, bool takesModels,
        IAnsiConsole console, CancellationToken cancel)
    {
        using var policy = Policies.Open(choice, console);
        using var reader = new JournalReader(options.JournalFolder);
        var run = new WhatIfRun(
            pipeline, policy.Backend, FirstTimeNs(options.JournalFolder), takesModels, choice.VersionOpener());
        run.Play(reader, cancel);
        // Both runs read the same.
        if (name == BaseName)
            JournalFolders.TellEnd("replay", reader.EndNote);
        return (run, run.Outcome(name, policy.Name, $"{PipelineConfiguration.HashOf(pipeline)}"));
    }

    private static long FirstTimeNs(string folder)
    {
        using var reader = new JournalReader(folder);
        var e = default(PipelineEvent);
        if (!reader.TryRead(ref e))
            throw new InvalidDataException($"{folder}: the journal holds no event");
        return reader.FirstSequence == 0
            ? e.Header.TimeNs
            : throw new InvalidDataException(
                $"the journal begins with event {reader.FirstSequence}: what was before is gone");
    }

    /// <summary>The ids of the signals with another outcome, and of those that only one run could take.</summary>
    private static List<ulong> Otherwise(IReadOnlyList<SignalOutcome> left, IReadOnlyList<SignalOutcome> right) =>
    [
        .. left.Except(right).Concat(right.Except(left)).DistinctBy(static outcome => outcome.Sequence)
            .OrderBy(static outcome => outcome.Sequence).Select(static outcome => outcome.SignalId),
    ];

    private static IReadOnlyList<string> ChangesOf(
        ReplayOptions options, WhatIfOptions whatIf, PolicyChoice asWas, PolicyChoice other)
    {
        var changes = whatIf.Settings.Select(static setting => $"{setting.Key}={setting.Value}").ToList();
        if (options.ConfigFile is not null)
            changes.Insert(0, $"configuration {options.ConfigFile}");
        if (asWas.Inference != other.Inference)
            changes.Add($"decided by {ReportNames.KeyOf(other.Inference)}, not {ReportNames.KeyOf(asWas.Inference)}");
        if (asWas.ModelsDirectory != other.ModelsDirectory && other.ModelsDirectory is not null)
            changes.Add($"models {other.ModelsDirectory}");
        return changes;
    }

    private static void Write(
        ReplayOptions options, WhatIfOptions whatIf, WhatIfFigures figures, IAnsiConsole console)
    {
        FigureTable.Write(
            console, "What if", ["", "base", "what if", "difference"],
            [.. RowsOf(figures).Select(static row => (string[])[row.Name, row.Base, row.WhatIf, row.Difference])]);
        console.WriteLine($"what if: {string.Join(", ", figures.Changes)}");
        console.WriteLine(figures.FirstSignalOtherwise is { } first
            ? $"{figures.SignalsOtherwise} signals came out otherwise; the first is signal {first}"
            : "every signal came out as in the base");
        console.WriteLine(WhatIfFigures.Meaning);
        if (options.JsonFile is { } json)
            ReportJson.Write(json, figures);
        if (whatIf.PageFile is { } page)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(page)!);
            WholeFile.WriteText(page, Html(figures));
            console.MarkupLineInterpolated($"report: {page}");
        }
    }

    private static IReadOnlyList<WhatIfRow> RowsOf(WhatIfFigures figures)
    {
        var (left, right) = (figures.Base, figures.WhatIf);
        return
        [
            WhatIfRow.Of("signals", left.Signals, right.Signals),
            .. Counts("", left.Outcomes, right.Outcomes),
            WhatIfRow.Of("orders", left.Orders, right.Orders),
            WhatIfRow.Of("child orders", left.ChildOrders, right.ChildOrders),
            WhatIfRow.Of("exit orders", left.ExitOrders, right.ExitOrders),
            WhatIfRow.Of("fills", left.Fills, right.Fills),
            WhatIfRow.Of("contracts ordered", left.ContractsOrdered, right.ContractsOrdered),
            WhatIfRow.Of("contracts executed", left.ContractsExecuted, right.ContractsExecuted),
            WhatIfRow.Of("cost, bp", (decimal?)left.CostBps, (decimal?)right.CostBps, "0.000"),
            WhatIfRow.Of(
                "cost with fees, bp", (decimal?)left.CostWithFeesBps, (decimal?)right.CostWithFeesBps, "0.000"),
            WhatIfRow.Of("trades", left.Trades, right.Trades),
            WhatIfRow.Of("profit before fees", left.GrossPnl, right.GrossPnl, "#,0.00"),
            WhatIfRow.Of("fees", left.Fees, right.Fees, "#,0.00"),
            WhatIfRow.Of("profit after fees", left.NetPnl, right.NetPnl, "#,0.00"),
            WhatIfRow.Of("deepest drawdown", left.MaxDrawdown, right.MaxDrawdown, "#,0.00"),
            .. Counts("refused: ", left.Refusals, right.Refusals),
        ];
    }

    private static IEnumerable<WhatIfRow> Counts(
        string prefix, IReadOnlyDictionary<string, long> left, IReadOnlyDictionary<string, long> right) =>
        left.Keys.Union(right.Keys).Select(key => WhatIfRow.Of(
            $"  {prefix}{ReportNames.Words(key)}", left.GetValueOrDefault(key), right.GetValueOrDefault(key)));
}

/// <summary>A figure of both runs as text.</summary>
internal sealed record WhatIfRow(string Name, string Base, string WhatIf, string Difference)
{
    public static WhatIfRow Of(string name, decimal? left, decimal? right, string format = "#,0")
    {
        return new WhatIfRow(name, Text(left), Text(right), left == right ? "" : Text(right - left, isSigned: true));

        string Text(decimal? value, bool isSigned = false)
        {
            var sign = isSigned && value > 0 ? "+" : "";
            return value is { } known ? sign + known.ToString(format, CultureInfo.InvariantCulture) : "-";
        }
    }
}
