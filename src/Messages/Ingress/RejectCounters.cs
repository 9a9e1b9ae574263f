namespace ExecutionPipeline.Messages.Ingress;

/// <summary>
/// How many messages were refused, by reason. One thread counts; others may read at any time and see each count whole.
/// </summary>
public sealed class RejectCounters
{
    /// <summary>Reasons, <see cref="RejectReason.None"/> included.</summary>
    public const int ReasonCount = (int)RejectReason.ModelRefused + 1;

    private static readonly string[] Names =
    [
        "none", "too_short", "wrong_schema", "unsupported_version", "unknown_template", "short_block",
        "truncated_message", "fragmented", "missing_id", "unknown_instrument", "unknown_action", "unknown_side",
        "unknown_command", "not_finite", "out_of_range", "missing_price", "missing_quantity", "bad_timestamp",
        "model_refused",
    ];

    private readonly long[] _counts = new long[ReasonCount];

    public long this[RejectReason reason] => Volatile.Read(ref _counts[(int)reason]);

    /// <summary>Refused messages of all reasons.</summary>
    public long Total
    {
        get
        {
            var total = 0L;
            for (var reason = 1; reason < ReasonCount; reason++)
                total += Volatile.Read(ref _counts[reason]);

            return total;
        }
    }

    /// <summary>The reason's name in reports and metrics.</summary>
    public static string NameOf(RejectReason reason) => Names[(int)reason];

    /// <summary>Counts one message. For the one writing thread alone.</summary>
    public void Count(RejectReason reason)
    {
        // The partner is the Volatile.Read of whoever reports; a plain add suffices for a single writer.
        ref var count = ref _counts[(int)reason];
        Volatile.Write(ref count, count + 1);
    }
}
