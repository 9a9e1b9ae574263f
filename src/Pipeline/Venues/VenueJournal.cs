using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Recovery;

namespace ExecutionPipeline.Pipeline.Venues;

/// <summary>How a venue's process keeps a journal.</summary>
public sealed record VenueJournalOptions
{
    /// <summary>The journal's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>How it is written. Whatever it says, a request is written before it is answered, and all is kept.
    /// </summary>
    public required JournalOptions Journal { get; init; }

    /// <summary>The pipeline's configuration, of which a part decides what the venue does.</summary>
    public required PipelineOptions Pipeline { get; init; }
}

/// <summary>What a venue has found in its journal and put back.</summary>
/// <param name="Events">Replayed.</param>
/// <param name="OpenOrders">Of the pipeline.</param>
/// <param name="Took">The replay.</param>
/// <param name="Note">One line on a torn end that was cut; null: it was not torn.</param>
public sealed record RecoveredVenue(long Events, int OpenOrders, TimeSpan Took, string? Note);

/// <summary>
/// The journal of a venue's process: everything that the venue does follows from it. At the start it puts the venue
/// where the run before ended; from then on each event is appended before the venue handles it.
/// </summary>
internal sealed class VenueJournal : IDisposable
{
    private static readonly JsonSerializerOptions Json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly EventJournal _journal;
    private readonly JournalLock _lock;

    private VenueJournal(EventJournal journal, JournalLock held, RecoveredVenue? recovered) =>
        (_journal, _lock, Recovered) = (journal, held, recovered);

    /// <summary>What was put back; null: the journal is new.</summary>
    public RecoveredVenue? Recovered { get; }

    /// <summary>Goes on with the journal of a folder, or begins one. After an exception the venue must not be used.
    /// </summary>
    /// <param name="options">Where it is.</param>
    /// <param name="matching">Of the venue.</param>
    /// <param name="core">New.</param>
    /// <param name="results">The core's.</param>
    /// <param name="files">Makes the files; null: the system does.</param>
    /// <exception cref="InvalidDataException">It is a pipeline's, or of another configuration, or does not lead to what
    /// the run had.</exception>
    /// <exception cref="IOException">It is damaged, or cannot be read or written.</exception>
    public static VenueJournal Open(
        VenueJournalOptions options, MatchingVenueOptions matching, VenueCore core, ResultHash results,
        ISegmentFiles? files = null)
    {
        var held = JournalLock.Take(options.Folder);
        try
        {
            return Open(options, matching, core, results, files ?? new MappedSegmentFiles(), held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static VenueJournal Open(
        VenueJournalOptions options, MatchingVenueOptions matching, VenueCore core, ResultHash results,
        ISegmentFiles files, JournalLock held)
    {
        var folder = options.Folder;
        var decisive = DecisiveOf(options.Pipeline, matching);
        var (position, recovered) = (JournalPosition.Start, (RecoveredVenue?)null);
        if (JournalTail.IsIn(folder) && JournalTail.Of(folder, JournalOwner.Venue) is { } tail)
        {
            JournalConfiguration.Check(folder, tail.Configuration, decisive);
            recovered = Replay(folder, tail, core, results);
            tail.Cut();
            position = tail.Position;
        }
        else
        {
            JournalConfiguration.Write(folder, decisive);
        }

        var kept = options.Journal with { Mode = JournalMode.BeforeRouting, RetainMb = 0, RetainHours = 0 };
        var journal = EventJournal.Continue(
            folder, kept, JournalConfiguration.HashOf(decisive), position, results,
            files, JournalOwner.Venue);
        return new VenueJournal(journal, held, recovered);
    }

    /// <summary>Appends an event that is about to be handled.</summary>
    /// <exception cref="IOException">There is no room left.</exception>
    public void Append(ref readonly PipelineEvent e) => _journal.Append(in e);

    /// <summary>Before anything is answered: what was appended is on the disk, where that is asked for.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public void SyncBeforeAnswer()
    {
        if (_journal.IsSyncedFirst && !_journal.Sync() && _journal.Trouble == JournalTrouble.DiskFailed)
            throw new IOException($"{_journal.Folder}: the disk does not take the journal: {_journal.Problem}");
    }

    /// <summary>The venue has come to its ordered end.</summary>
    /// <exception cref="IOException">The journal gets no end; says why.</exception>
    public void Finish() => _journal.Finish();

    /// <summary>The venue has failed: the journal gets no end.</summary>
    public void Abandon() => _journal.Abandon();

    public void Dispose()
    {
        _journal.Dispose();
        _lock.Dispose();
    }

    private static RecoveredVenue Replay(string folder, JournalTail tail, VenueCore core, ResultHash results)
    {
        var clock = Stopwatch.StartNew();
        var e = default(PipelineEvent);
        using var input = new JournalReader(folder, owner: JournalOwner.Venue);
        if (input.FirstSequence != 0)
        {
            throw new InvalidDataException(
                $"{folder}: the journal begins with event {input.FirstSequence}: put what was before back");
        }

        while (input.TryRead(ref e))
        {
            Compare(folder, input, results);
            core.Handle(in e);
        }

        Compare(folder, input, results);
        return results.Sequence == tail.Position.Sequence
            ? new RecoveredVenue(results.Sequence, core.OpenOrders, clock.Elapsed, tail.Problem)
            : throw new InvalidDataException(
                $"{folder}: the replay ended before event {results.Sequence}, and the journal ends before "
                + $"{tail.Position.Sequence}");
    }

    private static void Compare(string folder, JournalReader input, ResultHash results)
    {
        if (results.HashAt(input.CheckpointSequence) is { } reached && input.CheckpointSequence > 0
            && reached != input.CheckpointHash)
        {
            throw new InvalidDataException(
                $"{folder}: what was told before event {input.CheckpointSequence} is not what the run told: another "
                + "build, or a fault; start on another folder, or with what the run had");
        }
    }

    /// <summary>What of the configuration decides what the venue does, as JSON.</summary>
    private static byte[] DecisiveOf(PipelineOptions pipeline, MatchingVenueOptions matching)
    {
        var all = PipelineConfiguration.NodeOf(pipeline);
        var decisive = new JsonObject
        {
            ["instruments"] = all["instruments"]?.DeepClone(),
            ["calendars"] = all["calendars"]?.DeepClone(),
            ["currency"] = pipeline.Account.Currency,
            ["rates"] = all["account"]?["rates"]?.DeepClone(),
            ["matching"] = JsonSerializer.SerializeToNode(matching, Json),
        };
        return JsonSerializer.SerializeToUtf8Bytes(decisive, Json);
    }
}
