using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Cli.Histograms;
using ExecutionPipeline.Cli.Models;
using ExecutionPipeline.Cli.Replay;

var console = Consoles.Create();
var handlers = new XpHandlers
{
    Demo = (options, cancel) => DemoRunner.RunAsync(options, console, cancel),
    Engine = (options, cancel) => EngineRunner.RunAsync(options, Console.Out, cancel),
    Replay = (options, cancel) => ReplayRunner.RunAsync(options, console, cancel),
    ModelsFit = (options, cancel) => ModelsRunner.FitAsync(options, console, cancel),
    ModelsVerify = (options, _) => ModelsRunner.VerifyAsync(options, console),
    HistPrint = (options, cancel) => HistPrinter.RunAsync(options, console, Console.Error, cancel),
    HistMerge = (options, cancel) => HistMergeRunner.RunAsync(options, console, Console.Error, cancel),
    HistCompare = (options, cancel) => HistCompareRunner.RunAsync(options, console, Console.Error, cancel),
    HistReport = (options, cancel) => HistReportRunner.RunAsync(options, console, Console.Error, cancel),
};
return await XpCommandLine.InvokeAsync(args, handlers, Console.Out, Console.Error);
