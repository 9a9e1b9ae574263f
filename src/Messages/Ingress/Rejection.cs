using System.Text.RegularExpressions;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Ingress;

/// <summary>What EXECUTION_ERROR says of what did not pass the edge, as far as it could be read.</summary>
public struct Rejection
{
    public RejectReason Reason;
    public RejectField Field;

    /// <summary>0 when there is no message, or it has no header.</summary>
    public ushort TemplateId;

    /// <summary>Whether a venue's report was refused, and no message.</summary>
    public bool IsVenueReport;

    /// <summary><see cref="Wire.WireNull.UInt32"/> when it was not read.</summary>
    public uint InstrumentId;

    /// <summary>Signal, command or order id; <see cref="Wire.WireNull.UInt64"/> when it was not read.</summary>
    public ulong CorrelationId;

    /// <summary>The offending value as it came; NaN when there is none. It may be infinite.</summary>
    public double Value;
}

/// <summary>
/// How many messages and reports were refused, by reason. One thread counts; others may read at any time and see each
/// count whole.
/// </summary>
public sealed class RejectCounters
{
    /// <summary>The reasons in words: TooShort becomes too_short. The schema leaves no gaps.</summary>
    private static readonly string[] Names =
    [
        .. Enum.GetNames<RejectReason>()
            .Select(name => Regex.Replace(name, "(?<!^)[A-Z]", "_$0").ToLowerInvariant()),
    ];

    private readonly long[] _counts = new long[ReasonCount];
    private long _total;

    /// <summary>Reasons, <see cref="RejectReason.None"/> included.</summary>
    public static int ReasonCount => Names.Length;

    public long this[RejectReason reason] => Volatile.Read(ref _counts[(int)reason]);

    /// <summary>What was refused for any reason.</summary>
    public long Total => Volatile.Read(ref _total);

    /// <summary>Why the latest message was refused. For the one writing thread alone.</summary>
    public RejectReason Latest { get; private set; }

    /// <summary>The reason's name in reports and metrics.</summary>
    public static string NameOf(RejectReason reason) => Names[(int)reason];

    /// <summary>Counts one message. For the one writing thread alone.</summary>
    public void Count(RejectReason reason)
    {
        // The partner is the Volatile.Read of whoever reports; a plain add suffices for a single writer.
        ref var count = ref _counts[(int)reason];
        Volatile.Write(ref count, count + 1);
        Volatile.Write(ref _total, _total + 1);
        Latest = reason;
    }
}
