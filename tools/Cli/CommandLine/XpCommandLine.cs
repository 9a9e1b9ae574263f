using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ExecutionPipeline.Cli.Audit;
using ExecutionPipeline.Cli.Backtest;
using ExecutionPipeline.Cli.Commands;
using ExecutionPipeline.Cli.Config;
using ExecutionPipeline.Cli.Daemons;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Doctor;
using ExecutionPipeline.Cli.Drivers;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Cli.Histograms;
using ExecutionPipeline.Cli.Journal;
using ExecutionPipeline.Cli.Latency;
using ExecutionPipeline.Cli.Models;
using ExecutionPipeline.Cli.Replay;
using ExecutionPipeline.Cli.Simulate;
using ExecutionPipeline.Cli.Venues;
using ExecutionPipeline.Daemon;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>The command `xp`: parses, runs, and turns what goes wrong into one line and an exit code.</summary>
public static class XpCommandLine
{
    /// <summary>Parses and runs. Returns the exit code.</summary>
    public static async Task<int> InvokeAsync(
        IReadOnlyList<string> arguments, XpHandlers handlers, TextWriter output, TextWriter error)
    {
        var parsed = Parse(arguments, handlers);
        if (parsed.Action is null or ParseErrorAction)
        {
            await error.WriteLineAsync(UsageProblem.Describe(parsed)).ConfigureAwait(false);
            return ExitCode.Unusable;
        }

        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // The library would listen for signals only once the command waits for something.
            ProcessTerminationTimeout = null,
            Output = output,
            Error = error,
        };
        using var interruption = parsed.CommandResult.Command is IServiceCommand ? null : new Interruption();
        try
        {
            var token = interruption?.Token ?? CancellationToken.None;
            var code = await parsed.InvokeAsync(configuration, token).ConfigureAwait(false);
            return interruption is { IsRequested: true } ? ExitCode.Interrupted : code;
        }
        catch (Exception problem)
        {
            var isInterrupted = interruption is { IsRequested: true } && problem is OperationCanceledException;
            await error.WriteLineAsync($"{UsageProblem.CommandOf(parsed)}: {CommandFault.Describe(problem)}")
                .ConfigureAwait(false);
            return isInterrupted ? ExitCode.Interrupted : CommandFault.CodeOf(problem);
        }
    }

    /// <summary>Parses without running.</summary>
    public static ParseResult Parse(IReadOnlyList<string> arguments, XpHandlers handlers) => Create(handlers).Parse(
        arguments, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });

    /// <summary>The tree of commands.</summary>
    public static RootCommand Create(XpHandlers handlers)
    {
        ArgumentNullException.ThrowIfNull(handlers);
        var root = new RootCommand("Turns qualified trades into orders, and shows how long that takes.")
        {
            new DemoCommand(handlers.Demo),
            new RunCommand(handlers.Run),
            new UpCommand(handlers.Up),
            new ControlCommand(handlers.Control),
            new TopCommand(handlers.Top),
            new DoctorCommand(handlers.Doctor),
            new CompletionCommand(),
            new EngineCommand(handlers.Engine),
            new VenueCommand(handlers.Venue),
            new ReplayCommand(handlers.Replay),
            new JournalCommand(handlers.Journal),
            new AuditCommand(handlers.Audit),
            new BacktestCommand(handlers.Backtest, handlers.BacktestSweep),
            new SimulateCommand(handlers.Simulate),
            new TcaCommand(handlers.Tca),
            new LatencyCommand(handlers.Latency),
            new ModelsCommand(handlers.ModelsFit, handlers.ModelsVerify, handlers.ModelStore),
            new ConfigCommand(handlers.Config),
            new HistCommand(handlers),
            new DriverCommand(handlers.Driver),
            new StatCommand(handlers.Stat),
            new StreamsCommand(handlers.Streams),
            new ErrorsCommand(handlers.Errors),
        };
        foreach (var (kind, name, description) in OperatorCommand.All)
            root.Add(new OperatorCommand(kind, name, description, handlers.Operator));
        root.Add(OperatorCommand.OfOrder(handlers.Operator));
        foreach (var option in root.Options)
        {
            if (option is HelpOption help)
                help.Action = new HelpPage();
        }

        return root;
    }
}

/// <summary>What each command does once its options are read. Each returns the exit code.</summary>
public sealed class XpHandlers
{
    public required Func<DemoOptions, CancellationToken, Task<int>> Demo { get; init; }

    /// <summary>The daemon, which takes signals itself.</summary>
    public required Func<DaemonOptions, CancellationToken, Task<int>> Run { get; init; }

    /// <summary>Keeps daemon, driver and engine running, and takes signals itself.</summary>
    public required Func<UpOptions, CancellationToken, Task<int>> Up { get; init; }

    /// <summary>The control plane, which takes signals itself.</summary>
    public required Func<ControlRun, CancellationToken, Task<int>> Control { get; init; }

    public required Func<TopOptions, CancellationToken, Task<int>> Top { get; init; }

    public required Func<DoctorOptions, CancellationToken, Task<int>> Doctor { get; init; }

    /// <summary>kill, resume, cancel-all and their like, status, and the commands of order.</summary>
    public required Func<OperatorOptions, CancellationToken, Task<int>> Operator { get; init; }

    public required Func<EngineOptions, CancellationToken, Task<int>> Engine { get; init; }

    public required Func<VenueProcessOptions, CancellationToken, Task<int>> Venue { get; init; }

    public required Func<ReplayOptions, CancellationToken, Task<int>> Replay { get; init; }

    /// <summary>check, repair, dump, tail, export and show.</summary>
    public required Func<JournalOptionsRead, CancellationToken, Task<int>> Journal { get; init; }

    /// <summary>Every command of audit.</summary>
    public required Func<AuditCommandOptions, CancellationToken, Task<int>> Audit { get; init; }

    public required Func<BacktestOptions, CancellationToken, Task<int>> Backtest { get; init; }

    public required Func<SweepOptions, CancellationToken, Task<int>> BacktestSweep { get; init; }

    public required Func<SimulateOptions, CancellationToken, Task<int>> Simulate { get; init; }

    public required Func<TcaOptions, CancellationToken, Task<int>> Tca { get; init; }

    public required Func<LatencyOptions, CancellationToken, Task<int>> Latency { get; init; }

    public required Func<ModelsFitOptions, CancellationToken, Task<int>> ModelsFit { get; init; }

    public required Func<ModelsVerifyOptions, CancellationToken, Task<int>> ModelsVerify { get; init; }

    public required Func<ModelStoreOptions, CancellationToken, Task<int>> ModelStore { get; init; }

    /// <summary>check, show, schema and import.</summary>
    public required Func<ConfigOptions, CancellationToken, Task<int>> Config { get; init; }

    public required Func<HistPrintOptions, CancellationToken, Task<int>> HistPrint { get; init; }

    public required Func<DriverOptions, CancellationToken, Task<int>> Driver { get; init; }

    public required Func<StatOptions, CancellationToken, Task<int>> Stat { get; init; }

    public required Func<MonitorOptions, CancellationToken, Task<int>> Streams { get; init; }

    public required Func<MonitorOptions, CancellationToken, Task<int>> Errors { get; init; }

    public required Func<HistMergeOptions, CancellationToken, Task<int>> HistMerge { get; init; }

    public required Func<HistCompareOptions, CancellationToken, Task<int>> HistCompare { get; init; }

    public required Func<HistReportOptions, CancellationToken, Task<int>> HistReport { get; init; }
}
