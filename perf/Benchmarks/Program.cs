using BenchmarkDotNet.Running;
using ExecutionPipeline.Benchmarks.Messaging;
using ExecutionPipeline.Benchmarks.Paired;
using ExecutionPipeline.Benchmarks.Recording;

if (args is ["paired", ..])
    return PairedCommand.Run(args[1..], Console.Out, Console.Error);

if (args is ["histograms", ..])
    return HistogramsCommand.Run(args[1..], Console.Out, Console.Error);

if (args is ["streams", ..])
    return StreamsCommand.Run(args[1..], Console.Out, Console.Error);

BenchmarkSwitcher.FromAssembly(typeof(PairedCommand).Assembly).Run(args);
return 0;
