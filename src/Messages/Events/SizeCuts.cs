namespace ExecutionPipeline.Messages.Events;

/// <summary>What made an order smaller than the policy chose. The values are those of the SBE set.</summary>
[Flags]
public enum SizeCuts : byte
{
    None = 0,

    /// <summary>The Kelly fraction of equity buys no more: little edge, high costs or a wide stop.</summary>
    Kelly = 1 << 0,

    /// <summary>The sizing guard's largest trade.</summary>
    Cap = 1 << 1,

    /// <summary>The limits left room for no more; see <see cref="RiskVerdict.Violations"/>.</summary>
    Risk = 1 << 2,
}
