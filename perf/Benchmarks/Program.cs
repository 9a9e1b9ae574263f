using System.CommandLine;
using BenchmarkDotNet.Running;
using ExecutionPipeline.Benchmarks.Commands;
using ExecutionPipeline.Benchmarks.Growth;
using ExecutionPipeline.Benchmarks.Messaging;
using ExecutionPipeline.Benchmarks.Paired;

var commands = new RootCommand("Measures the libraries beside others; other arguments go to BenchmarkDotNet.")
{
    PairedCommand.Create(),
    StreamsCommand.Create(),
    MatchingCommand.Create(),
    ReplayCommand.Create(),
    JournalCosts.Create(),
    ControlLoad.Create(),
    StageCosts.CreateCost(),
    StageCosts.CreateGuard(),
    GrowthCommand.Create(),
};
if (args is [var name, ..] && commands.Subcommands.Any(command => command.Name == name))
    return commands.Parse(args).Invoke();

BenchmarkSwitcher.FromAssembly(typeof(PairedCommand).Assembly).Run(args);
return 0;
