using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Recovery;
using ExecutionPipeline.Pipeline.Snapshots;
using ExecutionPipeline.Simulation.World;

namespace ExecutionPipeline.Simulation.Disk;

/// <summary>
/// Flips a bit of what lies on the disk, sees that whoever reads it notices, and flips it back: what is damaged is
/// refused or told, and never taken for another event.
/// </summary>
internal sealed class DiskProbe(SimulatedWorld world, string folder, SeededDice dice)
{
    /// <summary>Older segments were read at earlier restarts, and whole at the end of the run.</summary>
    private const int NewestSegments = 3;

    /// <summary>Bits flipped so far.</summary>
    public int Flips { get; private set; }

    /// <summary>Flips one bit of the newest segments and one of the newest snapshot, one after the other.</summary>
    /// <param name="mustKeep">The events before this one must not be taken for a tail that may be cut.</param>
    public void Flip(long mustKeep)
    {
        FlipInJournal(mustKeep);
        FlipInSnapshot();
    }

    private void FlipInJournal(long mustKeep)
    {
        string[] paths = [.. JournalFiles.In(folder).Values.TakeLast(NewestSegments)];
        var path = paths[dice.Below(paths.Length)];
        var bytes = File.ReadAllBytes(path);
        var used = bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        if (used == 0)
            return;

        // From the event before: of segments that begin with one event, the reader takes the last.
        var from = Math.Max(0, FirstOf(paths[0]) - 1);
        var before = Read(from, out _);
        var at = dice.Below(used);
        var bit = (byte)(1 << dice.Below(8));
        bytes[at] ^= bit;
        File.WriteAllBytes(path, bytes);
        Flips++;
        var after = Read(from, out var told);
        var isNoticed = after < before ? told != null : after == before && (told != null || before < 0);
        world.Violations.Hold(
            isNoticed,
            () => $"bit {bit} of byte {at} in {Path.GetFileName(path)} flipped, and nobody noticed: events could be "
                + $"read to {before} and can be to {after}");
        world.Violations.Hold(
            told != JournalEnd.Torn || after >= mustKeep,
            () => $"bit {bit} of byte {at} in {Path.GetFileName(path)} flipped, and events from {after} on would be "
                + $"cut; those before {mustKeep} are known to be on the disk");
        bytes[at] ^= bit;
        File.WriteAllBytes(path, bytes);
    }

    private static long FirstOf(string path)
    {
        using var segment = new SegmentReader(path, []);
        return SegmentHeader.TryRead(segment.Beginning, out var header) ? header.FirstSequence : 0;
    }

    /// <summary>
    /// The event behind the last one that can be read, each being the one that was put on the ring; -1: none can. What
    /// was told: a torn end, or, as unknown, damage; null: nothing.
    /// </summary>
    private long Read(long from, out JournalEnd? told)
    {
        var end = -1L;
        try
        {
            using var reader = new JournalReader(folder, from);
            var e = default(PipelineEvent);
            for (end = reader.Position.Sequence; reader.TryRead(ref e); end = reader.Position.Sequence)
                world.OnRead(reader.Sequence, in e);

            told = reader.End == JournalEnd.Torn ? JournalEnd.Torn : null;
        }
        catch (Exception problem) when (problem is JournalDamageException or InvalidDataException)
        {
            told = JournalEnd.Unknown;
        }

        return end;
    }

    private void FlipInSnapshot()
    {
        var snapshots = JournalRecovery.SnapshotsOf(folder);
        if (snapshots.Sequences is not [var newest, ..])
            return;

        var path = snapshots.PathOf(newest);
        var bytes = File.ReadAllBytes(path);
        var at = dice.Below(bytes.Length);
        bytes[at] ^= (byte)(1 << dice.Below(8));
        Flips++;
        try
        {
            SnapshotFile.Parse(bytes, path);
            world.Violations.Add($"a bit of byte {at} in {Path.GetFileName(path)} flipped, and nobody noticed");
        }
        catch (SnapshotException)
        {
            // It was noticed.
        }
    }
}
