using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>
/// An execution report, resolved once for all stages: what it books, and what it means for its order. Written by the
/// context stage for execution reports alone. Prices are in 1e-9, money in 1e-6 of the account's currency.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct ExecutionResolution
{
    public const int SizeBytes = 48;

    /// <summary>The id of the inferred execution, the same in a replay; 0 where nothing was inferred.</summary>
    [FieldOffset(0)] public ulong InferredExecutionId;

    /// <summary>The price that <see cref="Booked"/> is booked at; 0 where nothing is.</summary>
    [FieldOffset(8)] public long PriceE9;

    /// <summary>Fees of what is booked.</summary>
    [FieldOffset(16)] public long FeeE6;

    /// <summary>Contracts that enter the position, those that were inferred included.</summary>
    [FieldOffset(24)] public int Booked;

    /// <summary>Of <see cref="Booked"/>: contracts whose execution no report has told.</summary>
    [FieldOffset(28)] public int Inferred;

    [FieldOffset(32)] public ReportDisposition Disposition;

    /// <summary>1 when the report ends its order: nothing of it may be executed any more.</summary>
    [FieldOffset(33)] public byte Ended;

    /// <summary>Whether the report changes nothing anywhere.</summary>
    public readonly bool IsRefused => Disposition is ReportDisposition.Duplicate or ReportDisposition.Illegal;
}
