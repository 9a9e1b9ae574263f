using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>The risk stage's word on a decision, with the figures it was judged by.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct RiskVerdict
{
    public const int SizeBytes = 64;

    /// <summary>Contracts that may be sent; 0 when refused or when nothing was asked.</summary>
    [FieldOffset(0)] public int ApprovedQuantity;

    [FieldOffset(4)] public RiskViolations Violations;

    /// <summary>Position with every working order and this one filled.</summary>
    [FieldOffset(8)] public int ProjectedPosition;

    [FieldOffset(12)] public int TradesToday;

    /// <summary>Gross notional with this order filled, in 1e-6 of the account's currency.</summary>
    [FieldOffset(16)] public long ProjectedNotionalE6;

    /// <summary>Daily VaR with this order filled, in account currency.</summary>
    [FieldOffset(24)] public double ProjectedVar;

    [FieldOffset(32)] public double DailyDrawdown;

    /// <summary>1 while the kill switch is latched.</summary>
    [FieldOffset(40)] public byte KillSwitch;

    /// <summary>1 when the order only takes risk off.</summary>
    [FieldOffset(41)] public byte Reducing;
}
