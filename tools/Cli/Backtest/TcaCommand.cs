using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Reports;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Backtest;

/// <summary>`xp tca`: its options and how they become <see cref="TcaOptions"/>.</summary>
public sealed class TcaCommand : Command
{
    private readonly Argument<string?> _input = PathArguments.ExistingFile(
        "FILE", "The costs.json that xp backtest --report wrote.");

    private readonly ValueOption<string?> _html = new(
        "--html", "FILE", "Writes the page with charts.", Paths.OutputFile, null, "not written");

    private readonly FlagOption _force = RunOptions.Force();

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public TcaCommand(Func<TcaOptions, CancellationToken, Task<int>> run)
        : base("tca", "Prints what the executions of a backtest cost, by strategy, venue and hour.")
    {
        Add(_input);
        Add(_html);
        Add(_force);
        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private TcaOptions OptionsOf(ParseResult parsed)
    {
        var options = new TcaOptions(parsed.GetRequiredValue(_input)!, parsed.GetValue(_html));
        WrittenFiles.MustStandAlone([options.InputFile], options.HtmlFile);
        WrittenFiles.MustBeNew(parsed.GetValue(_force), options.HtmlFile);
        return options;
    }
}

/// <summary>Everything that `xp tca` was asked for, validated; paths are absolute.</summary>
/// <param name="InputFile">What `xp backtest --report` wrote for machines.</param>
/// <param name="HtmlFile">Where the page goes; null: nowhere.</param>
public sealed record TcaOptions(string InputFile, string? HtmlFile);

/// <summary>`xp tca`: the tables of an analysis that was made before, and its page.</summary>
public static class TcaRunner
{
    /// <summary>Reads, prints and writes. Returns the exit code.</summary>
    public static Task<int> RunAsync(TcaOptions options, IAnsiConsole console, CancellationToken cancel) =>
        Task.Run(() => Run(options, console, cancel), CancellationToken.None);

    private static int Run(TcaOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        var costs = CostReport.ReadJson(options.InputFile);
        cancel.ThrowIfCancellationRequested();
        CostReport.Write(console, costs);
        if (options.HtmlFile is { } page)
            CostReport.WriteHtml(page, costs);
        return ExitCode.Done;
    }
}
