using System.Numerics;
using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>
/// Writes records into mapped segments: a copy and a checksum, no call of the system's. One thread. It never waits: the
/// next segment has been prepared by the <see cref="JournalKeeper"/>, or there is no room.
/// </summary>
internal sealed unsafe class JournalWriter
{
    private readonly ConfigurationHash _configuration;
    private readonly JournalOwner _owner;
    private readonly JournalSync _sync;
    private JournalSegment _segment;
    private JournalSegment? _prepared;
    private byte* _next;
    private byte* _end;
    private uint _checksum;
    private long _sequence;
    private long _synced;
    private long _marked;

    /// <param name="first">Where to begin: the segment behind <paramref name="position"/>.</param>
    /// <param name="position">What the journal goes on from; all before it is on the disk.</param>
    /// <param name="configuration">The owner's.</param>
    /// <param name="owner">Whose inputs it takes.</param>
    /// <param name="sync">The policy.</param>
    public JournalWriter(
        JournalSegment first,
        JournalPosition position,
        in ConfigurationHash configuration,
        JournalOwner owner,
        JournalSync sync)
    {
        _configuration = configuration;
        _owner = owner;
        _sync = sync;
        _synced = _marked = position.Sequence;
        _checksum = position.Checksum;
        _sequence = position.Sequence;
        _segment = first;
        Begin(first, timeNs: 0, position.Results);
    }

    /// <summary>The segment that is written.</summary>
    // Paired with the write in Begin.
    public JournalSegment Current => Volatile.Read(ref _segment);

    /// <summary>Of the next event: those before it are written. Any thread.</summary>
    // Paired with the write in TryAppend.
    public long NextSequence => Volatile.Read(ref _sequence);

    /// <summary>Events before this one are known to be on the disk. Set by the thread that syncs.</summary>
    // The write is paired with the reads in TryAppend and TryAppendMark, and with this one.
    public long Synced
    {
        get => Volatile.Read(ref _synced);
        set => Volatile.Write(ref _synced, value);
    }

    /// <summary>Whether a segment lies ready.</summary>
    // Paired with the exchange in TryRoll.
    public bool HasPrepared => Volatile.Read(ref _prepared) is not null;

    /// <summary>Lays the next segment ready. Of the keeper, when there is none.</summary>
    // Paired with the exchange in TryRoll.
    public void Prepare(JournalSegment next) => Volatile.Write(ref _prepared, next);

    /// <summary>Takes back what lies ready; null: nothing does.</summary>
    public JournalSegment? TakePrepared() => Interlocked.Exchange(ref _prepared, null);

    /// <summary>Writes an event. False where there is no room for it: then nothing has been written.</summary>
    public bool TryAppend(ref readonly PipelineEvent e)
    {
        // Paired with the write of Synced.
        if (Volatile.Read(ref _synced) != _marked)
            TryAppendMark();
        ref var body = ref Unsafe.As<EventHeader, byte>(ref Unsafe.AsRef(in e.Header));
        var bodyBytes = RecordLayout.BodyBytesOf(e.Header.Kind);
        // Room is left for the mark that a sync leads to, while there is a further segment.
        if (!HasRoom(bodyBytes + SyncMark.RecordBytes) && !TryRoll(e.Header.TimeNs) && !HasRoom(bodyBytes))
            return false;

        Write(RecordKind.Event, _sequence, ref body, bodyBytes);
        // Paired with the read of NextSequence.
        Volatile.Write(ref _sequence, _sequence + 1);
        return true;
    }

    /// <summary>
    /// Writes up to where the journal is known to be on the disk, where that is new. Where there is no room, the next
    /// segment's header says it.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void TryAppendMark()
    {
        var synced = Volatile.Read(ref _synced);
        if (synced == _marked || !HasRoom(SyncMark.BodyBytes))
            return;

        Span<ulong> body = [(ulong)synced, SyncMark.ProofOf(_sequence, synced)];
        Write(RecordKind.Synced, _sequence, ref Unsafe.As<ulong, byte>(ref body[0]), SyncMark.BodyBytes);
        _marked = synced;
    }

    /// <summary>Writes the hash of the results of all events before a sequence. False where there is no room.</summary>
    public bool TryAppendCheckpoint(long sequence, ulong results)
    {
        if (!HasRoom(sizeof(ulong) + SyncMark.RecordBytes))
            return false;

        Write(RecordKind.Checkpoint, sequence, ref Unsafe.As<ulong, byte>(ref results), sizeof(ulong));
        return true;
    }

    /// <summary>Writes that the run came to its end. False where there is no room.</summary>
    public bool TryAppendEnd()
    {
        if (!HasRoom(0) && !TryRoll(timeNs: 0))
            return false;

        byte none = 0;
        Write(RecordKind.End, _sequence, ref none, 0);
        return true;
    }

    private bool HasRoom(int bodyBytes) => _end - _next >= RecordLayout.HeaderBytes + bodyBytes;

    private void Write(RecordKind kind, long sequence, ref byte body, int bodyBytes)
    {
        var at = _next;
        var length = RecordLayout.HeaderBytes + bodyBytes;
        var prefix = RecordLayout.Prefix(length, kind);
        var checksum = BitOperations.Crc32C(BitOperations.Crc32C(_checksum, prefix), (ulong)sequence);
        *(long*)(at + 8) = sequence;
        for (var i = 0; i < bodyBytes; i += sizeof(ulong))
        {
            var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.AddByteOffset(ref body, i));
            *(ulong*)(at + RecordLayout.HeaderBytes + i) = word;
            checksum = BitOperations.Crc32C(checksum, word);
        }

        // A reader of the mapped file sees a record whole or not at all: it looks at this word first.
        Volatile.Write(ref *(ulong*)at, prefix | (ulong)checksum << 32);
        _checksum = checksum;
        _next = at + length;
        _segment.Written += length;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryRoll(long timeNs)
    {
        // Paired with the write in Prepare.
        var next = Interlocked.Exchange(ref _prepared, null);
        if (next is null)
            return false;

        _segment.EndSequence = _sequence;
        Begin(next, timeNs, results: 0);
        return true;
    }

    private void Begin(JournalSegment segment, long timeNs, ulong results)
    {
        // Paired with the write of Synced.
        _marked = Volatile.Read(ref _synced);
        var header = new SegmentHeader
        {
            Magic = SegmentHeader.MagicValue,
            Version = SegmentHeader.CurrentVersion,
            Number = segment.Number,
            FirstSequence = _sequence,
            Configuration = _configuration,
            PreviousChecksum = _checksum,
            Results = results,
            TimeNs = timeNs,
            Synced = _marked,
            Sync = _sync,
            Owner = _owner,
        };
        header.Checksum = SegmentHeader.ChecksumOf(in header);
        *(SegmentHeader*)segment.Address = header;
        segment.Written = SegmentHeader.SizeBytes;
        _checksum = header.Checksum;
        _next = (byte*)segment.Address + SegmentHeader.SizeBytes;
        _end = (byte*)segment.Address + segment.Bytes;
        // Paired with the read of Current.
        Volatile.Write(ref _segment, segment);
    }
}
