using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Snapshots;
using ExecutionPipeline.Simulation.Disk;

namespace ExecutionPipeline.Simulation.World;

/// <summary>
/// Starts a process from what is on the disk: the newest good snapshot, the journal's tail behind it with the venue
/// muted, and then the venue is asked for the fate of every order by telling that it was lost and is back.
/// </summary>
internal sealed class Restart(SimulatedWorld world, VirtualDisk disk, VirtualClock clock, string folder)
{
    private const int SegmentBytes = 128 << 10;

    /// <summary>Where snapshots are.</summary>
    public SnapshotFolder Snapshots { get; } = new(Path.Combine(folder, "snapshots"));

    /// <summary>Starts that were refused until the journal had been repaired.</summary>
    public int Repairs { get; private set; }

    private string JournalFolder => Path.Combine(folder, "journal");

    /// <summary>A process of a new journal.</summary>
    public SimulatedProcess First(long timeNs)
    {
        var process = new SimulatedProcess(world);
        Begin(process, JournalPosition.Start, timeNs);
        return process;
    }

    /// <summary>
    /// A process that goes on after a crash; null: a rule was broken, and there is nothing to go on with.
    /// </summary>
    public SimulatedProcess? Again(long timeNs, bool isPowerFailure, bool hadRoom)
    {
        var process = new SimulatedProcess(world);
        disk.LayOut();
        if (!TryReadJournal(isPowerFailure, hadRoom, out var end))
            return null;

        var snapshot = Snapshots.FindNewest(world.Configuration, end.Sequence, static _ => { });
        if (snapshot is not null)
            process.Load(snapshot);
        Replay(process);
        if (world.Violations.First is not null)
            return null;

        world.OnRecovered(ChainSnapshot.HashOf(process.Chain));
        world.Spoil(process.Chain);
        Begin(process, end, timeNs);
        AskTheVenue(process, timeNs);
        return process;
    }

    /// <summary>Reads the journal whole, and cuts a torn end off.</summary>
    private bool TryReadJournal(bool isPowerFailure, bool hadRoom, out JournalPosition end)
    {
        end = default;
        try
        {
            using var reader = new JournalReader(JournalFolder);
            var e = default(PipelineEvent);
            for (var sequence = 0L; reader.TryRead(ref e); sequence++)
                world.OnRead(sequence, in e);

            end = reader.Position;
            if (reader.End == JournalEnd.Torn && !isPowerFailure)
                world.Violations.Add($"a kill tore the journal: {reader.EndNote}");
        }
        catch (JournalDamageException hole) when (isPowerFailure)
        {
            // Of what was not synced, something behind a hole is there: the start is refused, and the journal repaired.
            Repairs++;
            end = hole.Good;
        }
        catch (Exception problem) when (problem is JournalDamageException or InvalidDataException)
        {
            world.Violations.Add($"the journal cannot be read after a restart: {Path.GetFileName(problem.Message)}");
            return false;
        }

        CutBehind(end);
        world.OnJournalRead(end.Sequence, isPowerFailure, hadRoom);
        return world.Violations.First is null;
    }

    private void CutBehind(JournalPosition end)
    {
        disk.At(JournalFiles.PathOf(JournalFolder, end.Segment)).Cut(end.Offset);
        foreach (var (number, path) in JournalFiles.In(JournalFolder))
        {
            if (number > end.Segment)
                disk.Remove(path);
        }

        disk.LayOut();
    }

    private void Replay(SimulatedProcess process)
    {
        using var reader = new JournalReader(JournalFolder);
        var e = default(PipelineEvent);
        for (var sequence = 0L; reader.TryRead(ref e); sequence++)
        {
            if (sequence >= process.Handled && sequence < world.Published)
                process.Replay(in e);
        }
    }

    private void Begin(SimulatedProcess process, JournalPosition position, long timeNs)
    {
        process.Begin(new EventJournal(
            JournalFolder, world.Options.Journal, world.Configuration, position, disk, SegmentBytes, clock));
        process.Keep(timeNs);
        world.Venue.Process = process.FromVenue;
    }

    /// <summary>The stages take every order at the venue for doubtful and ask for it; the journal is whole.</summary>
    private static void AskTheVenue(SimulatedProcess process, long timeNs)
    {
        process.Command(
            new Command
            {
                Kind = CommandKind.JournalRestored,
                Reason = CommandReason.JournalWhole,
                SendTimeNs = timeNs,
            },
            0,
            timeNs);
        foreach (var kind in (ReadOnlySpan<ExecutionReportKind>)
            [ExecutionReportKind.VenueLost, ExecutionReportKind.VenueBack])
        {
            var header = new EventHeader { Kind = EventKind.ExecutionReport, TimeNs = timeNs };
            EventPayload payload = default;
            payload.ExecutionReport = new ExecutionReport { Kind = kind, VenueTimeNs = timeNs };
            process.Take(in header, in payload);
        }

        process.Settle();
    }
}
