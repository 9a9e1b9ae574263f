namespace ExecutionPipeline.Pipeline.Options;

/// <summary>When an order may leave, as far as the journal is concerned.</summary>
public enum JournalMode
{
    /// <summary>The journal follows on its own: an order may leave before its input is written or synced.</summary>
    Async,

    /// <summary>An order leaves only when its input is in the journal, synced as the sync policy says.</summary>
    BeforeRouting,
}

/// <summary>When what is written is brought onto the disk.</summary>
public enum JournalSync
{
    /// <summary>When the system likes: a killed process loses nothing, a power failure the last seconds.</summary>
    None,

    /// <summary>At intervals, by a thread off the path: a power failure loses at most an interval.</summary>
    Interval,

    /// <summary>
    /// With each batch of events: before routing, a power failure loses no input of an order that left; async, it loses
    /// what came in during one sync.
    /// </summary>
    Batch,
}

/// <summary>How the journal of inputs is written. It changes nothing of what comes out.</summary>
public sealed record JournalOptions
{
    /// <summary>When an order may leave. Default: async.</summary>
    public JournalMode Mode { get; init; } = JournalMode.Async;

    /// <summary>When what is written is brought onto the disk. Default: at intervals.</summary>
    public JournalSync Sync { get; init; } = JournalSync.Interval;

    /// <summary>From one sync to the next, in milliseconds. Default 10.</summary>
    public int SyncIntervalMs { get; init; } = 10;

    /// <summary>A sync that takes longer than this, in milliseconds, counts as a slow disk. Default 1,000.</summary>
    public int SlowMs { get; init; } = 1_000;

    /// <summary>Size of a segment in MB. Default 64.</summary>
    public int SegmentMb { get; init; } = 64;

    /// <summary>Full segments that are kept, in MB in all; 0: all. Default 0.</summary>
    public long RetainMb { get; init; }

    /// <summary>How long full segments are kept, in hours; 0: for ever. Default 0.</summary>
    public int RetainHours { get; init; }

    /// <summary>
    /// Whether a segment must be kept until a snapshot holds what its events led to, however old or large. Default:
    /// yes.
    /// </summary>
    public bool RetainUntilSnapshot { get; init; } = true;

    /// <summary>Where segments go that are not kept; empty: they are deleted. Default empty.</summary>
    public string ArchiveFolder { get; init; } = "";

    /// <summary>Bytes of a segment, where that is set to less than a MB; 0: it is not.</summary>
    internal long SmallSegmentBytes { get; init; }

    /// <summary>Bytes of a segment.</summary>
    internal long SegmentBytes => SmallSegmentBytes > 0 ? SmallSegmentBytes : (long)SegmentMb << 20;
}
