namespace ExecutionPipeline.Pipeline.Options;

/// <summary>The account that is traded.</summary>
public sealed class AccountOptions
{
    /// <summary>
    /// Cash at the start, in the account's currency. Default: 100,000, as the requirement document has it.
    /// </summary>
    public decimal StartingCash { get; init; } = 100_000m;
}
