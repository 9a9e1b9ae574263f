using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Native;

namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>
/// The end of a journal that a run has left: found by what was not known to be on the disk and the last segment alone,
/// and cut there, so that another run can go on with it.
/// </summary>
public sealed class JournalTail
{
    /// <summary>What is cut is kept under this name.</summary>
    private const string Aside = ".before-repair";

    private readonly string _folder;
    private readonly long _firstRead;
    private readonly bool _isHole;

    private JournalTail(string folder, long firstRead, JournalReader reader)
    {
        _folder = folder;
        _firstRead = firstRead;
        LostRecords = reader.LostRecords;
        _isHole = LostRecords > 0 || JournalFiles.In(folder).Keys.Last() > reader.Position.Segment;
        Configuration = reader.Configuration;
        Position = reader.Position;
        End = reader.End;
        Problem = reader.End == JournalEnd.Torn ? reader.EndNote : null;
    }

    /// <summary>Of the run.</summary>
    public ConfigurationHash Configuration { get; }

    /// <summary>Behind the last good record.</summary>
    public JournalPosition Position { get; }

    /// <summary>How it ends.</summary>
    public JournalEnd End { get; }

    /// <summary>One line on a torn end; null: it was not torn.</summary>
    public string? Problem { get; }

    /// <summary>Whole records behind a hole in what was never known to be on the disk.</summary>
    public long LostRecords { get; }

    /// <summary>Whether a folder holds segments.</summary>
    public static bool IsIn(string folder) => Directory.Exists(folder) && JournalFiles.In(folder).Count > 0;

    /// <summary>
    /// Reads what was not known to be on the disk, and the last segment that was begun. Null where none was: then there
    /// is no event.
    /// </summary>
    /// <param name="folder">Of the journal.</param>
    /// <param name="owner">Whose it must be.</param>
    /// <exception cref="JournalDamageException">It is damaged before its end.</exception>
    /// <exception cref="InvalidDataException">It is another's, or of another version.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static JournalTail? Of(string folder, JournalOwner owner = JournalOwner.Pipeline)
    {
        RemoveUnbegun(folder);
        if (!IsIn(folder))
            return null;

        using var reader = new JournalReader(folder, LastKnownOf(folder), owner);
        var firstRead = reader.Position.Segment;
        var e = default(PipelineEvent);
        while (reader.TryReadRecord(ref e))
        {
        }

        return new JournalTail(folder, firstRead, reader);
    }

    /// <summary>The event that comes next in a journal, which may be written meanwhile.</summary>
    /// <exception cref="IOException">It is damaged, or cannot be read.</exception>
    internal static long EndOf(string folder)
    {
        using var reader = new JournalReader(folder, long.MaxValue) { IsFollowing = true };
        var e = default(PipelineEvent);
        while (reader.TryRead(ref e))
        {
        }

        return reader.Position.Sequence;
    }

    /// <summary>
    /// Removes what lies behind the last good record, and brings onto the disk what lies before. Whole records that are
    /// cut are kept under another name; returns the paths.
    /// </summary>
    /// <exception cref="IOException">The disk did not do it.</exception>
    public IReadOnlyList<string> Cut()
    {
        var kept = _isHole ? KeepAside(_folder, Position) : [];
        foreach (var (number, path) in JournalFiles.In(_folder))
        {
            if (number < _firstRead)
                continue;

            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read);
            if (number == Position.Segment && file.Length != Position.Offset)
                file.SetLength(Position.Offset);
            file.Flush(flushToDisk: true);
        }

        return kept;
    }

    /// <summary>
    /// Copies the segment that is to be cut at a position under another name, and gives one to those behind it. Returns
    /// the paths.
    /// </summary>
    /// <exception cref="IOException">The disk did not do it.</exception>
    internal static IReadOnlyList<string> KeepAside(string folder, JournalPosition position)
    {
        var kept = new List<string>();
        foreach (var (number, path) in JournalFiles.In(folder))
        {
            if (number < position.Segment)
                continue;

            var aside = FreeNameOf(path);
            kept.Add(aside);
            // What is cut next must not be gone before its copy is on the disk.
            if (number == position.Segment)
                DurableFile.Copy(path, aside);
            else
                DurableFile.Move(path, aside);
        }

        return kept;
    }

    private static string FreeNameOf(string path)
    {
        for (var number = 1; ; number++)
        {
            var name = FormattableString.Invariant($"{path}{Aside}{(number == 1 ? "" : $"-{number}")}");
            if (!Path.Exists(name))
                return name;
        }
    }

    /// <summary>
    /// What the newest segment says of its pipeline's configuration; null: none says anything. Whether the journal is
    /// whole is not looked at.
    /// </summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static ConfigurationHash? ConfigurationOf(string folder) =>
        IsIn(folder) && NewestHeaderOf(folder) is { Owner: JournalOwner.Pipeline } header ? header.Configuration : null;

    /// <summary>The last event that a segment says to be on the disk.</summary>
    private static long LastKnownOf(string folder) =>
        NewestHeaderOf(folder) is { } header ? Math.Max(0, header.Synced - 1) : 0;

    private static SegmentHeader? NewestHeaderOf(string folder)
    {
        foreach (var path in JournalFiles.In(folder).Values.Reverse())
        {
            using var segment = new SegmentReader(path, []);
            if (SegmentHeader.TryRead(segment.Beginning, out var header))
                return header;
        }

        return null;
    }

    /// <summary>The segments up to a position, each with the sequence behind its last event.</summary>
    internal static IEnumerable<(string Path, long EndSequence)> FullSegments(string folder, JournalPosition position)
    {
        var end = position.Sequence;
        var found = new Stack<(string, long)>();
        foreach (var (number, path) in JournalFiles.In(folder).Reverse())
        {
            if (number > position.Segment)
                continue;

            found.Push((path, end));
            using var segment = new SegmentReader(path, []);
            if (segment.TryReadHeader(out var header))
                end = header.FirstSequence;
        }

        return found;
    }

    /// <summary>
    /// A segment that was laid ready, or whose header was being written, holds no record: the one before is the last.
    /// </summary>
    private static void RemoveUnbegun(string folder)
    {
        foreach (var path in JournalFiles.In(folder).Values.Reverse())
        {
            using (var segment = new SegmentReader(path, []))
            {
                if (segment.IsBegun)
                    return;
            }

            File.Delete(path);
        }
    }
}
