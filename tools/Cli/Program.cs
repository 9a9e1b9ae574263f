using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Cli.Histograms;
using ExecutionPipeline.Cli.Latency;
using ExecutionPipeline.Cli.Models;
using ExecutionPipeline.Cli.Replay;

var console = Consoles.Create();
var handlers = new XpHandlers
{
    Demo = (options, cancel) => DemoRunner.RunAsync(options, console, cancel),
    Engine = (options, cancel) => EngineRunner.RunAsync(options, Console.Out, cancel),
    Replay = (options, cancel) => ReplayRunner.RunAsync(options, console, cancel),
    Latency = (options, cancel) => LatencyRunner.RunAsync(options, console, cancel),
    ModelsFit = (options, cancel) => ModelsRunner.FitAsync(options, console, cancel),
    ModelsVerify = (options, _) => ModelsRunner.VerifyAsync(options, console),
    HistPrint = (options, _) => HistRunner.PrintAsync(options, console),
};
return await XpCommandLine.InvokeAsync(args, handlers, Console.Out, Console.Error);
