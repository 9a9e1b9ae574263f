using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Snapshots;
using ExecutionPipeline.Simulation.World;

namespace ExecutionPipeline.Simulation.Disk;

/// <summary>
/// Flips a bit of what lies on the disk, sees that whoever reads it notices, and flips it back: what is damaged is
/// refused or told, and never taken for another event.
/// </summary>
internal sealed class DiskProbe(SimulatedWorld world, VirtualDisk disk, Restart restart, SeededDice dice)
{
    /// <summary>Bits flipped so far.</summary>
    public int Flips { get; private set; }

    public void Flip()
    {
        FlipInJournal();
        FlipInSnapshot();
    }

    private void FlipInJournal()
    {
        var files = disk.Files.Where(static f => f.Stable.IndexOfAnyExcept((byte)0) >= 0).ToArray();
        if (files.Length == 0)
            return;

        disk.LayOut();
        var before = Read(files[0].Path, out _);
        var file = files[dice.Below(files.Length)];
        var used = file.Stable.LastIndexOfAnyExcept((byte)0) + 1;
        var at = dice.Below(used);
        var bit = (byte)(1 << dice.Below(8));
        file.Stable[at] ^= bit;
        file.IsChanged = true;
        disk.LayOut();
        Flips++;
        var after = Read(files[0].Path, out var isTold);
        world.Violations.Hold(
            after < before ? isTold : after == before && (isTold || before < 0),
            () => $"bit {bit} of byte {at} in {Path.GetFileName(file.Path)} flipped, and nobody noticed");
        file.Stable[at] ^= bit;
        file.IsChanged = true;
    }

    /// <summary>Events that can be read, each the one that was put on the ring; -1: none can.</summary>
    private long Read(string first, out bool isTold)
    {
        var count = -1L;
        try
        {
            using var reader = new JournalReader(Path.GetDirectoryName(first)!);
            var e = default(PipelineEvent);
            for (count = 0; reader.TryRead(ref e); count++)
                world.OnRead(count, in e);

            isTold = reader.End == JournalEnd.Torn;
        }
        catch (Exception problem) when (problem is JournalDamageException or InvalidDataException)
        {
            isTold = true;
        }

        return count;
    }

    private void FlipInSnapshot()
    {
        var sequences = restart.Snapshots.Sequences;
        if (sequences.Count == 0)
            return;

        var path = restart.Snapshots.PathOf(sequences[0]);
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
