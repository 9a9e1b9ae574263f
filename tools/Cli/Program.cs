using ExecutionPipeline.Cli.Audit;
using ExecutionPipeline.Cli.Backtest;
using ExecutionPipeline.Cli.CommandLine;
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

var console = Consoles.Create();
var handlers = new XpHandlers
{
    Demo = (options, cancel) => DemoRunner.RunAsync(options, console, cancel),
    Run = (options, _) => Task.FromResult(DaemonRunner.Run(options, Console.Out, Console.Error)),
    Up = (options, _) => Task.FromResult(UpRunner.Run(options, Console.Out)),
    Control = (run, _) => ControlRunner.RunAsync(run, Console.Out),
    Top = (options, cancel) => TopRunner.RunAsync(options, console, cancel),
    Doctor = (options, cancel) => DoctorRunner.RunAsync(options, Console.Out, cancel),
    Operator = (options, cancel) => OperatorRunner.RunAsync(options, console, cancel),
    Engine = (options, cancel) => EngineRunner.RunAsync(options, Console.Out, cancel),
    Venue = (options, cancel) => VenueRunner.RunAsync(options, Console.Out, cancel),
    Replay = (options, cancel) => ReplayRunner.RunAsync(options, console, cancel),
    Journal = (options, cancel) => JournalRunner.RunAsync(options, console, Console.Out, cancel),
    Audit = (options, cancel) => AuditRunner.RunAsync(options, console, Console.OpenStandardOutput(), cancel),
    Backtest = (options, cancel) => BacktestRunner.RunAsync(options, console, cancel),
    BacktestSweep = (options, cancel) => SweepRunner.RunAsync(options, console, cancel),
    Simulate = (options, cancel) => SimulateRunner.RunAsync(options, console, cancel),
    Tca = (options, cancel) => TcaRunner.RunAsync(options, console, cancel),
    Latency = (options, cancel) => LatencyRunner.RunAsync(options, console, cancel),
    ModelsFit = (options, cancel) => ModelsRunner.FitAsync(options, console, cancel),
    ModelsVerify = (options, _) => ModelsRunner.VerifyAsync(options, console),
    ModelStore = (options, cancel) => ModelStoreRunner.RunAsync(options, console, cancel),
    Config = (options, cancel) => ConfigRunner.RunAsync(options, Console.Out, Console.Error, cancel),
    HistPrint = (options, cancel) => HistPrinter.RunAsync(options, console, Console.Error, cancel),
    HistMerge = (options, cancel) => HistMergeRunner.RunAsync(options, console, Console.Error, cancel),
    HistCompare = (options, cancel) => HistCompareRunner.RunAsync(options, console, Console.Error, cancel),
    HistReport = (options, cancel) => HistReportRunner.RunAsync(options, console, Console.Error, cancel),
    Driver = (options, cancel) => DriverRunner.RunAsync(options, Console.Out, cancel),
    Stat = (options, cancel) => MonitorRunner.StatAsync(options, console, cancel),
    Streams = (options, cancel) => MonitorRunner.StreamsAsync(options, console, cancel),
    Errors = (options, cancel) => MonitorRunner.ErrorsAsync(options, console, cancel),
};
return await XpCommandLine.InvokeAsync(args, handlers, Console.Out, Console.Error);
