namespace ExecutionPipeline.MarketData.Dbn;

/// <summary>What a DBN file says of itself before its records.</summary>
public sealed class DbnMetadata
{
    /// <summary>The schema of order-by-order records.</summary>
    public const ushort MboSchema = 0;

    /// <summary>Records of several schemas, as a live capture has them.</summary>
    public const ushort MixedSchema = ushort.MaxValue;

    /// <summary>1 to 3.</summary>
    public required int Version { get; init; }

    /// <summary>The venue's data set, such as GLBX.MDP3.</summary>
    public required string Dataset { get; init; }

    public required ushort Schema { get; init; }

    /// <summary>Start of the query, nanoseconds since the Unix epoch, UTC.</summary>
    public required long StartTimeNs { get; init; }

    /// <summary>End of the query, like the start; <see cref="long.MaxValue"/> when it is open.</summary>
    public required long EndTimeNs { get; init; }

    /// <summary>Whether eight bytes of send time follow each record.</summary>
    public required bool HasSendTimes { get; init; }

    /// <summary>The symbols that were asked for.</summary>
    public required IReadOnlyList<string> Symbols { get; init; }
}
