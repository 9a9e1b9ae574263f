using ExecutionPipeline.Audit.Records;
using ExecutionPipeline.Audit.Store;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Snapshots;

namespace ExecutionPipeline.Audit.Running;

/// <summary>
/// From a journal to a store: replays, numbers and chains what was recorded, and writes it with the position in the
/// journal. It can be ended at any instant and started again: it then goes on behind the last record that is in the
/// store, and writes none twice.
/// </summary>
public sealed class AuditRun
{
    /// <summary>Among so many is the first one of an event: before it is that of the configuration.</summary>
    private const int RecordsToFirst = 2;

    private readonly AuditOptions _options;
    private readonly AuditStore _store;
    private readonly StorePatience _patience;
    private readonly List<AuditEntry> _entries = [];
    private readonly List<AuditRecord> _batch = [];
    private AuditedJournal _journal = null!;
    private ChainHead _head;
    private AuditEntry? _lastRemade;
    private long _firstRecorded = long.MaxValue;
    private (long Count, int Hash) _remade;
    private SnapshotFolder? _snapshots;
    private long _lastSnapshot;
    private long _kept;
    private long _resumedAt;
    private long _written;
    private long _decisions;

    /// <param name="options">What to audit.</param>
    /// <param name="store">Where to; stays the caller's.</param>
    public AuditRun(AuditOptions options, AuditStore store)
    {
        _options = options;
        _store = store;
        _patience = new StorePatience(options, store);
    }

    /// <summary>
    /// Runs to the journal's end, or where it follows, until it is told to stop: then the figures are of what is in the
    /// store.
    /// </summary>
    /// <exception cref="InvalidDataException">The journal, the configuration or the store cannot be used.</exception>
    /// <exception cref="JournalDamageException">The journal is damaged; what was good before is written.</exception>
    /// <exception cref="OperationCanceledException">
    /// It was told to stop before it was at the end, or followed before there was any event; what was confirmed is
    /// written.
    /// </exception>
    public AuditFigures Run(CancellationToken cancel)
    {
        _patience.Do(_store.Migrate, cancel);
        var known = _patience.Get(_store.ReadJournals, cancel);
        _head = _patience.Get(_store.ReadHead, cancel);
        using var input = OpenAt(known, out var isNew, out var firstTimeNs, cancel);
        using var replay = new AuditReplay(_options.Pipeline, _options.Policy, _options.OpenModels, input);
        Resume(replay);
        _firstRecorded = _patience.Get(
            () => RecordedFrom(_resumedAt, RecordsToFirst).FirstOrDefault()?.Sequence ?? long.MaxValue, cancel);
        if (isNew)
            _entries.Add(ConfigurationOf(replay, known, firstTimeNs));

        try
        {
            while (true)
            {
                ReadAll(replay, cancel);
                WriteUpTo(replay.Sequence, cancel);
                Keep(replay, isDue: !_options.IsFollowing);
                if (!_options.IsFollowing || cancel.WaitHandle.WaitOne(_options.PauseMs))
                    break;
            }
        }
        catch (JournalDamageException)
        {
            WriteUpTo(replay.Sequence, cancel);
            throw;
        }
        catch (OperationCanceledException) when (_options.IsFollowing && cancel.IsCancellationRequested)
        {
            // It came within a transaction: what is not in the store is for the next start.
        }

        // Who follows has no other end.
        if (!_options.IsFollowing)
            cancel.ThrowIfCancellationRequested();
        return FiguresOf(replay);
    }

    private AuditFigures FiguresOf(AuditReplay replay) => new(
        replay.Sequence - _resumedAt, _written, _decisions, _journal.Position, replay.ConfirmedTo, _resumedAt,
        _patience.Retries, _head, replay.EndNote);

    /// <summary>A journal that has just been made may have no event yet.</summary>
    private JournalReader OpenAt(
        IReadOnlyList<AuditedJournal> known, out bool isNew, out long firstTimeNs, CancellationToken cancel)
    {
        var found = JournalIdentity.Find(_options.JournalFolder, known, out var identity, out firstTimeNs);
        while (firstTimeNs == 0 && _options.IsFollowing && !cancel.WaitHandle.WaitOne(_options.PauseMs))
            found = JournalIdentity.Find(_options.JournalFolder, known, out identity, out firstTimeNs);

        cancel.ThrowIfCancellationRequested();
        isNew = found is null;
        if (found is null && identity.Length == 0)
        {
            throw new InvalidDataException(firstTimeNs == 0
                ? $"{_options.JournalFolder}: there is no event in this journal"
                : $"{_options.JournalFolder}: its first segments are gone, and {_store.Name} does not know it");
        }

        var configuration = System.Text.Encoding.UTF8.GetString(PipelineConfiguration.DecisiveOf(_options.Pipeline));
        _journal = found is null
            ? new AuditedJournal(
                known.Count + 1, identity, _options.JournalFolder,
                PipelineConfiguration.HashOf(_options.Pipeline).ToString(), configuration, 0)
            : found with { Folder = _options.JournalFolder };
        if (_options.SnapshotFolder is { } folder)
            _snapshots = new SnapshotFolder(Path.Combine(folder, _journal.Identity));
        return new JournalReader(_options.JournalFolder) { IsFollowing = _options.IsFollowing };
    }

    private void Resume(AuditReplay replay)
    {
        var passedOver = new List<string>();
        var found = _snapshots?.FindNewest(replay.Configuration, _journal.Position, passedOver.Add);
        passedOver.ForEach(_options.OnNote ?? (static _ => { }));
        replay.PassedOver = passedOver;
        if (found is { } snapshot
            && !replay.Resume(snapshot))
            throw CutBefore(snapshot.Sequence - 1);
        _resumedAt = _kept = replay.Sequence;
        // Counted from what is written: else each start without a snapshot would write its first event by itself.
        _lastSnapshot = Math.Max(_resumedAt, _journal.Position);
    }

    private AuditEntry ConfigurationOf(AuditReplay replay, IReadOnlyList<AuditedJournal> known, long firstTimeNs)
    {
        var before = known.Count > 0 ? known[^1] : null;
        return replay.Recorder.ConfigurationOf(firstTimeNs, before?.Options, before?.Configuration, _options.Author);
    }

    private void ReadAll(AuditReplay replay, CancellationToken cancel)
    {
        var position = _journal.Position;
        while (!cancel.IsCancellationRequested)
        {
            var before = _entries.Count;
            if (!replay.TryStep(_entries))
            {
                if (replay.Sequence < position)
                    throw CutBefore(replay.Sequence);
                return;
            }

            // What is in the store already is made again where there was no snapshot so near.
            if (replay.Sequence <= position)
                TakeBack(before);
            if (replay.Sequence == position)
                MustBeRecorded(cancel);
            if (_entries.Count >= _options.BatchRecords && replay.ConfirmedTo > _journal.Position)
                WriteUpTo(replay.ConfirmedTo, cancel);
            if (_snapshots is not null && replay.Sequence > position
                && replay.Sequence - _lastSnapshot >= _options.SnapshotInterval)
            {
                WriteUpTo(replay.Sequence, cancel);
                Keep(replay, isDue: true);
            }
        }
    }

    private void TakeBack(int before)
    {
        foreach (var entry in _entries.Skip(before))
        {
            _lastRemade = entry;
            _remade = Fold(_remade, entry);
        }

        _entries.RemoveRange(before, _entries.Count - before);
    }

    /// <summary>
    /// What was made again is what the store has, from the first record on that retention has left: else the journal
    /// has lost its end, as by a power failure, and went on otherwise from there.
    /// </summary>
    private void MustBeRecorded(CancellationToken cancel)
    {
        var (last, recorded) = _patience.Get(
            () =>
            {
                var (last, folded) = ((AuditEntry?)null, (Count: 0L, Hash: 0));
                foreach (var entry in RecordedFrom(_resumedAt))
                    (last, folded) = (entry, Fold(folded, entry));
                return (last, folded);
            },
            cancel);
        var isSameEnd = last is null
            ? _lastRemade is null || !HasRecords(cancel)
            : _lastRemade is not null && KeyOf(last) == KeyOf(_lastRemade);
        if (!isSameEnd || recorded != _remade)
            throw CutBefore(Math.Max(last?.Sequence ?? 0, _lastRemade?.Sequence ?? 0));
    }

    private bool HasRecords(CancellationToken cancel) =>
        _patience.Get(() => _store.Read(new RecordFilter { Journal = _journal.Id, Oldest = 1 }).Any(), cancel);

    /// <summary>The store's entries that come from the journal's events, from one on.</summary>
    private IEnumerable<AuditEntry> RecordedFrom(long sequence, int? most = null) =>
        _store.Read(new RecordFilter { Journal = _journal.Id, FromSequence = sequence, Oldest = most })
            .Select(static record => record.Entry)
            .Where(static entry => entry.Kind is not (AuditKind.Configuration or AuditKind.Retention));

    /// <summary>The first event's entries may be gone in part.</summary>
    private (long Count, int Hash) Fold((long Count, int Hash) before, AuditEntry entry) =>
        entry.Sequence <= _firstRecorded
            ? before
            : (before.Count + 1, HashCode.Combine(before.Hash, KeyOf(entry)));

    /// <summary>What an entry has in common with the one that the same event makes again.</summary>
    private static (long, long, AuditKind, uint, ulong) KeyOf(AuditEntry entry) =>
        (entry.Sequence, entry.TimeUs, entry.Kind, entry.InstrumentId, entry.SignalId);

    private InvalidDataException CutBefore(long sequence) => new(
        $"{_options.JournalFolder}: the journal was cut behind what {_store.Name} has records of (event {sequence} is "
        + "not the one that was audited): audit it into another store");

    /// <summary>Writes the records of all events before one, with the position behind them.</summary>
    private void WriteUpTo(long sequence, CancellationToken cancel)
    {
        var count = _entries.FindIndex(entry => entry.Sequence >= sequence);
        if (count < 0)
            count = _entries.Count;
        if (count == 0 && sequence <= _journal.Position)
            return;

        var journal = _journal with { Position = Math.Max(sequence, _journal.Position) };
        var after = Write(count, journal, cancel);
        _decisions += _entries.Take(count).Count(static entry => entry.Kind == AuditKind.Decision);
        _written += count;
        _entries.RemoveRange(0, count);
        (_head, _journal) = (after, journal);
    }

    /// <summary>Writes the first entries; behind what retention has written meanwhile. Returns the new head.</summary>
    private ChainHead Write(int count, AuditedJournal journal, CancellationToken cancel)
    {
        while (true)
        {
            var after = Chain(count);
            try
            {
                _patience.Do(() => _store.Write(_head, _batch, journal, _options.Key), cancel);
                return after;
            }
            catch (StoreConflictException)
            {
                if (!TryPassRetention(cancel))
                    throw;
            }
        }
    }

    /// <summary>Makes records of the first entries. Returns where the chain ends with them.</summary>
    private ChainHead Chain(int count)
    {
        _batch.Clear();
        var after = _head;
        foreach (var entry in _entries.Take(count))
        {
            var record = RecordChain.Append(after, _journal.Id, entry);
            _batch.Add(record);
            after = new ChainHead(record.Id, record.Hash);
        }

        return after;
    }

    /// <summary>Takes records of retention that follow the head as part of the chain. Whoever else writes does not.
    /// </summary>
    private bool TryPassRetention(CancellationToken cancel)
    {
        var behind = new RecordFilter { FromId = _head.Id + 1 };
        var removals = _patience.Get(
            () => _store.Read(behind).TakeWhile(static one => one.Entry.Kind == AuditKind.Retention).ToList(), cancel);
        if (removals.Count == 0 || !removals[0].Previous.Span.SequenceEqual(_head.Hash.Span))
            return false;

        _head = new ChainHead(removals[^1].Id, removals[^1].Hash);
        return true;
    }

    /// <summary>
    /// Saves the state at a position that is in the store, so that the next start need not come here again.
    /// </summary>
    private void Keep(AuditReplay replay, bool isDue)
    {
        if (_snapshots is null || !isDue || replay.IsFaulted || replay.Sequence == _kept
            || replay.Sequence != _journal.Position)
            return;

        _lastSnapshot = _kept = replay.Sequence;
        try
        {
            _snapshots.Add(replay.Save());
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            _options.OnNote?.Invoke($"the snapshot could not be written: {problem.Message}");
        }
    }
}
