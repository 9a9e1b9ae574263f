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

    /// <summary>
    /// So often it is tried again where somebody else has written between the head's reading and the transaction.
    /// </summary>
    private const int MostAttempts = 100;

    /// <summary>The key of the last record's number in the document.</summary>
    internal const string RemovedToKey = "removed_to";

    /// <summary>The key of its hash, in hexadecimal.</summary>
    internal const string HashKey = "hash";

    /// <summary>Returns how many records were removed.</summary>
    /// <param name="store">Stays the caller's.</param>
    /// <param name="now">The time.</param>
    /// <param name="days">Records that are older go.</param>
    /// <param name="key">Signs the head; null: nobody does.</param>
    /// <exception cref="StoreConflictException">Each time somebody else has written first.</exception>
    public static long RemoveOld(AuditStore store, DateTimeOffset now, int days, HeadKey? key)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(days);
        var limit = now - TimeSpan.FromDays(days);
        // This goes through all old records. The head is read behind it, since a run that follows writes meanwhile.
        var last = store.FindLastBefore(MicrosecondsOf(limit));
        for (var attempt = 1; last is not null; attempt++)
        {
            var head = store.ReadHead();
            var first = store.Read(new RecordFilter { Oldest = 1 }).First();
            // Another removal may have been here before.
            var count = Math.Max(0, last.Id - first.Id + 1);
            if (count == 0)
                break;

            try
            {
                store.RemoveTo(last.Id, RecordChain.Append(head, 0, EntryOf(now, limit, days, count, last)), key);
                return count;
            }
            catch (StoreConflictException) when (attempt < MostAttempts)
            {
                // Somebody has written since the head was read.
            }
        }

        return 0;
    }

    private static AuditEntry EntryOf(
        DateTimeOffset now, DateTimeOffset limit, int days, long count, AuditRecord last)
    {
        var document = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["timestamp"] = Figures.Time(MicrosecondsOf(now)),
            ["older_than"] = Figures.Time(MicrosecondsOf(limit)),
            ["count"] = count,
            [RemovedToKey] = last.Id,
            [HashKey] = Convert.ToHexStringLower(last.Hash.Span),
        });
        return new AuditEntry
        {
            Sequence = 0,
            TimeUs = MicrosecondsOf(now),
            Kind = AuditKind.Retention,
            Outcome = "removed",
            Explanation = FormattableString.Invariant(
                $"{count} records up to {last.Id} were removed, because they were older than {days} days."),
            Document = document,
        };
    }

    private static long MicrosecondsOf(DateTimeOffset time) =>
        (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
