namespace ExecutionPipeline.Benchmarks.Growth;

/// <summary>What a pipeline is measured with: a usual one, but for what is said.</summary>
public sealed record GrowthCase
{
    /// <summary>Instruments that signals come for in turns.</summary>
    public int Instruments { get; init; } = 1;

    /// <summary>Orders that rest at the exchange all the while.</summary>
    public int OpenOrders { get; init; }

    /// <summary>Signal ids that are remembered, and known before anything is measured.</summary>
    public int Ids { get; init; } = 16_384;

    /// <summary>Whether inputs go to a journal, which a thread of its own writes (async).</summary>
    public bool HasJournal { get; init; }

    /// <summary>
    /// Subscribers of the outbound stream, which is a real driver's then; null: nobody can subscribe, and messages are
    /// encoded and dropped.
    /// </summary>
    public int? Subscribers { get; init; }

    /// <summary>What grows, and the sizes that are measured.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<(int Size, GrowthCase Case)> Sizes)> All { get; } =
    [
        ("instruments", Sized([1, 4, 16, 64], static size => new GrowthCase { Instruments = size })),
        ("open orders", Sized([0, 100, 1_000, 10_000, 100_000], static size => new GrowthCase { OpenOrders = size })),
        ("ids remembered", Sized([1_024, 16_384, 262_144, 1_048_576], static size => new GrowthCase { Ids = size })),
        ("journals", Sized([0, 1], static size => new GrowthCase { HasJournal = size > 0 })),
        ("subscribers", Sized([0, 1, 4, 16], static size => new GrowthCase { Subscribers = size })),
    ];

    private static IReadOnlyList<(int Size, GrowthCase Case)> Sized(int[] sizes, Func<int, GrowthCase> caseOf) =>
        [.. sizes.Select(size => (size, caseOf(size)))];
}
