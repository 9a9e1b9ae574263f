using ExecutionPipeline.Audit.Recording;
using ExecutionPipeline.Audit.Records;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Audit.Running;

/// <summary>What an audit is told.</summary>
public sealed class AuditOptions
{
    /// <summary>The folder of the journal, absolute.</summary>
    public required string JournalFolder { get; init; }

    /// <summary>Of the run.</summary>
    public required PipelineOptions Pipeline { get; init; }

    /// <summary>Decides until the journal says otherwise; stays the caller's.</summary>
    public required LoadedPolicy Policy { get; init; }

    /// <summary>Opens the versions that the journal names; null: it must name none.</summary>
    public Func<ModelVersion, LoadedPolicy>? OpenModels { get; init; }

    /// <summary>Whether it goes on at the journal's end until it is told to stop. Default: no.</summary>
    public bool IsFollowing { get; init; }

    /// <summary>Where the audit keeps its own snapshots; null: it replays from the start each time.</summary>
    public string? SnapshotFolder { get; init; }

    /// <summary>From one snapshot to the next, in events. Default 1,000,000.</summary>
    public long SnapshotInterval { get; init; } = 1_000_000;

    /// <summary>Records that are written at once, as soon as they are confirmed. Default 2,000.</summary>
    public int BatchRecords { get; init; } = 2_000;

    /// <summary>How long it waits at the end of a journal that it follows, in milliseconds. Default 100.</summary>
    public int PauseMs { get; init; } = 100;

    /// <summary>
    /// How often it tries again where the store is down, each time after twice as long, at most 5 seconds. Default: for
    /// ever.
    /// </summary>
    public int Retries { get; init; } = int.MaxValue;

    /// <summary>The first wait before it tries again, in milliseconds. Default 100.</summary>
    public int RetryMs { get; init; } = 100;

    /// <summary>Signs the head; null: nobody does.</summary>
    public HeadKey? Key { get; init; }

    /// <summary>Who changed the configuration, and why, as far as it is known.</summary>
    public ChangeAuthor Author { get; init; }

    /// <summary>Told in one line of what hinders it, and what it passes over; null: nobody is.</summary>
    public Action<string>? OnNote { get; init; }
}

/// <summary>What an audit has done.</summary>
/// <param name="Events">Events that it put through the stages.</param>
/// <param name="Records">Records that it wrote.</param>
/// <param name="Decisions">Of these, decisions.</param>
/// <param name="Position">The first event that is not audited.</param>
/// <param name="ConfirmedTo">Events up to which the run's checkpoints confirm it.</param>
/// <param name="ResumedAt">The event that it began with.</param>
/// <param name="Retries">How often the store had to be tried again.</param>
/// <param name="Head">Where the chain ends.</param>
/// <param name="EndNote">One line on a journal without an ordered end; null: there is nothing to say.</param>
public sealed record AuditFigures(
    long Events, long Records, long Decisions, long Position, long ConfirmedTo, long ResumedAt, long Retries,
    ChainHead Head, string? EndNote);
