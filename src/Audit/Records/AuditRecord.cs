using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ExecutionPipeline.Audit.Records;

/// <summary>What a record tells of.</summary>
public enum AuditKind
{
    /// <summary>The record was damaged: no record is written so.</summary>
    Unknown,

    /// <summary>What became of a signal: why, by whom, held against which limits.</summary>
    Decision,

    /// <summary>A signal that came again: it was answered again, and not executed again.</summary>
    Repeat,

    /// <summary>A step in an order's life.</summary>
    Order,

    /// <summary>The end of a parent order.</summary>
    Parent,

    /// <summary>A closed trade.</summary>
    Trade,

    /// <summary>An operator's command, or one of the pipeline's own.</summary>
    Command,

    /// <summary>A change of the models that decide.</summary>
    Model,

    /// <summary>A change of the kill switch, a breaker, a regime, or of what may be entered.</summary>
    Risk,

    /// <summary>A venue that was lost or is back.</summary>
    Venue,

    /// <summary>The configuration of a journal, and what it changes.</summary>
    Configuration,

    /// <summary>A failure that ended trading.</summary>
    Fault,

    /// <summary>Records that were removed because of their age.</summary>
    Retention,
}

/// <summary>What a record says, before it has its place in the chain.</summary>
public sealed record AuditEntry
{
    /// <summary>The event in its journal that it follows from.</summary>
    public required long Sequence { get; init; }

    /// <summary>Microseconds since the Unix epoch, UTC.</summary>
    public required long TimeUs { get; init; }

    public required AuditKind Kind { get; init; }

    /// <summary>The instrument's id; 0: it concerns none.</summary>
    public uint InstrumentId { get; init; }

    /// <summary>0: it concerns none.</summary>
    public ulong SignalId { get; init; }

    /// <summary>In one word, such as order_sent or risk_refused.</summary>
    public required string Outcome { get; init; }

    /// <summary>In plain sentences.</summary>
    public required string Explanation { get; init; }

    /// <summary>All of it, a JSON object.</summary>
    public required string Document { get; init; }
}

/// <summary>A record in its place in the chain. It is never changed.</summary>
/// <param name="Id">1, 2, 3, … without a gap.</param>
/// <param name="Journal">The journal that it follows from, by its number in the store.</param>
/// <param name="Entry">What it says.</param>
/// <param name="Previous">The hash of the record before; of the first one 32 zeros.</param>
/// <param name="Hash">SHA-256 of all of it: see <see cref="RecordChain.HashOf"/>.</param>
public sealed record AuditRecord(
    long Id, long Journal, AuditEntry Entry, ReadOnlyMemory<byte> Previous, ReadOnlyMemory<byte> Hash);

/// <summary>Where the chain ends.</summary>
/// <param name="Id">Of the last record; 0: there is none.</param>
/// <param name="Hash">Of the last record; of no record 32 zeros.</param>
public readonly record struct ChainHead(long Id, ReadOnlyMemory<byte> Hash)
{
    /// <summary>Before the first record.</summary>
    public static ChainHead Start => new(0, new byte[SHA256.HashSizeInBytes]);

    /// <summary>Whether both end with the same record.</summary>
    public bool IsAt(ChainHead other) => Id == other.Id && Hash.Span.SequenceEqual(other.Hash.Span);

    /// <summary>What is signed: number and hash.</summary>
    public byte[] SignedBytes()
    {
        var bytes = new byte[sizeof(long) + Hash.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Id);
        Hash.Span.CopyTo(bytes.AsSpan(sizeof(long)));
        return bytes;
    }
}

/// <summary>
/// The hash chain: each record's hash covers what it says, its place, and the hash of the record before. So none can
/// be changed, removed or moved without changing all after it, up to the head.
/// </summary>
public static class RecordChain
{
    /// <summary>Puts an entry behind the head.</summary>
    public static AuditRecord Append(ChainHead head, long journal, AuditEntry entry)
    {
        var id = head.Id + 1;
        return new AuditRecord(id, journal, entry, head.Hash, HashOf(id, journal, entry, head.Hash.Span));
    }

    /// <summary>
    /// SHA-256 of the previous hash and the record's canonical bytes: its numbers as big-endian 64-bit integers in the
    /// order of the columns, its texts as UTF-8, each behind its length in bytes as such an integer.
    /// </summary>
    public static byte[] HashOf(long id, long journal, AuditEntry entry, ReadOnlySpan<byte> previous)
    {
        ArgumentNullException.ThrowIfNull(entry);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        Span<long> numbers =
            [id, journal, entry.Sequence, entry.TimeUs, entry.InstrumentId, unchecked((long)entry.SignalId)];
        Span<byte> word = stackalloc byte[sizeof(long)];
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteInt64BigEndian(word, number);
            hash.AppendData(word);
        }

        string[] texts = [NameOf(entry.Kind), entry.Outcome, entry.Explanation, entry.Document];
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt64BigEndian(word, bytes.Length);
            hash.AppendData(word);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>The kind that a word names; <see cref="AuditKind.Unknown"/> where it names none.</summary>
    public static AuditKind KindOf(string word) =>
        Enum.TryParse<AuditKind>(word, ignoreCase: true, out var kind) && NameOf(kind) == word
            ? kind
            : AuditKind.Unknown;

    /// <summary>How a kind is written.</summary>
    public static string NameOf(AuditKind kind) => kind.ToString().ToLowerInvariant();
}
