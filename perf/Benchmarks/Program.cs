using BenchmarkDotNet.Running;
using ExecutionPipeline.Benchmarks.Paired;

if (args is ["paired", ..])
    return PairedCommand.Run(args[1..], Console.Out, Console.Error);

BenchmarkSwitcher.FromAssembly(typeof(PairedCommand).Assembly).Run(args);
return 0;
