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
}

/// <summary>
/// A pipeline's state on its way out of a journal's folder at the start, and into a snapshot there at the end.
/// </summary>
internal sealed class RunState(string folder, RunParts parts)
{
    /// <summary>Venues of this process go through the replay too; null: they are elsewhere.</summary>
    private readonly IStateful[]? _rebuilt = RebuiltOf(parts.Venues);

    /// <summary>
    /// Puts the chain where the folder's journal ends. Requests reach venues of this process alone, which are rebuilt
    /// by them; messages are numbered and not sent. Null: there is nothing to go on with.
    /// </summary>
    /// <exception cref="InvalidDataException">The journal does not fit; the message says what to do.</exception>
    /// <exception cref="IOException">It is damaged, or cannot be read or cut.</exception>
    public RecoveredRun? Recover()
    {
        var around = new ReplaySurroundings
        {
            Results = parts.Results,
            Requests = parts.Requests,
            Models = parts.Models,
            Reports = parts.Reports,
            Venues = _rebuilt ?? [],
        };
        var targets = parts.Venues.Select(static venue => venue.Target).ToArray();
        parts.Chain.Outbound.IsMuted = true;
        try
        {
            return JournalRecovery.Recover(folder, parts.Options, parts.Chain, around, MuteVenues);
        }
        finally
        {
            parts.Chain.Outbound.IsMuted = false;
            foreach (var (venue, target) in parts.Venues.Zip(targets))
                venue.Target = target;
        }
    }

    /// <summary>Goes on with the journal, or begins a new one.</summary>
    /// <exception cref="IOException">The folder cannot be written, or has no room.</exception>
    public EventJournal OpenJournal(RecoveredRun? run, ISegmentFiles files)
    {
        var configuration = PipelineConfiguration.HashOf(parts.Options);
        if (run is null)
        {
            // Those of a journal that was removed speak of other events.
            JournalRecovery.SnapshotsOf(folder).Clear();
            JournalConfiguration.Write(folder, parts.Options);
        }

        return EventJournal.Continue(
            folder, parts.Options.Journal, configuration, run?.Position ?? JournalPosition.Start, parts.Results, files);
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
            [parts.Results, new RecoveredTimers(parts.Requests, timers), .. _rebuilt ?? []];
        var configuration = PipelineConfiguration.HashOf(parts.Options);
        try
        {
            JournalRecovery.SnapshotsOf(folder)
                .Add(ChainSnapshot.Save(parts.Chain, configuration, sequence, timeNs, beside));
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

        using var ahead = JournalRecovery.OpenAt(folder, first);
        var stopped = new HashSet<ulong>();
        ReplayedRequests.AddStopped(ahead, stopped);
        foreach (var venue in parts.Venues)
            venue.Target = new ReplayedRequests(venue.Target, stopped);
    }
}
