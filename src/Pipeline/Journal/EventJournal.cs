using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Ring;

namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>
/// The journal of a running pipeline, or of a venue's process: every input in order, in segments of a folder. In the
/// inline topology the ring's writer appends; else a follower on a thread of its own does. What is appended belongs to
/// the system, so that killing the process loses nothing; the sync policy says what a power failure loses.
/// </summary>
public sealed class EventJournal : IValueEventHandler<PipelineEvent>, IDisposable
{
    private readonly SegmentSet _segments;
    private readonly SegmentRetention _retention;
    private readonly JournalWriter _writer;
    private readonly JournalKeeper _keeper;
    private readonly JournalOptions _options;
    private bool _hasFailed;
    private bool _hasEnded;

    /// <summary>Begins a new journal in a folder, which is made where it is not there.</summary>
    /// <exception cref="IOException">The folder holds a journal, cannot be written, or has no room.</exception>
    public EventJournal(string folder, JournalOptions options, in ConfigurationHash configuration)
        : this(folder, options, in configuration, new MappedSegmentFiles())
    {
    }

    internal EventJournal(
        string folder, JournalOptions options, in ConfigurationHash configuration, ISegmentFiles files)
        : this(folder, options, in configuration, JournalPosition.Start, files, options.SegmentBytes)
    {
        _keeper.Start();
    }

    /// <summary>Goes on with a journal behind its last good record, or begins one.</summary>
    /// <param name="folder">Of the journal.</param>
    /// <param name="options">How it is written.</param>
    /// <param name="configuration">The journal's.</param>
    /// <param name="position">Its end, behind which nothing lies.</param>
    /// <param name="results">Folded over all events before.</param>
    /// <param name="files">Makes the files.</param>
    /// <param name="owner">Whose inputs it takes.</param>
    /// <param name="time">
    /// What a slow disk is measured by: then the caller lets the keeper take turns. Null: a thread of its own does.
    /// </param>
    /// <param name="snapshots">Says which event the oldest usable snapshot lacks; 0: there is none.</param>
    /// <exception cref="IOException">The folder cannot be written, or has no room.</exception>
    internal static EventJournal Continue(
        string folder,
        JournalOptions options,
        in ConfigurationHash configuration,
        JournalPosition position,
        ResultHash results,
        ISegmentFiles files,
        JournalOwner owner = JournalOwner.Pipeline,
        TimeProvider? time = null,
        Func<long>? snapshots = null)
    {
        // What was folded again is in the journal.
        results.TryTakeCheckpoint(long.MaxValue, out _, out _);
        var at = position with { Results = results.Value };
        var journal = new EventJournal(
            folder, options, in configuration, at, files, options.SegmentBytes, time, results, owner,
            new SegmentRetention(options, snapshots));
        if (position != JournalPosition.Start)
            journal._segments.Adopt(JournalTail.FullSegments(folder, position), Environment.TickCount64);
        if (time is null)
            journal._keeper.Start();
        return journal;
    }

    /// <summary>The same behind what is there already, and without a thread: the caller lets the keeper take turns.
    /// </summary>

    internal EventJournal(
        string folder,
        JournalOptions options,
        in ConfigurationHash configuration,
        JournalPosition position,
        ISegmentFiles files,
        long segmentBytes,
        TimeProvider? time = null,
        ResultHash? results = null,
        JournalOwner owner = JournalOwner.Pipeline,
        SegmentRetention? retention = null)
    {
        Directory.CreateDirectory(folder);
        if (position == JournalPosition.Start && JournalFiles.In(folder).Count > 0)
            throw new IOException($"{folder} holds a journal already: name another folder, or remove its files");

        Folder = folder;
        _options = options;
        _retention = retention ?? new SegmentRetention(options, snapshots: null);
        _segments = new SegmentSet(folder, files, options, segmentBytes, _retention);
        var first = _segments.Create(position.Segment + 1);
        _writer = new JournalWriter(first, position, in configuration, owner, options.Sync);
        _keeper = new JournalKeeper(_writer, _segments, _retention, options, time ?? TimeProvider.System);
        Results = results ?? new ResultHash(position.Sequence, position.Results);
        _keeper.TakeTurn(Environment.TickCount64);
        // A segment whose header never came onto the disk would hide what lies behind it, and that there was a run at
        // all, whose order ids must not be given again: this one is brought there whatever the policy.
        _keeper.Sync();
        // A slow disk is told of once it runs: until a sync is fast, nothing that adds risk leaves.
        if (_keeper.Trouble is not (JournalTrouble.None or JournalTrouble.Slow))
        {
            var problem = _keeper.Problem;
            _segments.Discard();
            throw new IOException($"the journal in {folder} cannot be begun: {problem}");
        }
    }

    public string Folder { get; }

    /// <summary>Folds what events lead to; the chain of the same pipeline feeds it.</summary>
    public ResultHash Results { get; }

    /// <summary>What is wrong with it. Any thread.</summary>
    public JournalTrouble Trouble => _keeper.Trouble;

    /// <summary>The same in the system's words; empty: nothing is.</summary>
    public string Problem => _keeper.Problem;

    /// <summary>
    /// Whether the trouble is only that old segments cannot be archived or removed for now: all that is written is
    /// whole. Any thread.
    /// </summary>
    public bool IsArchiveFailing => _keeper.IsArchiveFailing;

    /// <summary>Whether a batch of events must be on the disk before any of them is routed.</summary>
    public bool IsSyncedFirst => _options is { Mode: JournalMode.BeforeRouting, Sync: JournalSync.Batch };

    /// <summary>Whether routing waits until an event is written.</summary>
    public bool IsBeforeRouting => _options.Mode == JournalMode.BeforeRouting;

    /// <summary>Of the next event. The appending thread, or when it has ended.</summary>
    public long NextSequence => _writer.NextSequence;

    /// <summary>Whether what is written is brought onto the disk before the system likes to.</summary>
    public bool IsSynced => _options.Sync != JournalSync.None;

    /// <summary>Events that are written and not known to be on the disk. Any thread.</summary>
    public long Unsynced => Math.Max(0, _writer.NextSequence - _writer.Synced);

    /// <summary>Segments that were deleted or archived by policy.</summary>
    public long SegmentsRemoved => _retention.Removed;

    internal JournalKeeper Keeper => _keeper;

    /// <summary>Appends an event. No call of the system's is made.</summary>
    /// <exception cref="IOException">There is no room left: what was appended before is whole.</exception>
    public void Append(ref readonly PipelineEvent e)
    {
        if (!_writer.TryAppend(in e))
            ThrowNoRoom();
        if (Results.TryTakeCheckpoint(_writer.NextSequence, out var sequence, out var hash))
            _writer.TryAppendCheckpoint(sequence, hash);
    }

    /// <summary>
    /// Waits until the next segment lies ready, or the disk has none: for a run on a virtual clock, which would outpace
    /// the keeper.
    /// </summary>
    public void AwaitRoom()
    {
        var wait = new SpinWait();
        while (!_writer.HasPrepared && !_keeper.IsOutOfRoom)
            wait.SpinOnce();
    }

    /// <summary>
    /// Brings what was appended onto the disk, waits for it, and marks it. The appending thread. False when the disk
    /// fails or is slow: see <see cref="Trouble"/>.
    /// </summary>
    public bool Sync()
    {
        var isSynced = _keeper.Sync();
        _writer.TryAppendMark();
        return isSynced;
    }

    /// <summary>Takes every event, those too that no stage handles after a failure elsewhere.</summary>
    public void OnEvent(ref PipelineEvent data, long sequence, bool endOfBatch)
    {
        if (_hasFailed)
            return;

        try
        {
            Append(in data);
            // Beside the path the keeper syncs.
            if (endOfBatch && IsSyncedFirst)
                Sync();
        }
        catch (Exception cause)
        {
            _hasFailed = true;
            throw new StageException(StageName, cause);
        }
    }

    /// <summary>The name that a failure is told with.</summary>
    internal const string StageName = "the journal";

    /// <summary>
    /// Writes the last checkpoint and the end, when no thread appends or folds any more; a failure is latched.
    /// </summary>
    public void Finish(TradingFault fault)
    {
        try
        {
            Finish();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            fault.Latch(StageName, problem);
        }
    }

    /// <summary>The same for a run that latches no failure.</summary>
    /// <exception cref="IOException">
    /// There is no room for the end, or what comes before it may not be on the disk: what was appended stays, and the
    /// journal gets no end, as that of a run that was cut off.
    /// </exception>
    public void Finish()
    {
        if (End(isWhole: !_hasFailed) is { } problem)
            throw new IOException($"{Folder} gets no end: {problem}");
    }

    /// <summary>The run has failed: what was appended stays, and the journal gets no end.</summary>
    public void Abandon() => _hasFailed = true;

    public void Dispose() => End(isWhole: !_hasFailed);

    /// <summary>Returns why a run that is whole gets no end; null: it has one.</summary>
    private string? End(bool isWhole)
    {
        if (_hasEnded)
            return null;

        _hasEnded = true;
        _keeper.Stop();
        var problem = isWhole ? WriteEnd() : null;
        if (isWhole && problem is null)
            _segments.Finish(_writer.Current, _writer.TakePrepared());
        else
            _segments.Dispose();
        return problem;
    }

    /// <summary>Returns why the end was not written; null: it was.</summary>
    private string? WriteEnd()
    {
        if (Results.Sequence > 0)
            _writer.TryAppendCheckpoint(Results.Sequence, Results.Value);
        if (_options.Sync != JournalSync.None)
            Sync();
        // A start behind an end gives the ids on that come next: all that was sent must be before it.
        if (_keeper.HasFailed)
            return $"its disk has failed: {Problem}";

        return _writer.TryAppendEnd() ? null : $"there is no room left: {Problem}";
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowNoRoom() => throw new IOException(
        Problem == "" ? $"{Folder} has no further segment ready" : $"{Folder} has no room left: {Problem}");
}
