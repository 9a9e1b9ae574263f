using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>
/// A round trip that an execution ended: from flat to flat, or the part of a position that a reversal closed.
/// Prices are in 1e-9, money in 1e-6 of the account's currency.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct ClosedTrade
{
    public const int SizeBytes = 64;

    /// <summary>0 when this event closed no trade.</summary>
    [FieldOffset(0)] public ulong TradeId;

    /// <summary>When the position was opened.</summary>
    [FieldOffset(8)] public long EntryTimeNs;

    /// <summary>Average entry price.</summary>
    [FieldOffset(16)] public long EntryPriceE9;

    /// <summary>Average exit price.</summary>
    [FieldOffset(24)] public long ExitPriceE9;

    /// <summary>Contracts closed over the trade's life.</summary>
    [FieldOffset(32)] public int Quantity;

    /// <summary>The side that opened it.</summary>
    [FieldOffset(36)] public Side Side;

    /// <summary>Before fees.</summary>
    [FieldOffset(40)] public long GrossPnlE6;

    /// <summary>Fees of entry and exit.</summary>
    [FieldOffset(48)] public long FeesE6;
}
