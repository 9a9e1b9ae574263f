using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>
/// The Aeron client and the pipeline of one run, and the media driver where it is embedded, made and ended together.
/// </summary>
public sealed class DemoSession : IDisposable
{
    /// <summary>
    /// Half of it is what a sender can be ahead: some 4,000 signals. More would be memory that every lap takes from the
    /// caches.
    /// </summary>
    private const int TermBytes = 2 << 20;

    private readonly MediaDriver? _driver;
    private readonly AeronClient _aeron;

    public DemoSession(DemoOptions options, PipelineOptions pipeline, LoadedPolicy policy)
    {
        Policy = policy;
        _driver = options.IsDriverExternal ? null : LaunchDriver(options.AeronDirectory);
        try
        {
            _aeron = AeronClient.Connect(new AeronClient.Context()
                .AeronDirectoryName(options.AeronDirectory)
                .PreTouchMappedMemory(true));
        }
        catch
        {
            _driver?.Dispose();
            throw;
        }

        try
        {
            var plan = new MeasurementPlan(options.WarmupEvents, options.Events);
            Host = new PipelineHost(
                pipeline, _aeron, policy.Backend, plan, options.RecordFile, Policies.SourceOf(options, policy));
        }
        catch
        {
            _aeron.Dispose();
            _driver?.Dispose();
            throw;
        }
    }

    public PipelineHost Host { get; }

    /// <summary>Who decides at the start.</summary>
    public LoadedPolicy Policy { get; }

    /// <summary>Ends the pipeline, then the client, then the driver, which removes its folder.</summary>
    public void Dispose()
    {
        try
        {
            Host.Dispose();
        }
        finally
        {
            _aeron.Dispose();
            _driver?.Dispose();
            Policy.Dispose();
        }
    }

    private static MediaDriver LaunchDriver(string directory) => MediaDriver.Launch(new MediaDriver.Context()
        .AeronDirectoryName(directory)
        .IpcTermBufferLength(TermBytes)
        .TermBufferSparseFile(false));
}
