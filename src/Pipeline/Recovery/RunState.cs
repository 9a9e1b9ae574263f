using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Snapshots;
using ExecutionPipeline.Pipeline.Timers;

namespace ExecutionPipeline.Pipeline.Recovery;

/// <summary>The parts of a pipeline that its journal's replay and its snapshots concern.</summary>
internal sealed record RunParts
{
    public required PipelineOptions Options { get; init; }

    public required StageChain Chain { get; init; }

    public required ResultHash Results { get; init; }

    public required TimerRequests Requests { get; init; }

    public required ReportInbox Reports { get; init; }

    public required RecoveredModels Models { get; init; }

    /// <summary>The ways to the venues, by their numbers.</summary>
    public required IReadOnlyList<GatedVenue> Venues { get; init; }

    /// <summary>Takes routing's own reports.</summary>
    public required IReportSink Refusals { get; init; }

    /// <summary>The most timers that are set at a time.</summary>
    public int TimerCapacity { get; init; } = TimerWheel.PipelineCapacity;
}

/// <summary>
/// A pipeline's state on its way out of a journal's folder at the start, and into a snapshot there at the end.
/// </summary>
internal sealed class RunState(string folder, RunParts parts)
{
    /// <summary>Venues of this process go through the replay too; null: they are elsewhere.</summary>
    private readonly IStateful[]? _rebuilt = RebuiltOf(parts.Venues);
    private readonly ConfigurationHash _configuration = PipelineConfiguration.HashOf(parts.Options);

    /// <summary>
    /// Puts the chain where the folder's journal ends. Requests reach venues of this process alone, which are rebuilt
    /// by them; messages are numbered and not sent. What routing had reported and the journal lacks waits for ingress
    /// then. Null: there is nothing to go on with.
    /// </summary>
    /// <param name="onLoaded">Told before the replay with which event it begins; null: nobody is.</param>
    /// <exception cref="InvalidDataException">The journal does not fit; the message says what to do.</exception>
    /// <exception cref="IOException">It is damaged, or cannot be read or cut.</exception>
    public RecoveredRun? Recover(Action<long>? onLoaded = null)
    {
        var around = new ReplaySurroundings
        {
            Results = parts.Results,
            Requests = parts.Requests,
            Models = parts.Models,
            Reports = parts.Reports,
            Venues = _rebuilt ?? [],
            TimerCapacity = parts.TimerCapacity,
        };
        var targets = parts.Venues.Select(static venue => venue.Target).ToArray();
        parts.Chain.Outbound.IsMuted = true;
        try
        {
            var run = JournalRecovery.Recover(folder, parts.Options, _configuration, parts.Chain, around, first =>
            {
                MuteVenues(first);
                onLoaded?.Invoke(first);
            });
            foreach (var report in run?.ReportsUnderWay ?? [])
                parts.Refusals.OnReport(report);
            return run;
        }
        finally
        {
            parts.Chain.Outbound.IsMuted = false;
            foreach (var (venue, target) in parts.Venues.Zip(targets))
                venue.Target = target;
        }
    }

    /// <summary>Goes on with the journal, or begins a new one.</summary>
    /// <param name="run">What was recovered; null: nothing.</param>
    /// <param name="files">Makes the segments' files.</param>
    /// <param name="time">See <see cref="EventJournal.Continue"/>.</param>
    /// <exception cref="IOException">The folder cannot be written, or has no room.</exception>
    public EventJournal OpenJournal(RecoveredRun? run, ISegmentFiles files, TimeProvider? time = null)
    {
        if (run is null)
        {
            // Those of a journal that was removed speak of other events.
            JournalRecovery.SnapshotsOf(folder).Clear();
            JournalConfiguration.Write(folder, parts.Options);
        }

        var snapshots = JournalRecovery.SnapshotsOf(folder);
        return EventJournal.Continue(
            folder, parts.Options.Journal, _configuration, run?.Position ?? JournalPosition.Start, parts.Results, files,
            time: time, snapshots: () => snapshots.OldestOf(_configuration));
    }

    /// <summary>
    /// Saves the state at the end of a run, when nothing runs any more. Returns why it was not saved; null: it was.
    /// </summary>
    /// <param name="sequence">Of the event that would have been next.</param>
    /// <param name="timeNs">Of the last event.</param>
    /// <param name="timers">That are set.</param>
    public string? Save(long sequence, long timeNs, TimerWheel timers)
    {
        if (parts.Results.Sequence != sequence)
            return $"no snapshot was written: event {parts.Results.Sequence} is not the journal's next, {sequence}";

        parts.Requests.MoveTo(timers);
        IStateful[] beside =
            [parts.Results, new RecoveredTimers(parts.Requests, timers), new ReportsUnderWay(), .. _rebuilt ?? []];
        try
        {
            JournalRecovery.SnapshotsOf(folder)
                .Add(ChainSnapshot.Save(parts.Chain, _configuration, sequence, timeNs, beside));
            return null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return $"no snapshot was written: {problem.Message.ReplaceLineEndings(" ")}";
        }
    }

    /// <summary>Venues of this process are there from the start, and say so as a link would.</summary>
    public static void TellOfVenues(int count, IReportSink reports, long timeNs)
    {
        for (var number = 0; number < count; number++)
        {
            reports.OnReport(new ExecutionReport
            {
                Kind = ExecutionReportKind.VenueBack,
                Venue = (byte)number,
                VenueTimeNs = timeNs,
            });
        }
    }

    private static IStateful[]? RebuiltOf(IReadOnlyList<GatedVenue> venues)
    {
        var stateful = venues.Select(static venue => venue.Target).OfType<IStateful>().ToArray();
        return stateful.Length == venues.Count ? stateful : null;
    }

    private void MuteVenues(long first)
    {
        if (_rebuilt is null)
        {
            var nowhere = new ReplayedVenue();
            foreach (var venue in parts.Venues)
                venue.Target = nowhere;
            return;
        }

        using var ahead = JournalRecovery.OpenAt(folder, first, []);
        var stopped = new StoppedRequests();
        stopped.Add(ahead);
        foreach (var venue in parts.Venues)
            venue.Target = new ReplayedRequests(venue.Target, stopped);
    }
}
