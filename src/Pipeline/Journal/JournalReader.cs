using System.Runtime.InteropServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>How a journal ends.</summary>
public enum JournalEnd
{
    /// <summary>The end has not been read.</summary>
    Unknown = 0,

    /// <summary>With the end of a run.</summary>
    Ordered,

    /// <summary>Behind a whole record: the process was killed, or runs.</summary>
    CutOff,

    /// <summary>
    /// In the middle of a record, or at a hole in what was never known to be on the disk: what lies behind is left out.
    /// </summary>
    Torn,
}

/// <summary>A journal is damaged before its end; what lies before the damage is good.</summary>
/// <param name="message">One line.</param>
/// <param name="path">Of the segment.</param>
/// <param name="offset">Within the segment, in bytes.</param>
/// <param name="good">Behind the last good record.</param>
public sealed class JournalDamageException(string message, string path, long offset, JournalPosition good)
    : IOException(message)
{
    public string Path => path;

    public long Offset => offset;

    public JournalPosition Good => good;
}

/// <summary>
/// Reads a journal from its first segment to its end, and checks every byte of it. A journal that is written meanwhile
/// can be followed: at its end, ask again.
/// </summary>
public sealed class JournalReader : IDisposable
{
    private readonly string _folder;
    private byte[] _buffer = [];
    private SegmentReader _segment;
    private long _number;
    private long _offset = SegmentHeader.SizeBytes;
    private uint _checksum;
    private long _sequence;
    private ulong _results;
    private RecordKind _lastKind;
    private JournalSync _sync;

    /// <param name="folder">Of the journal.</param>
    /// <param name="from">
    /// It is read from the segment on that holds this event, or else from the first or the last one.
    /// </param>
    /// <param name="owner">Whose journal it must be; null: anybody's.</param>
    /// <exception cref="InvalidDataException">The folder holds no journal, another's, or one of another version.
    /// </exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public JournalReader(string folder, long from = 0, JournalOwner? owner = JournalOwner.Pipeline)
    {
        if (File.Exists(folder))
            throw new InvalidDataException($"{folder}: not a journal: that is a folder of segments");
        if (!Directory.Exists(folder))
            throw new InvalidDataException($"{folder}: there is no such folder");

        _folder = folder;
        var files = JournalFiles.In(folder);
        if (files.Count == 0)
            throw new InvalidDataException($"{folder}: there is no journal in this folder");

        _number = SegmentOf(files, from);
        _segment = new SegmentReader(files[_number], _buffer);
        try
        {
            ReadFirstHeader(owner);
        }
        catch
        {
            _segment.Dispose();
            throw;
        }
    }

    /// <summary>Whose inputs it holds.</summary>
    public JournalOwner Owner { get; private set; }

    /// <summary>The configuration of the run.</summary>
    public ConfigurationHash Configuration { get; private set; }

    /// <summary>The sequence of the first event that is still there.</summary>
    public long FirstSequence { get; private set; }

    /// <summary>Whether it is written meanwhile, so that what is not there yet is no damage. Default: no.</summary>
    public bool IsFollowing { get; init; }

    /// <summary>Events read so far.</summary>
    public long Count { get; private set; }

    /// <summary>How it ends, as far as it has been read.</summary>
    public JournalEnd End { get; private set; }

    /// <summary>Bytes at the end that are left out; 0: none.</summary>
    public long TornBytes { get; private set; }

    /// <summary>
    /// Whole records among them, behind a hole in what was never known to be on the disk; those of which nothing proves
    /// that they are whole do not count.
    /// </summary>
    public long LostRecords { get; private set; }

    /// <summary>The sequence behind the last event that the journal says to be on the disk, as far as it was read.
    /// </summary>
    public long Synced { get; private set; }

    /// <summary>The path of the segment that is read.</summary>
    public string SegmentPath => _segment.Path;

    /// <summary>Behind the last record that was read.</summary>
    public JournalPosition Position => new(_number, _offset, _sequence, _checksum, _results);

    /// <summary>What the last read record is; none where nothing has been read of a segment.</summary>
    public RecordKind Kind => _lastKind;

    /// <summary>Of the last read record.</summary>
    public long Sequence { get; private set; }

    /// <summary>Where the last read record begins in its segment.</summary>
    public long Offset { get; private set; }

    /// <summary>The results' hash that the last checkpoint holds.</summary>
    public ulong CheckpointHash { get; private set; }

    /// <summary>The sequence up to which <see cref="CheckpointHash"/> goes; 0: no checkpoint has been read.</summary>
    public long CheckpointSequence { get; private set; }

    /// <summary>One line on a journal without an ordered end; null: there is nothing to say.</summary>
    public string? EndNote => End switch
    {
        JournalEnd.CutOff => $"{SegmentPath} was cut off behind event {_sequence - 1}: it has no end",
        JournalEnd.Torn when LostRecords > 0 => $"{SegmentPath}: of what was never known to be on the disk a part is "
            + $"missing at offset {_offset}; it and {LostRecords} whole records behind it, {TornBytes} bytes in all, "
            + $"are left out; the events before {_sequence} are good",
        JournalEnd.Torn => $"{SegmentPath} was cut off: its last {TornBytes} bytes from offset {_offset} on are no "
            + $"whole record; the events before {_sequence} are good",
        _ => null,
    };

    /// <summary>
    /// Reads the next event's header and payload over those of <paramref name="e"/>. False at the end.
    /// </summary>
    /// <exception cref="JournalDamageException">It is damaged here, or something is missing.</exception>
    public bool TryRead(ref PipelineEvent e)
    {
        while (TryReadRecord(ref e))
        {
            if (_lastKind == RecordKind.Event)
                return true;
        }

        return false;
    }

    /// <summary>
    /// Reads the next record of any kind; an event over <paramref name="e"/>. False at the end: then
    /// <see cref="End"/> says how it ends.
    /// </summary>
    /// <exception cref="JournalDamageException">It is damaged here, or something is missing.</exception>
    public bool TryReadRecord(ref PipelineEvent e)
    {
        var isReadAgain = false;
        while (true)
        {
            switch (_segment.Find(_offset, _checksum, out var record))
            {
                case RecordFound.Whole:
                    Take(record, ref e);
                    return true;
                case RecordFound.Broken when !isReadAgain:
                    isReadAgain = true;
                    _segment.Forget(_offset);
                    continue;
                case RecordFound.Nothing when HasNext(out var header, out var problem):
                    if (!TryEnter(in header, problem))
                        return false;
                    continue;
                case RecordFound.Nothing when IsFollowing || _segment.IsEmptyFrom(_offset):
                    CheckPlace();
                    End = _lastKind == RecordKind.End ? JournalEnd.Ordered : JournalEnd.CutOff;
                    return false;
                default:
                    EndAtHole("a record is damaged");
                    return false;
            }
        }
    }

    public void Dispose() => _segment.Dispose();

    private void Take(ReadOnlySpan<byte> record, ref PipelineEvent e)
    {
        var kind = (RecordKind)record[2];
        var sequence = MemoryMarshal.Read<long>(record[8..]);
        var body = record[RecordLayout.HeaderBytes..];
        if (!IsInPlace(kind, sequence, body))
            throw Damaged($"a {kind} record with sequence {sequence} and {body.Length} bytes cannot be here");

        Offset = _offset;
        _offset += record.Length;
        _checksum = MemoryMarshal.Read<uint>(record[4..]);
        _lastKind = kind;
        Sequence = sequence;
        End = JournalEnd.Unknown;
        if (kind == RecordKind.Event)
        {
            var input = MemoryMarshal.AsBytes(new Span<PipelineEvent>(ref e))[..PipelineEvent.InputSizeBytes];
            body.CopyTo(input);
            input[body.Length..].Clear();
            _sequence++;
            Count++;
        }
        else if (kind == RecordKind.Checkpoint)
        {
            CheckpointSequence = sequence;
            CheckpointHash = _results = MemoryMarshal.Read<ulong>(body);
        }
        else if (kind == RecordKind.Synced)
        {
            Synced = MemoryMarshal.Read<long>(body);
        }
    }

    private bool IsInPlace(RecordKind kind, long sequence, ReadOnlySpan<byte> body) => kind switch
    {
        RecordKind.Event => sequence == _sequence && body.Length >= EventHeader.SizeBytes
            && body.Length == RecordLayout.BodyBytesOf((EventKind)body[0]),
        RecordKind.Checkpoint => sequence <= _sequence && body.Length == sizeof(ulong),
        RecordKind.Synced => sequence == _sequence && body.Length == SyncMark.BodyBytes
            && MemoryMarshal.Read<long>(body) <= _sequence,
        _ => sequence == _sequence && body.Length == 0,
    };

    /// <summary>
    /// The last segment that begins with the event or before; one that only lies ready is none, and one whose header is
    /// damaged is come to from the one before.
    /// </summary>
    private static long SegmentOf(SortedDictionary<long, string> files, long from)
    {
        if (from == 0)
            return files.Keys.First();

        foreach (var (number, path) in files.Reverse())
        {
            using var segment = new SegmentReader(path, []);
            if (SegmentHeader.TryRead(segment.Beginning, out var header) && header.FirstSequence <= from)
                return number;
        }

        return files.Keys.First();
    }

    private void ReadFirstHeader(JournalOwner? owner)
    {
        if (!_segment.TryReadHeader(out var header))
            throw new InvalidDataException($"{_segment.Path}: the journal has not been begun");
        if (header.Number != _number)
            throw new InvalidDataException($"{_segment.Path}: the segment says that it is number {header.Number}");

        if (owner is { } expected && header.Owner != expected)
        {
            throw new InvalidDataException(
                $"{_segment.Path}: the journal of a {NameOf(header.Owner)}; that of a {NameOf(expected)} is needed");
        }

        Owner = header.Owner;
        Configuration = header.Configuration;
        FirstSequence = _sequence = header.FirstSequence;
        _results = header.Results;
        _checksum = header.Checksum;
        (Synced, _sync) = (header.Synced, header.Sync);
    }

    private static string NameOf(JournalOwner owner) => owner.ToString().ToLowerInvariant();

    /// <summary>
    /// Nothing more comes where the file that is followed was replaced. One that was replaced by one with the same
    /// header, before any record was read, is gone on with.
    /// </summary>
    private void CheckPlace()
    {
        if (!IsFollowing)
            return;

        var isUnread = _offset == SegmentHeader.SizeBytes;
        if (SegmentReader.ChecksumAt(_segment.Path, isUnread ? 0 : Offset) != _checksum)
            throw Damaged("another journal, or none, has taken this one's place while it was followed");

        if (isUnread)
            _segment.Open();
    }

    /// <summary>
    /// Whether there is a further segment that has been begun. If its header is damaged, <paramref name="problem"/>
    /// says so.
    /// </summary>
    private bool HasNext(out SegmentHeader header, out string? problem)
    {
        (header, problem) = (default, null);
        var path = JournalFiles.PathOf(_folder, _number + 1);
        if (!File.Exists(path))
        {
            // One that was laid out and never begun goes with the end of its run and comes with the next one, while it
            // is followed: it is missing only if one behind it is there and it is not there even then.
            return JournalFiles.In(_folder).Keys.LastOrDefault() > _number + 1 && !File.Exists(path)
                ? throw Damaged($"the next segment, {path}, is missing")
                : false;
        }

        try
        {
            using var next = new SegmentReader(path, []);
            var isBeingLaidOut = IsFollowing && next.Length < SegmentHeader.SizeBytes;
            if (isBeingLaidOut)
                return false;
            if (next.TryReadHeader(out header))
                return true;
            if (!IsAnyBegunBehind(_number + 1))
                return false;

            // It may have been begun since it was read.
            next.Forget(0);
            if (!next.TryReadHeader(out header))
                problem = "the next segment holds nothing, and the journal goes on behind it";
            return true;
        }
        catch (FileNotFoundException) when (IsFollowing)
        {
            return false;
        }
        catch (InvalidDataException found)
        {
            problem = $"the next segment cannot be read: {found.Message}";
            return true;
        }
    }

    /// <summary>Segments are begun one after the other: one that is not lies at the end, or has lost what it had.
    /// </summary>
    private bool IsAnyBegunBehind(long number)
    {
        foreach (var (further, path) in JournalFiles.In(_folder))
        {
            if (further <= number)
                continue;

            using var segment = new SegmentReader(path, []);
            if (segment.IsBegun)
                return true;
        }

        return false;
    }

    /// <summary>Goes on to the next segment. False where something is missing before it, and is left out.</summary>
    private bool TryEnter(in SegmentHeader header, string? problem)
    {
        // Only now: the writer has left this segment, and what is not in it will not come.
        if (_segment.Find(_offset, _checksum, out _) == RecordFound.Whole)
            return true;

        if (problem is null && !_segment.IsEmptyFrom(_offset))
            problem = "there is no whole record here, and the journal goes on in the next segment";
        problem ??= ProblemOf(in header);
        if (problem is not null)
        {
            EndAtHole(problem);
            return false;
        }

        _buffer = _segment.Buffer;
        _segment.Dispose();
        _number++;
        _segment = new SegmentReader(JournalFiles.PathOf(_folder, _number), _buffer);
        _offset = SegmentHeader.SizeBytes;
        _checksum = header.Checksum;
        (Synced, _sync) = (header.Synced, header.Sync);
        // The end of the run before is not that of the one that begins here.
        _lastKind = RecordKind.None;
        return true;
    }

    /// <summary>Why the next segment cannot follow here; null: it does.</summary>
    private string? ProblemOf(in SegmentHeader header)
    {
        if (header.Number != _number + 1)
            throw Damaged($"the next segment says that it is number {header.Number}");
        if (header.Owner != Owner || header.Configuration.ToString() != Configuration.ToString())
            throw Damaged("the next segment is of another owner or configuration");
        return header.PreviousChecksum != _checksum || header.FirstSequence != _sequence
            ? $"records are missing before the next segment, which begins at {header.FirstSequence}"
            : null;
    }

    /// <summary>
    /// The end, if nothing whole lies behind this place, or if what is missing was never known to be on the disk: a
    /// power failure may have let later writes through and not these.
    /// </summary>
    private void EndAtHole(string what)
    {
        if (_lastKind == RecordKind.End && !_segment.IsEmptyFrom(_offset))
            throw Damaged("something lies behind the end of the run");

        CheckPlace();
        var tail = TailScan.Behind(_folder, _number, _segment, _offset, _checksum);
        var isKnown = _sync != JournalSync.None || (tail.Records == 0 && tail.Segments == 0);
        // A run's first header is on the disk before anything is written behind it.
        var hasNoBeginning = _lastKind == RecordKind.End && tail.Records > 0;
        if (!isKnown || hasNoBeginning || tail.Synced > _sequence)
        {
            throw Damaged(tail.Records == 0 ? what : $"{what}, and {tail.Records} whole ones lie behind it");
        }

        (TornBytes, LostRecords) = (tail.Bytes, tail.Records);
        End = JournalEnd.Torn;
    }

    private JournalDamageException Damaged(string what) => new(
        $"{_segment.Path}: offset {_offset}: {what}; the events before {_sequence} are good",
        _segment.Path,
        _offset,
        Position);
}
