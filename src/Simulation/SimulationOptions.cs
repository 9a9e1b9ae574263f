using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Simulation;

/// <summary>What the seed may let go wrong. Each class has its own draws: one left out changes no other.</summary>
[Flags]
public enum FaultClasses
{
    None = 0,

    /// <summary>The process is killed at any event; what it has written stays.</summary>
    Kill = 1 << 0,

    /// <summary>The power fails at any event; what was not synced is lost, kept or torn, sector by sector.</summary>
    Power = 1 << 1,

    /// <summary>The disk is full, fails or is slow, and bits of what lies on it flip.</summary>
    Disk = 1 << 2,

    /// <summary>Requests and reports are lost, late, doubled and out of order, and the connection breaks.</summary>
    Venue = 1 << 3,

    /// <summary>Senders' clocks jump.</summary>
    Clock = 1 << 4,

    /// <summary>Many inputs come at one time, and are written as one batch.</summary>
    Bursts = 1 << 5,

    /// <summary>The engine sends signals again.</summary>
    Resends = 1 << 6,

    /// <summary>Kill and resume, close and cancel all, stopped entries.</summary>
    Commands = 1 << 7,

    /// <summary>The process is ended in order, with its orders left, cancelled or closed, and started again.</summary>
    Ends = 1 << 8,

    All = (1 << 9) - 1,
}

/// <summary>How long processes live until they are killed or ended, or the power fails.</summary>
public enum ProcessLives
{
    /// <summary>Some 1,000 events each: most of the time is spent in starts.</summary>
    Short,

    /// <summary>By the seed, from 1,000 to 100,000 events, so that what fills up in long lives shows, too.</summary>
    Mixed,
}

/// <summary>A fault that is built in on purpose, to see that the simulator finds it.</summary>
public enum Mutant
{
    None = 0,

    /// <summary>Each sync brings onto the disk what the one before should have.</summary>
    SyncsOneLate,

    /// <summary>A signal that comes again is traded again.</summary>
    ForgetsSignals,

    /// <summary>Snapshots lack the timers.</summary>
    SnapshotLacksTimers,

    /// <summary>The last execution before a restart is booked again behind it.</summary>
    BooksTwiceAfterRestart,

    /// <summary>What routing had reported when the process was killed never comes.</summary>
    LosesOwnReports,
}

/// <summary>One run of the simulator.</summary>
public sealed record SimulationOptions
{
    /// <summary>Of all draws: the same seed gives the same run. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Events of the pipeline before the run is brought to its end. Default 10,000.</summary>
    public long Events { get; init; } = 10_000;

    /// <summary>What may go wrong. Default: everything.</summary>
    public FaultClasses Faults { get; init; } = FaultClasses.All;

    /// <summary>How long processes live. Default: short.</summary>
    public ProcessLives Lives { get; init; }

    /// <summary>Makes what decides, one for each chain of stages; null: one that draws from the context.</summary>
    public Func<IPolicyBackend>? Backend { get; init; }

    /// <summary>Is told of every event, order and word of the venue, a line each; null: nobody is.</summary>
    public Action<string>? Trace { get; init; }

    /// <summary>What is broken on purpose. Default: nothing.</summary>
    public Mutant Mutant { get; init; }

    /// <summary>
    /// Puts back what a snapshot is to lack, for a fault that is planted: then states are not compared by their hashes,
    /// which would lack it, too. Null: nothing.
    /// </summary>
    internal Action<StageChain>? AfterLoad { get; init; }
}

/// <summary>What a run came to.</summary>
public sealed record SimulationResult
{
    public required ulong Seed { get; init; }

    /// <summary>Events that the pipeline has handled.</summary>
    public required long Events { get; init; }

    /// <summary>The first rule that was broken, in one sentence; null: none was.</summary>
    public string? Violation { get; init; }

    /// <summary>A hash of what all events led to: equal runs have the same one.</summary>
    public required ulong Digest { get; init; }

    /// <summary>Starts after a kill.</summary>
    public int Kills { get; init; }

    /// <summary>Starts after a power failure.</summary>
    public int PowerFailures { get; init; }

    /// <summary>Starts after an end in order.</summary>
    public int Ends { get; init; }

    /// <summary>Times that the journal was in trouble.</summary>
    public int DiskTroubles { get; init; }

    /// <summary>Starts after a power failure that cut a tail with a hole in it.</summary>
    public int Holes { get; init; }

    /// <summary>Bits that were flipped on the disk, each of which was noticed.</summary>
    public int Flips { get; init; }

    /// <summary>Snapshots taken.</summary>
    public int Snapshots { get; init; }

    /// <summary>Orders that reached the exchange.</summary>
    public long Orders { get; init; }

    /// <summary>Executions at the exchange.</summary>
    public long Executions { get; init; }

    /// <summary>Virtual time that has passed, in seconds.</summary>
    public double VirtualSeconds { get; init; }
}
