using System.Diagnostics;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Snapshots;
using ExecutionPipeline.Pipeline.Timers;

namespace ExecutionPipeline.Pipeline.Recovery;

/// <summary>What a start has found in its journal's folder and put back.</summary>
/// <param name="Position">Behind the last good record: where the journal is gone on with.</param>
/// <param name="End">How the run before ended.</param>
/// <param name="TimeNs">Of the last event.</param>
/// <param name="Timers">The timers that are set.</param>
public sealed record RecoveredRun(JournalPosition Position, JournalEnd End, long TimeNs, TimerWheel Timers)
{
    /// <summary>
    /// So many order ids are left out behind a run that was cut off: orders may have left of which the journal has
    /// nothing, when it followed on its own or was not on the disk. The ledger and the simulated venues keep an order
    /// at the remainder of its number by a power of two. By 4,096, 32,768 and 65,536, the orders that follow stay an
    /// eighth of the places away from those that were lost in up to five such runs before.
    /// </summary>
    public const int SkippedIds = 93_696;

    /// <summary>Events that were replayed.</summary>
    public required long Events { get; init; }

    /// <summary>The first event that the snapshot did not hold; 0: there was no snapshot.</summary>
    public required long SnapshotSequence { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>What was passed over or cut, a line each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Whole records that were cut behind a hole in what was never known to be on the disk.</summary>
    public long LostRecords { get; init; }

    /// <summary>Timers of the journal that nobody had set: 0, where the replay does what the run did.</summary>
    public long UnknownTimers { get; init; }

    /// <summary>What routing had reported of its parent orders and the journal lacks.</summary>
    public IReadOnlyList<ExecutionReport> ReportsUnderWay { get; init; } = [];

    /// <summary>Ids to be left out from now on.</summary>
    public int IdsToSkip => End == JournalEnd.Ordered ? 0 : SkippedIds;

    /// <summary>One line for the operator.</summary>
    public string Describe(StageChain chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        var from = SnapshotSequence == 0 ? "the beginning" : $"the snapshot of event {SnapshotSequence}";
        var how = End switch
        {
            JournalEnd.Ordered => "an ordered end",
            JournalEnd.Torn => "a torn end",
            _ => "a run that was cut off",
        };
        var routing = chain.Routing;
        return FormattableString.Invariant(
            $"restart behind {how}: {Events} events from {from} replayed in {Took.TotalSeconds:0.000} s; next event ")
            + FormattableString.Invariant(
                $"{Position.Sequence}; open: {routing.Orders.WorkingOrders} orders, {routing.WorkingParents} parents, ")
            + FormattableString.Invariant($"{routing.Trades.OpenTrades} trades");
    }
}

/// <summary>
/// Puts a chain that is new where the journal of its folder ends: the newest good snapshot, then the journal behind it.
/// </summary>
internal static class JournalRecovery
{
    /// <summary>The snapshots of a journal.</summary>
    public static SnapshotFolder SnapshotsOf(string folder) => new(Path.Combine(folder, SnapshotFolder.Name));

    /// <summary>
    /// Recovers the run. Null: the folder holds no event of a journal. After an exception the chain must not be used.
    /// </summary>
    /// <param name="folder">Of the journal.</param>
    /// <param name="options">Of the pipeline: they must fit.</param>
    /// <param name="configuration">Their hash.</param>
    /// <param name="chain">New.</param>
    /// <param name="around">Of the chain.</param>
    /// <param name="onSpan">Told before the replay with which event it begins.</param>
    /// <exception cref="InvalidDataException">
    /// The journal is of another configuration, its beginning is gone, or it leads to other results.
    /// </exception>
    /// <exception cref="JournalDamageException">It is damaged before its end.</exception>
    /// <exception cref="IOException">It cannot be read or cut.</exception>
    public static RecoveredRun? Recover(
        string folder,
        PipelineOptions options,
        ConfigurationHash configuration,
        StageChain chain,
        ReplaySurroundings around,
        Action<long> onSpan)
    {
        var clock = Stopwatch.StartNew();
        if (!JournalTail.IsIn(folder) || JournalTail.Of(folder) is not { } tail)
            return null;

        if (!configuration.Is(tail.Configuration))
            JournalConfiguration.Check(folder, tail.Configuration, PipelineConfiguration.DecisiveOf(options));
        var notes = new List<string>();
        if (tail.Problem is { } torn)
            notes.Add($"cut: {torn}");

        var replay = new ChainReplay(chain, around);
        var snapshots = SnapshotsOf(folder);
        var (passedOver, unusable) = (new List<string>(), new List<long>());
        var snapshot = snapshots.FindNewest(configuration, tail.Position.Sequence, passedOver.Add, unusable);
        var first = snapshot?.Sequence ?? 0;
        if (snapshot is not null)
            Load(folder, replay, snapshot, configuration);

        using var input = OpenAt(folder, first, passedOver);
        onSpan(first);
        var events = replay.Run(input, CancellationToken.None);
        if (replay.Sequence != tail.Position.Sequence)
        {
            throw new InvalidDataException(
                $"{folder}: the replay ended before event {replay.Sequence}, and the journal ends before "
                + $"{tail.Position.Sequence}");
        }

        replay.Complete();
        if (replay.UnknownTimers > 0)
            notes.Add($"{replay.UnknownTimers} timers of the journal were set by nobody in its replay");
        notes.AddRange(tail.Cut().Select(static path => $"kept what was cut: {path}"));
        notes.AddRange(snapshots.RemoveBeyond(tail.Position.Sequence)
            .Select(static path => $"removed: {path} holds events that the journal has no more"));
        var aside = snapshots.SetUnusableAside(configuration, first, passedOver.Add, unusable);
        notes.AddRange(passedOver.Select(static why => $"passed over: {why}"));
        notes.AddRange(aside.Select(static path => $"kept what was passed over as {Path.GetFileName(path)}"));
        return new RecoveredRun(tail.Position, tail.End, replay.TimeNs, replay.Timers)
        {
            Events = events,
            SnapshotSequence = first,
            Took = clock.Elapsed,
            Notes = notes,
            LostRecords = tail.LostRecords,
            UnknownTimers = replay.UnknownTimers,
            ReportsUnderWay = replay.ReportsUnderWay,
        };
    }

    /// <summary>Opens a journal where a replay begins.</summary>
    /// <param name="folder">Of the journal.</param>
    /// <param name="first">The first event that is needed.</param>
    /// <param name="passedOver">Why snapshots were not used, which may be the cause; none: there were none.</param>
    /// <param name="isFollowing">Whether the journal is written meanwhile.</param>
    /// <exception cref="InvalidDataException">What is needed of it is gone.</exception>
    public static JournalReader OpenAt(
        string folder, long first, IReadOnlyList<string> passedOver, bool isFollowing = false)
    {
        var input = new JournalReader(folder, first) { IsFollowing = isFollowing };
        if (input.FirstSequence <= first)
            return input;

        input.Dispose();
        throw new InvalidDataException(
            $"{folder}: the journal begins with event {input.FirstSequence}, and no good snapshot holds what was "
            + $"before{SnapshotFolder.Because(passedOver)}: put the archived segments or a snapshot back, or start on "
            + "another folder");
    }

    private static void Load(
        string folder, ChainReplay replay, Snapshot snapshot, ConfigurationHash configuration)
    {
        try
        {
            replay.Load(snapshot, configuration);
        }
        catch (StateException problem)
        {
            var path = SnapshotsOf(folder).PathOf(snapshot.Sequence);
            throw new InvalidDataException(
                $"{path}: {problem.Message} Move it away to start from an older snapshot or the journal alone.",
                problem);
        }
    }
}
