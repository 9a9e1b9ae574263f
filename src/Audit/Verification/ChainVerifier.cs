using System.Text.Json;
using ExecutionPipeline.Audit.Records;
using ExecutionPipeline.Audit.Running;
using ExecutionPipeline.Audit.Store;

namespace ExecutionPipeline.Audit.Verification;

/// <summary>What is wrong with a chain.</summary>
public enum ChainFault
{
    /// <summary>A record is not as it was written.</summary>
    Changed,

    /// <summary>Records that were written are not there.</summary>
    Missing,

    /// <summary>A record stands where another one stood.</summary>
    Reordered,

    /// <summary>The head is not that of the last record, or its signature is not the key's.</summary>
    Head,
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Fault">What.</param>
/// <param name="FirstId">The record that it concerns, or the first of them.</param>
/// <param name="LastId">The last of them.</param>
/// <param name="Message">One line.</param>
public sealed record ChainProblem(ChainFault Fault, long FirstId, long LastId, string Message);

/// <summary>What a verification found.</summary>
/// <param name="Records">Records that were read.</param>
/// <param name="FirstId">Of the first record that is there; 0: none is.</param>
/// <param name="Head">Where the chain ends, as the store says.</param>
/// <param name="KeyId">What the head is signed by; null: nothing.</param>
/// <param name="IsSignatureChecked">Whether the signature was checked and is the key's.</param>
/// <param name="Problems">What is wrong, in the order of the records; empty: nothing.</param>
public sealed record ChainReport(
    long Records, long FirstId, ChainHead Head, string? KeyId, bool IsSignatureChecked,
    IReadOnlyList<ChainProblem> Problems)
{
    /// <summary>The last record that was read, where so much was wrong that the rest was not; null: all were.</summary>
    public long? UnreadBehind { get; init; }
}

/// <summary>
/// Reads all records of a store and holds them against their hashes, and the last one against the head.
/// </summary>
public sealed class ChainVerifier
{
    /// <summary>After so many problems the records behind are not read.</summary>
    public const int MaxProblems = 100;

    private const int MaxShift = 64;
    private const int MostLooks = 3;

    private readonly AuditStore _store;
    private readonly List<ChainProblem> _problems = [];
    private readonly Dictionary<long, string> _removals = [];
    private long _firstId;
    private byte[] _firstPrevious = [];
    private long _count;
    private long? _unreadBehind;

    private ChainVerifier(AuditStore store) => _store = store;

    /// <summary>Verifies a store.</summary>
    /// <param name="store">Stays the caller's. What is written to it meanwhile is for the next verification.</param>
    /// <param name="key">Checks the head's signature; null: nobody does.</param>
    /// <param name="cancel">Ends it.</param>
    /// <param name="noted">
    /// Records that were noted elsewhere, by number and hash; null: none. They show what a signature does not: that an
    /// older head, which was signed too, was put back.
    /// </param>
    public static ChainReport Verify(
        AuditStore store, HeadKey? key, CancellationToken cancel, IReadOnlyList<ChainHead>? noted = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        for (var look = 1; ; look++)
        {
            var report = new ChainVerifier(store).Run(key, noted ?? [], cancel);
            // Retention that ends between the head's reading and the records' tells so behind that head.
            var isCut = report.Problems.Any(static one => one is { Fault: ChainFault.Missing, FirstId: 1 });
            if (look == MostLooks || !isCut || store.ReadHead().IsAt(report.Head))
                return report;
        }
    }

    private ChainReport Run(HeadKey? key, IReadOnlyList<ChainHead> noted, CancellationToken cancel)
    {
        var (head, signature) = _store.ReadSignedHead();
        var last = CheckRecords(head.Id, noted.ToLookup(static one => one.Id), cancel);
        CheckBeginning();
        CheckHead(last, head);
        CheckBeyond();
        CheckNoted(noted, head);
        var isSigned = CheckSignature(head, signature, key);
        return new ChainReport(_count, _firstId, head, signature?.KeyId, isSigned, _problems)
        {
            UnreadBehind = _unreadBehind,
        };
    }

    /// <summary>Returns where the records end.</summary>
    private ChainHead CheckRecords(long headId, ILookup<long, ChainHead> noted, CancellationToken cancel)
    {
        var last = ChainHead.Start;
        // Where a record is wrong already, the next one's link to it says nothing new.
        var isLinked = false;
        foreach (var record in _store.Read(new RecordFilter()))
        {
            cancel.ThrowIfCancellationRequested();
            // What is written meanwhile is for the next verification.
            if (record.Id > headId)
                break;

            if (_count++ == 0)
            {
                _firstId = record.Id;
                _firstPrevious = record.Previous.ToArray();
            }
            else if (record.Id != last.Id + 1)
            {
                Add(ChainFault.Missing, last.Id + 1, record.Id - 1);
                isLinked = false;
            }

            isLinked = IsAsWritten(record, last, isLinked);
            last = new ChainHead(record.Id, record.Hash);
            if (noted[record.Id].Any(one => !one.IsAt(last)))
                AddOtherThanNoted(record.Id);
            if (isLinked && record.Entry.Kind == AuditKind.Retention)
                NoteRemoval(record.Entry.Document);
            if (_problems.Count >= MaxProblems && record.Id < headId)
            {
                _unreadBehind = record.Id;
                break;
            }
        }

        return last;
    }

    /// <summary>Whether a record's own hash is right, and it follows the one before.</summary>
    private bool IsAsWritten(AuditRecord record, ChainHead last, bool isLinked)
    {
        if (!IsHashOf(record, record.Id))
        {
            if (FindPlaceOf(record) is { } place)
            {
                _problems.Add(new ChainProblem(
                    ChainFault.Reordered, record.Id, record.Id,
                    $"record {record.Id} is reordered: it was written as record {place}"));
            }
            else
            {
                Add(ChainFault.Changed, record.Id, record.Id);
            }

            return false;
        }

        if (isLinked && !record.Previous.Span.SequenceEqual(last.Hash.Span))
            Add(ChainFault.Changed, last.Id, last.Id);
        return true;
    }

    /// <summary>The number that a record was written with, where it is one that can be found; null: it was changed.
    /// </summary>
    private long? FindPlaceOf(AuditRecord record)
    {
        if (_store.FindByHash(record.Previous) is { } before && IsHashOf(record, before + 1))
            return before + 1;

        for (var shift = 1; shift <= MaxShift; shift++)
        {
            if (IsHashOf(record, record.Id + shift))
                return record.Id + shift;
            if (record.Id > shift && IsHashOf(record, record.Id - shift))
                return record.Id - shift;
        }

        return null;
    }

    private static bool IsHashOf(AuditRecord record, long id) =>
        record.Hash.Span.SequenceEqual(RecordChain.HashOf(id, record.Journal, record.Entry, record.Previous.Span));

    private void NoteRemoval(string document)
    {
        using var parsed = JsonDocument.Parse(document);
        var removedTo = parsed.RootElement.GetProperty(Retention.RemovedToKey).GetInt64();
        _removals[removedTo] = parsed.RootElement.GetProperty(Retention.HashKey).GetString() ?? "";
    }

    /// <summary>The chain begins with record 1, or behind those that a record says were removed.</summary>
    private void CheckBeginning()
    {
        if (_count == 0 || _unreadBehind is not null)
            return;

        var isFromStart = _firstId == 1 && _firstPrevious.AsSpan().SequenceEqual(ChainHead.Start.Hash.Span);
        var isBehindRemoved = _removals.TryGetValue(_firstId - 1, out var hash)
            && hash == Convert.ToHexStringLower(_firstPrevious);
        if (!isFromStart && !isBehindRemoved && _firstId > 1)
            _problems.Insert(0, Problem(ChainFault.Missing, 1, _firstId - 1));
        else if (!isFromStart && !isBehindRemoved && _problems.Count == 0)
            Add(ChainFault.Changed, 1, 1);
    }

    private void CheckHead(ChainHead last, ChainHead head)
    {
        if (_unreadBehind is not null)
            return;

        if (last.Id < head.Id)
            Add(ChainFault.Missing, last.Id + 1, head.Id);
        else if (!last.IsAt(head))
            AddHead(last, $"the last record, {last.Id}, has not the hash that the store says: one of them was changed");
    }

    /// <summary>The last record is read before the head, so that one that is written meanwhile is in both.</summary>
    private void CheckBeyond()
    {
        var lastId = _store.ReadLastId();
        var head = _store.ReadHead();
        if (lastId > head.Id)
            AddHead(head, $"the store says that it ends with record {head.Id}, and there are records up to {lastId}");
    }

    /// <summary>Those that are not there; the others were compared as they were read.</summary>
    private void CheckNoted(IReadOnlyList<ChainHead> noted, ChainHead head)
    {
        if (_unreadBehind is not null)
            return;

        foreach (var one in noted)
        {
            if (one.Id > head.Id)
            {
                _problems.Add(new ChainProblem(
                    ChainFault.Missing, one.Id, one.Id,
                    $"record {one.Id}, which was noted, is missing: the chain ends with record {head.Id}"));
            }
            else if (_removals.TryGetValue(one.Id, out var removed)
                && removed != Convert.ToHexStringLower(one.Hash.Span))
            {
                AddOtherThanNoted(one.Id);
            }
            else if ((_count == 0 || one.Id < _firstId) && !_removals.Keys.Any(removedTo => removedTo >= one.Id))
            {
                Add(ChainFault.Missing, one.Id, one.Id);
            }
        }
    }

    private void AddOtherThanNoted(long id) => _problems.Add(new ChainProblem(
        ChainFault.Changed, id, id, $"record {id} has not the hash that was noted"));

    private bool CheckSignature(ChainHead head, (byte[] Signature, string KeyId)? signature, HeadKey? key)
    {
        if (key is null)
            return false;

        if (signature is not { } signed)
            AddHead(head, "the head is not signed");
        else if (!key.IsSignatureOf(head, signed.Signature))
            AddHead(head, $"the head's signature is not of the key {key.Id} (it names {signed.KeyId})");
        else
            return true;

        return false;
    }

    private void AddHead(ChainHead head, string message) =>
        _problems.Add(new ChainProblem(ChainFault.Head, head.Id, head.Id, message));

    private void Add(ChainFault fault, long first, long last)
    {
        if (_problems.LastOrDefault() is { } before && before.Fault == fault && before.FirstId == first)
            return;

        _problems.Add(Problem(fault, first, last));
    }

    private static ChainProblem Problem(ChainFault fault, long first, long last)
    {
        var which = first == last ? $"record {first} is" : $"records {first} to {last} are";
        var what = fault == ChainFault.Missing ? "missing" : "not as written";
        return new ChainProblem(fault, first, last, $"{which} {what}");
    }
}
