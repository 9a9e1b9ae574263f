using ExecutionPipeline.Audit.Records;
using ExecutionPipeline.Audit.Running;
using ExecutionPipeline.Audit.Store;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Cli.Audit;

/// <summary>What `xp audit` is asked for.</summary>
public enum AuditAction
{
    /// <summary>Writes records from a journal.</summary>
    Run,

    /// <summary>Lists records.</summary>
    Query,

    /// <summary>Shows one signal's decision whole.</summary>
    Show,

    /// <summary>Tells in sentences what became of a signal.</summary>
    Explain,

    /// <summary>Writes records to a file.</summary>
    Export,

    /// <summary>Checks the chain.</summary>
    Verify,

    /// <summary>Removes old records.</summary>
    Retain,
}

/// <summary>How records are exported.</summary>
public enum AuditFormat
{
    /// <summary>A JSON object a line.</summary>
    Json,

    /// <summary>A table.</summary>
    Csv,

    /// <summary>A Parquet file.</summary>
    Parquet,
}

/// <summary>Everything that a command of `xp audit` was asked for; paths are absolute.</summary>
public sealed record AuditCommandOptions
{
    public required AuditAction Action { get; init; }

    /// <summary>A file of SQLite, or a connection string of PostgreSQL.</summary>
    public required string Store { get; init; }

    /// <summary>Of a run: the journal's folder.</summary>
    public string? JournalFolder { get; init; }

    /// <summary>Of a run: whether it goes on at the journal's end.</summary>
    public bool IsFollowing { get; init; }

    /// <summary>Of a run: where its snapshots are; null: it keeps none.</summary>
    public string? SnapshotFolder { get; init; }

    /// <summary>The PEM file of the key that signs the head, or checks its signature; null: none does.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Of a verification: records that were noted elsewhere.</summary>
    public IReadOnlyList<ChainHead> Noted { get; init; } = [];

    /// <summary>Of a run: who changed the configuration; null: it is not said.</summary>
    public string? ChangedBy { get; init; }

    /// <summary>Of a run: why; null: it is not said.</summary>
    public string? ChangeReason { get; init; }

    /// <summary>Records that are older, in days, are removed.</summary>
    public int RetentionDays { get; init; } = Retention.DefaultDays;

    /// <summary>The pipeline's configuration; null: the demo's own.</summary>
    public string? ConfigFile { get; init; }

    public InferenceChoice Inference { get; init; }

    /// <summary>The folder or store of the models; null: models-onnx, looked for upwards.</summary>
    public string? ModelsDirectory { get; init; }

    /// <summary>Which records.</summary>
    public RecordFilter Filter { get; init; } = new();

    public AuditFormat Format { get; init; }

    /// <summary>Of an export: whether each decision is one object with its order's whole life.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Of an export: the file; null: to the terminal.</summary>
    public string? OutputFile { get; init; }

    /// <summary>Where the answer goes as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }
}
