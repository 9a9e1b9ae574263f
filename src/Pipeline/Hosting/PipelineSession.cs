using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Models;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Telemetry;
using ExecutionPipeline.Pipeline.Venues;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>What a session is told beside the pipeline's configuration.</summary>
public sealed record SessionOptions
{
    /// <summary>The media driver's folder; an embedded driver's is made for the session and removed after it.</summary>
    public required string AeronDirectory { get; init; }

    /// <summary>Whether a driver of another process runs in <see cref="AeronDirectory"/>. Default: false.</summary>
    public bool IsDriverExternal { get; init; }

    /// <summary>The folder of the journal of inputs; null: there is none. Default: null.</summary>
    public string? JournalFolder { get; init; }

    /// <summary>Where commands find models; null: they are refused. Default: null.</summary>
    public ModelSource? Models { get; init; }

    /// <summary>Which signals are measured. Default: none.</summary>
    public MeasurementPlan Measurement { get; init; } = MeasurementPlan.None;

    /// <summary>Connects to the venue; null: to the configured one. Default: null.</summary>
    public VenueConnector? Venue { get; init; }

    /// <summary>
    /// Kills the pipeline when the process is told to, and stays the caller's; null: the session listens from its own
    /// beginning on. Default: null.
    /// </summary>
    public KillSignal? KillSignal { get; init; }

    /// <summary>
    /// Ends the start while it waits for the streams of a pipeline that was killed. Default: nothing does.
    /// </summary>
    public CancellationToken Cancel { get; init; }

    /// <summary>Whether figures for whoever watches are published as counters. Default: false.</summary>
    public bool IsWatched { get; init; }

    /// <summary>Where events take their time from. Default: the system's clock.</summary>
    public IEventClock Clock { get; init; } = new SystemEventClock();
}

/// <summary>
/// A pipeline with its Aeron client, the media driver where it is embedded, and the policy that decides, made and ended
/// together.
/// </summary>
public sealed class PipelineSession : IDisposable
{
    /// <summary>
    /// A term of a stream. Half of it is what a sender can be ahead: some 4,000 signals. More would be memory that
    /// every lap takes from the caches.
    /// </summary>
    public const int TermBytes = 2 << 20;

    private readonly Stack<IDisposable> _owned = new();

    /// <param name="options">The pipeline's configuration; validated here.</param>
    /// <param name="session">The driver, the journal and what else belongs to the run.</param>
    /// <param name="policy">Who decides at the start. The session disposes of it, though not if this throws.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    /// <exception cref="IOException">The journal cannot be begun.</exception>
    /// <exception cref="TimeoutException">
    /// The media driver does not answer, or does not give up a pipeline that was killed.
    /// </exception>
    /// <exception cref="OperationCanceledException">The waiting for that was ended.</exception>
    public PipelineSession(PipelineOptions options, SessionOptions session, LoadedPolicy policy)
    {
        Policy = policy;
        try
        {
            var kill = session.KillSignal ?? Own(new KillSignal());
            if (!session.IsDriverExternal)
                Own(LaunchDriver(session.AeronDirectory));
            var fault = new TradingFault();
            var aeron = Own(AeronClient.Connect(new AeronClient.Context()
                .AeronDirectoryName(session.AeronDirectory)
                .PreTouchMappedMemory(true)
                .ErrorHandler(new ClientFaults(fault))));
            WarmPath.Compile(aeron, options, policy.Backend);
            // What it leaves would be collected while the pipeline runs.
            GC.Collect();
            var transport = Own(new AeronTransport(aeron, session.Cancel));
            Accounts = transport.Accounts;
            var venue = session.Venue;
            if (venue == null && options.Venue.MisfitOf(options.Routing.Venues.Count) is { } misfit)
                throw new ArgumentException(misfit);
            if (venue == null && options.Venue.Kind == VenueKind.Process)
                venue = (_, reports) => Connect(aeron, options, reports, fault);
            Host = Own(new PipelineHost(options, new PipelineParts
            {
                Transport = transport,
                Backend = policy.Backend,
                Fault = fault,
                Venue = venue,
                Clock = session.Clock,
                KillSignal = kill,
                Measurement = session.Measurement,
                JournalFolder = session.JournalFolder,
                Models = session.Models,
                IsWatched = session.IsWatched,
                IsKeptWarm = true,
            }));
            PageMemory.TouchOwn();
            RemoteVenue?.Start();
            Counters = session.IsWatched ? Own(new PipelineCounters(aeron, Host, options)) : null;
        }
        catch (Exception problem)
        {
            Release();
            if (problem is DriverTimeoutException silent)
                throw new TimeoutException(silent.Reason, silent);
            throw;
        }
    }

    public PipelineHost Host { get; }

    /// <summary>Publishes the figures, when somebody calls it; null where nobody watches.</summary>
    public PipelineCounters? Counters { get; }

    /// <summary>What came in, by stream and sender.</summary>
    public IReadOnlyList<StreamAccount> Accounts { get; }

    /// <summary>Who decides at the start.</summary>
    public LoadedPolicy Policy { get; }

    /// <summary>The link to the venue in another process; null where there is none.</summary>
    public RemoteVenue? RemoteVenue { get; private set; }

    /// <summary>Ends the pipeline, then the client, then the driver, which removes its folder.</summary>
    public void Dispose()
    {
        try
        {
            Release();
        }
        finally
        {
            Policy.Dispose();
        }
    }

    private Venue Connect(AeronClient aeron, PipelineOptions options, ReportInbox reports, TradingFault fault)
    {
        var ids = new InstrumentIds([.. options.Instruments.Select(static one => one.Id)]);
        RemoteVenue = new RemoteVenue(aeron, options.Venue, ids, reports, fault);
        return new Venue(RemoteVenue) { TellsOfConnection = true };
    }

    private static MediaDriver LaunchDriver(string directory) => MediaDriver.Launch(new MediaDriver.Context()
        .AeronDirectoryName(directory)
        .IpcTermBufferLength(TermBytes)
        .TermBufferSparseFile(false));

    private T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Push(resource);
        return resource;
    }

    private void Release()
    {
        if (!_owned.TryPop(out var last))
            return;

        try
        {
            last.Dispose();
        }
        finally
        {
            Release();
        }
    }
}

/// <summary>
/// Ends trading for what the Aeron client meets outside of any call: above all that the media driver has gone, after
/// which nothing comes in or goes out, and what a handler of messages threw while the client polled for it.
/// </summary>
internal sealed class ClientFaults(TradingFault fault) : IErrorHandler
{
    public void OnError(Exception exception) => fault.Latch(
        "the Aeron client",
        exception is AeronException known ? new IOException(known.Reason, known) : exception);
}
