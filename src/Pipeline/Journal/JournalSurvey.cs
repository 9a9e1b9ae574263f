using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>What a look through a segment has found.</summary>
/// <param name="Path">Of the segment.</param>
/// <param name="FirstSequence">Of its first event.</param>
/// <param name="Events">Whole events in it.</param>
/// <param name="Bytes">Of its good records and its header.</param>
public sealed record SurveyedSegment(string Path, long FirstSequence, long Events, long Bytes);

/// <summary>
/// A look through a whole journal: what is good, how it ends, and, where it is damaged, where and what can be done.
/// </summary>
public sealed class JournalSurvey
{
    private readonly string _folder;
    private readonly List<SurveyedSegment> _segments = [];

    private JournalSurvey(string folder) => _folder = folder;

    /// <summary>Whose inputs it holds.</summary>
    public JournalOwner Owner { get; private init; }

    /// <summary>The segments as far as they are good.</summary>
    public IReadOnlyList<SurveyedSegment> Segments => _segments;

    /// <summary>How it ends; unknown where it is damaged.</summary>
    public JournalEnd End { get; private set; }

    /// <summary>One line on damage or a torn end; null: it is whole, or was cut between two records.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether there is damage before the end.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Behind the last good record.</summary>
    public JournalPosition Good { get; private set; }

    /// <summary>Looks through a journal.</summary>
    /// <exception cref="InvalidDataException">There is none, or not even its first header can be read.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static JournalSurvey Of(string folder, CancellationToken cancel)
    {
        using var reader = new JournalReader(folder, owner: null);
        var survey = new JournalSurvey(folder) { Owner = reader.Owner };
        try
        {
            survey.ReadAll(reader, cancel);
            survey.End = reader.End;
            survey.Problem = reader.End == JournalEnd.Torn ? reader.EndNote : null;
        }
        catch (JournalDamageException damage)
        {
            survey.IsDamaged = true;
            survey.Problem = damage.Message;
        }

        survey.Good = reader.Position;
        survey.Note(reader);
        return survey;
    }

    /// <summary>
    /// Cuts the journal behind its last good record. What is cut stays beside it under another name. Returns the paths
    /// of what was kept so; none: nothing had to be done.
    /// </summary>
    /// <exception cref="IOException">A file cannot be written, or a process writes the journal.</exception>
    public IReadOnlyList<string> Repair()
    {
        if (Problem is null)
            return [];

        using var held = JournalLock.Take(_folder);
        var kept = JournalTail.KeepAside(_folder, Good);
        var cut = JournalFiles.PathOf(_folder, Good.Segment);
        using var file = new FileStream(cut, FileMode.Open, FileAccess.Write);
        file.SetLength(Good.Offset);
        file.Flush(flushToDisk: true);
        return kept;
    }

    private void ReadAll(JournalReader reader, CancellationToken cancel)
    {
        var e = default(PipelineEvent);
        var path = reader.SegmentPath;
        var before = reader.Position;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var isRecord = reader.TryReadRecord(ref e);
            if (reader.SegmentPath != path)
            {
                Add(path, before);
                path = reader.SegmentPath;
            }

            before = reader.Position;
            if (!isRecord)
                return;
        }
    }

    private void Note(JournalReader reader) => Add(reader.SegmentPath, reader.Position);

    private void Add(string path, JournalPosition end)
    {
        var first = _segments.Count == 0 ? 0 : _segments[^1].FirstSequence + _segments[^1].Events;
        if (_segments.Count == 0)
        {
            using var reader = new JournalReader(_folder, owner: null);
            first = reader.FirstSequence;
        }

        _segments.Add(new SurveyedSegment(path, first, end.Sequence - first, end.Offset));
    }
}
