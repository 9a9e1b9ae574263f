using System.Runtime.CompilerServices;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>What is wrong with a journal. All but what was already lost still goes into it.</summary>
public enum JournalTrouble
{
    None = 0,

    /// <summary>No further segment can be made: what is left of the last one is all there is.</summary>
    NoRoom = 1,

    /// <summary>
    /// The disk did not take what was written: then it stays so until a restart. Or what is old can be neither archived
    /// nor removed: that is over as soon as it can.
    /// </summary>
    DiskFailed = 2,

    /// <summary>The disk takes longer than is allowed.</summary>
    Slow = 3,
}

/// <summary>
/// What a journal needs beside the path, in turns on a thread of its own: the next segment is laid ready and its pages
/// are brought in before they are written, what is written is synced, and full segments are closed. Old ones are
/// removed on a second thread, since the copy of one into the archive may take longer than a segment takes to be full.
/// </summary>
internal sealed class JournalKeeper(
    JournalWriter writer, SegmentSet segments, SegmentRetention retention, JournalOptions options, TimeProvider time)
{
    /// <summary>So far ahead of the writer pages are made writable, so that it does not wait for that.</summary>
    private const long AheadBytes = 4 << 20;

    private const long RetryMs = 1_000;
    private const int TurnMs = 1;
    private const int RemovalTurnMs = 100;

    /// <summary>
    /// So long the end waits for a call of the archive's disk, which may hang. The journal's own end matters more, and
    /// the thread has nothing to do with what is still written.
    /// </summary>
    private static readonly TimeSpan RemovalEnd = TimeSpan.FromSeconds(5);

    private static readonly long PageBytes = Environment.SystemPageSize;

    private readonly ManualResetEventSlim _isEnding = new();
    private readonly CancellationTokenSource _removalEnd = new();
    private Thread? _thread;
    private Thread? _removal;
    private JournalSegment? _touched;
    private JournalSegment? _next;
    private long _touchedTo;
    private long _lastSyncMs;
    private long _retryAtMs;
    private int _syncTrouble;
    private int _roomTrouble;
    private volatile string _problem = "";

    /// <summary>What the disk did not take, on whichever thread; null: it took everything.</summary>
    private volatile string? _failure;

    /// <summary>
    /// Why old segments cannot be archived or removed for now; null: they can. What is written does not depend on it.
    /// </summary>
    private volatile string? _archiveFailure;

    /// <summary>What is wrong. Any thread.</summary>
    // Paired with the writes of the turn and of Sync.
    public JournalTrouble Trouble
    {
        get
        {
            if (_failure is not null)
                return JournalTrouble.DiskFailed;

            var sync = (JournalTrouble)Volatile.Read(ref _syncTrouble);
            if (sync != JournalTrouble.None)
                return sync;

            var room = (JournalTrouble)Volatile.Read(ref _roomTrouble);
            if (room != JournalTrouble.None)
                return room;

            if (_archiveFailure is not null)
                return JournalTrouble.DiskFailed;

            return IsNextLate ? JournalTrouble.Slow : JournalTrouble.None;
        }
    }

    /// <summary>The same in the system's words.</summary>
    public string Problem =>
        _failure ?? (Trouble == JournalTrouble.DiskFailed ? _archiveFailure : null) ?? _problem;

    /// <summary>Whether the disk did not take the journal itself. Any thread.</summary>
    public bool HasFailed => _failure is not null;

    /// <summary>Whether no further segment comes for now, or ever. Any thread.</summary>
    // Paired with the writes of PrepareNext.
    public bool IsOutOfRoom => HasFailed || Volatile.Read(ref _roomTrouble) != (int)JournalTrouble.None;

    /// <summary>Whether only what is old cannot be archived or removed for now. Any thread.</summary>
    public bool IsArchiveFailing => _failure is null && _archiveFailure is not null;

    /// <summary>Whether the disk has been so slow that little is left of a segment and the next is not there.</summary>
    private bool IsNextLate
    {
        get
        {
            var current = writer.Current;
            return !writer.HasPrepared && current.Written > current.Bytes / 4 * 3;
        }
    }

    /// <summary>Begins to take turns.</summary>
    public void Start()
    {
        _removal = new Thread(RemoveInTurns) { Name = "journal archive", IsBackground = true };
        _removal.Start();
        _thread = new Thread(TakeTurns) { Name = "journal", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Ends the threads: the one after its turn, the other within what it removes.</summary>
    public void Stop()
    {
        _isEnding.Set();
        _removalEnd.Cancel();
        _thread?.Join();
        if (_removal?.Join(RemovalEnd) ?? false)
            _removal = null;
    }

    /// <summary>One turn. Old segments are removed in it where no thread does that.</summary>
    public void TakeTurn(long nowMs)
    {
        PrepareNext(nowMs);
        TouchAhead();
        var isDue = options.Sync switch
        {
            JournalSync.Interval => nowMs - _lastSyncMs >= options.SyncIntervalMs,
            JournalSync.Batch => options.Mode == JournalMode.Async,
            _ => false,
        };
        if (isDue)
        {
            _lastSyncMs = nowMs;
            Sync();
        }

        CloseFull(nowMs);
        if (_removal is null)
            RemoveOld(nowMs, CancellationToken.None);
    }

    /// <summary>
    /// Brings all that is written onto the disk. False when the disk did not take it, now or ever before, or was slow.
    /// </summary>
    public bool Sync()
    {
        var began = time.GetTimestamp();
        // What is written meanwhile may be on the disk with it, or not.
        var sequence = writer.NextSequence;
        try
        {
            segments.Sync();
        }
        catch (IOException problem)
        {
            return Fail(problem);
        }

        if (_failure is not null)
            return false;

        writer.Synced = sequence;
        var took = time.GetElapsedTime(began);
        // Where nothing is synced after the beginning, no sync would ever be the fast one that ends this.
        var isSlow = options.Sync != JournalSync.None && took.TotalMilliseconds > options.SlowMs;
        if (isSlow)
            _problem = FormattableString.Invariant($"a sync took {took.TotalMilliseconds:0} ms");
        // Paired with the read of Trouble.
        Volatile.Write(ref _syncTrouble, (int)(isSlow ? JournalTrouble.Slow : JournalTrouble.None));
        return !isSlow;
    }

    private void TakeTurns()
    {
        while (!_isEnding.Wait(TurnMs))
            TakeTurn(Environment.TickCount64);
    }

    private void RemoveInTurns()
    {
        var end = _removalEnd.Token;
        while (!end.WaitHandle.WaitOne(RemovalTurnMs))
            RemoveOld(Environment.TickCount64, end);
    }

    private void PrepareNext(long nowMs)
    {
        var current = writer.Current;
        if (writer.HasPrepared || nowMs < _retryAtMs)
            return;

        try
        {
            _next = segments.Create((_next?.Number ?? current.Number) + 1);
            writer.Prepare(_next);
            Volatile.Write(ref _roomTrouble, (int)JournalTrouble.None);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            _retryAtMs = nowMs + RetryMs;
            _problem = LineOf(problem);
            // Paired with the read of Trouble.
            Volatile.Write(ref _roomTrouble, (int)JournalTrouble.NoRoom);
        }
    }

    /// <summary>Writes nothing, but so that the system makes the pages writable.</summary>
    private void TouchAhead()
    {
        var current = writer.Current;
        if (_touched != current)
            (_touched, _touchedTo) = (current, 0);

        var from = Math.Max(_touchedTo, current.Written / PageBytes * PageBytes);
        _touchedTo = Math.Min(current.Written + AheadBytes, current.Bytes);
        for (; from < _touchedTo; from += PageBytes)
            Touch(current.Address + (nint)from);
    }

    private static void Touch(nint address) =>
        Interlocked.Or(ref Unsafe.AddByteOffset(ref Unsafe.NullRef<int>(), address), 0);

    private void CloseFull(long nowMs)
    {
        try
        {
            segments.CloseBehind(writer.Current, nowMs);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Fail(problem);
        }
    }

    private void RemoveOld(long nowMs, CancellationToken end)
    {
        try
        {
            // While it waits before it tries again, nothing is known to be well.
            if (retention.RemoveOld(nowMs, end))
                _archiveFailure = null;
        }
        catch (OperationCanceledException)
        {
            // The next run goes on with it.
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            _archiveFailure = LineOf(problem);
        }
    }

    private bool Fail(Exception problem)
    {
        _failure = LineOf(problem);
        return false;
    }

    private static string LineOf(Exception problem) => problem.Message.ReplaceLineEndings(" ");
}
