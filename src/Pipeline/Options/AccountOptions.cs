namespace ExecutionPipeline.Pipeline.Options;

/// <summary>The account that is traded.</summary>
public sealed record AccountOptions
{
    /// <summary>
    /// Cash at the start, in the account's currency. Default: 100,000, as the requirement document has it.
    /// </summary>
    public decimal StartingCash { get; init; } = 100_000m;

    /// <summary>ISO 4217 code of the account's currency. Default USD.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>
    /// By the code of each other currency that is traded: what one unit is worth in the account's. Default none.
    /// </summary>
    public IReadOnlyDictionary<string, decimal> Rates { get; init; } = new Dictionary<string, decimal>();
}
