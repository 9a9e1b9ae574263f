using ExecutionPipeline.Cli.Commands;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Drivers;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Cli.Histograms;
using ExecutionPipeline.Cli.Latency;
using ExecutionPipeline.Cli.Models;
using ExecutionPipeline.Cli.Replay;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>What each command does once its options are read. Each returns the exit code.</summary>
public sealed class XpHandlers
{
    public required Func<DemoOptions, CancellationToken, Task<int>> Demo { get; init; }

    /// <summary>kill, resume, cancel-all, close-all and status.</summary>
    public required Func<OperatorOptions, CancellationToken, Task<int>> Operator { get; init; }

    public required Func<EngineOptions, CancellationToken, Task<int>> Engine { get; init; }

    public required Func<ReplayOptions, CancellationToken, Task<int>> Replay { get; init; }

    public required Func<LatencyOptions, CancellationToken, Task<int>> Latency { get; init; }

    public required Func<ModelsFitOptions, CancellationToken, Task<int>> ModelsFit { get; init; }

    public required Func<ModelsVerifyOptions, CancellationToken, Task<int>> ModelsVerify { get; init; }

    public required Func<ModelStoreOptions, CancellationToken, Task<int>> ModelStore { get; init; }

    public required Func<HistPrintOptions, CancellationToken, Task<int>> HistPrint { get; init; }

    public required Func<DriverOptions, CancellationToken, Task<int>> Driver { get; init; }

    public required Func<StatOptions, CancellationToken, Task<int>> Stat { get; init; }

    public required Func<MonitorOptions, CancellationToken, Task<int>> Streams { get; init; }

    public required Func<MonitorOptions, CancellationToken, Task<int>> Errors { get; init; }

    public required Func<HistMergeOptions, CancellationToken, Task<int>> HistMerge { get; init; }

    public required Func<HistCompareOptions, CancellationToken, Task<int>> HistCompare { get; init; }

    public required Func<HistReportOptions, CancellationToken, Task<int>> HistReport { get; init; }
}
