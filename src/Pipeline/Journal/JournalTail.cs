using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>
/// The end of a journal that a run has left: found by its last segment alone, and cut there, so that another run can go
/// on with it.
/// </summary>
public sealed class JournalTail
{
    private readonly string _segment;
    private readonly long _segmentBytes;

    private JournalTail(JournalReader reader)
    {
        _segment = reader.SegmentPath;
        _segmentBytes = new FileInfo(_segment).Length;
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

    /// <summary>Whether a folder holds segments.</summary>
    public static bool IsIn(string folder) => Directory.Exists(folder) && JournalFiles.In(folder).Count > 0;

    /// <summary>Reads the last segment that was begun. Null where none was: then there is no event.</summary>
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

        using var reader = new JournalReader(folder, from: long.MaxValue, owner);
        var e = default(PipelineEvent);
        while (reader.TryReadRecord(ref e))
        {
        }

        return new JournalTail(reader);
    }

    /// <summary>Removes what lies behind the last good record.</summary>
    /// <exception cref="IOException">The disk did not do it.</exception>
    public void Cut()
    {
        if (Position.Offset == _segmentBytes)
            return;

        using var file = new FileStream(_segment, FileMode.Open, FileAccess.Write, FileShare.Read);
        file.SetLength(Position.Offset);
        file.Flush(flushToDisk: true);
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
