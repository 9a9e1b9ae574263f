using System.Text.Json;
using ExecutionPipeline.Audit.Recording;
using ExecutionPipeline.Audit.Records;
using ExecutionPipeline.Audit.Store;

namespace ExecutionPipeline.Audit.Running;

/// <summary>
/// Removes records that are older than is asked for, from the beginning of the chain. A record tells which, and with
/// what hash the chain goes on, so that verification does not take them for missing.
/// </summary>
public static class Retention
{
    /// <summary>Seven years, with their leap days.</summary>
    public const int DefaultDays = 2_557;

    /// <summary>The key of the last record's number in the document.</summary>
    internal const string RemovedToKey = "removed_to";

    /// <summary>The key of its hash, in hexadecimal.</summary>
    internal const string HashKey = "hash";

    /// <summary>Returns how many records were removed.</summary>
    /// <param name="store">Stays the caller's.</param>
    /// <param name="now">The time.</param>
    /// <param name="days">Records that are older go.</param>
    /// <param name="key">Signs the head; null: nobody does.</param>
    public static long RemoveOld(AuditStore store, DateTimeOffset now, int days, HeadKey? key)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(days);
        var head = store.ReadHead();
        var limit = now - TimeSpan.FromDays(days);
        var last = store.FindLastBefore(MicrosecondsOf(limit));
        if (last is null)
            return 0;

        var first = store.Read(new RecordFilter { Oldest = 1 }).First();
        var count = last.Id - first.Id + 1;
        var document = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["timestamp"] = Figures.Time(MicrosecondsOf(now)),
            ["older_than"] = Figures.Time(MicrosecondsOf(limit)),
            ["count"] = count,
            [RemovedToKey] = last.Id,
            [HashKey] = Convert.ToHexStringLower(last.Hash.Span),
        });
        var entry = new AuditEntry
        {
            Sequence = 0,
            TimeUs = MicrosecondsOf(now),
            Kind = AuditKind.Retention,
            Outcome = "removed",
            Explanation = FormattableString.Invariant(
                $"{count} records up to {last.Id} were removed, because they were older than {days} days."),
            Document = document,
        };
        store.RemoveTo(last.Id, RecordChain.Append(head, 0, entry), key);
        return count;
    }

    private static long MicrosecondsOf(DateTimeOffset time) =>
        (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
