using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Models;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Telemetry;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>What a pipeline is put together with, beside its configuration.</summary>
public sealed class PipelineParts
{
    /// <summary>Carries messages in and out; stays the caller's.</summary>
    public required ITransport Transport { get; init; }

    /// <summary>Evaluates the actors; stays the caller's.</summary>
    public required IPolicyBackend Backend { get; init; }

    /// <summary>Keeps the first failure; what the transport's own threads meet is latched here too.</summary>
    public TradingFault Fault { get; init; } = new();

    /// <summary>Connects to the venue; null: the simulated exchange.</summary>
    public VenueConnector? Venue { get; init; }

    /// <summary>Where events take their time from. Default: the system's clock.</summary>
    public IEventClock Clock { get; init; } = new SystemEventClock();

    /// <summary>Which signals are measured. Default: none.</summary>
    public MeasurementPlan Measurement { get; init; } = MeasurementPlan.None;

    /// <summary>
    /// The folder of the journal of inputs; null: there is none. Where it holds the journal of a run, the pipeline goes
    /// on where that ends.
    /// </summary>
    public string? JournalFolder { get; init; }

    /// <summary>The number of who starts the pipeline, for the audit trail; 0: it is not said. Default 0.</summary>
    public uint OperatorId { get; init; }

    /// <summary>Kills the pipeline when the process is told to; stays the caller's. Null: no signal does.</summary>
    public KillSignal? KillSignal { get; init; }

    /// <summary>Makes the journal's files. Default: on this system's disks.</summary>
    internal ISegmentFiles SegmentFiles { get; init; } = new MappedSegmentFiles();

    /// <summary>How much the stages can hold.</summary>
    public StageRoom Room { get; init; } = new();

    /// <summary>Whether the path is kept warm while nothing comes in, where a thread spins for all stages.</summary>
    internal bool IsKeptWarm { get; init; }

    /// <summary>Whether live figures are kept for whoever watches. Default: false.</summary>
    public bool IsWatched { get; init; }

    /// <summary>Where commands find models; null: they are refused.</summary>
    public ModelSource? Models { get; init; }
}

/// <summary>The time that ingress gives events.</summary>
public interface IEventClock
{
    /// <summary>Nanoseconds since the Unix epoch, UTC.</summary>
    long NowNs();

    /// <summary>
    /// How far the system's real time, by which senders stamp, is ahead of this clock, in nanoseconds.
    /// </summary>
    long WallAheadNs() => 0;

    /// <summary>
    /// Goes on from the last moment of a journal, which may be ahead, and comes down to the system's time from there.
    /// Before the first event. Returns how far ahead that moment was, in nanoseconds; 0: it had passed, or this clock
    /// follows no other.
    /// </summary>
    long GoOnFrom(long timeNs) => 0;
}

/// <summary>This process's clock: the system's real time, but that a step of it is slewed in.</summary>
public sealed class SystemEventClock : IEventClock
{
    public long NowNs() => NanoClock.NowNs();

    public long WallAheadNs() => NanoClock.WallAheadNs();

    public long GoOnFrom(long timeNs) => NanoClock.GoOnFrom(timeNs);
}

/// <summary>Makes the connection to a venue, once, at the start.</summary>
/// <param name="instruments">What is traded.</param>
/// <param name="reports">Takes what the venue says: each thread that reports opens a queue of its own.</param>
public delegate Venue VenueConnector(InstrumentTable instruments, ReportInbox reports);

/// <summary>A connected venue.</summary>
/// <param name="Gateway">Where orders go; closed with the pipeline where it can be.</param>
/// <param name="Market">Is shown the market data in ring order; null: the venue has its own.</param>
public sealed record Venue(IVenueGateway Gateway, IMarketListener? Market = null)
{
    /// <summary>Where orders go beside: the venues behind the first, as many as are configured.</summary>
    public IReadOnlyList<IVenueGateway> Others { get; init; } = [];

    /// <summary>
    /// Whether the gateways report by themselves when they have reached their venues; else those are there from the
    /// start. Default: no.
    /// </summary>
    public bool TellsOfConnection { get; init; }

    /// <summary>All ways, in the order of their numbers.</summary>
    internal IEnumerable<IVenueGateway> Gateways => Others.Prepend(Gateway);
}
