using System.Globalization;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Pipeline.Snapshots;

/// <summary>
/// A folder of snapshots, each named by the first event that is not in it. The newest good one is what a start needs;
/// the one before is kept beside it, should the newest be damaged.
/// </summary>
/// <param name="path">Of the folder; it is made with the first snapshot.</param>
public sealed class SnapshotFolder(string path)
{
    /// <summary>Of the folder, within that of the journal.</summary>
    public const string Name = "snapshots";

    private const string Prefix = "snapshot-";
    private const string Suffix = ".state";

    /// <summary>Comes behind the name of one that cannot be used.</summary>
    private const string UnusableSuffix = ".unusable";

    /// <summary>The oldest one that was found to be whole.</summary>
    private long _wholeOldest = -1;

    /// <summary>Sequences of the snapshots that there are, the newest first.</summary>
    public IReadOnlyList<long> Sequences => Directory.Exists(path)
        ? [.. Directory.EnumerateFiles(path, Prefix + "*" + Suffix).Select(SequenceOf).Where(static s => s >= 0)
            .OrderDescending()]
        : [];

    /// <summary>Paths of those that were set aside.</summary>
    public IReadOnlyList<string> Unusable => Directory.Exists(path)
        ? [.. Directory.EnumerateFiles(path, Prefix + "*" + Suffix + UnusableSuffix)]
        : [];

    /// <summary>Where the snapshot of a sequence is.</summary>
    public string PathOf(long sequence) =>
        Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{sequence:D20}{Suffix}"));

    /// <summary>
    /// Writes a snapshot, and then removes all but the newest ones of those that are older, and what was set aside and
    /// is older than these. Newer ones, which hold what a journal has lost, are for its next start to remove.
    /// </summary>
    /// <param name="snapshot">Replaces the one of the same event.</param>
    /// <param name="kept">How many stay, itself among them; at least 1.</param>
    /// <exception cref="IOException">The disk did not take it; the others are still there.</exception>
    public void Add(Snapshot snapshot, int kept = 2)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentOutOfRangeException.ThrowIfLessThan(kept, 1);
        Directory.CreateDirectory(path);
        RemoveParts();
        SnapshotFile.Write(PathOf(snapshot.Sequence), snapshot);
        long[] older = [.. Sequences.Where(sequence => sequence < snapshot.Sequence)];
        foreach (var old in older.Skip(kept - 1))
            File.Delete(PathOf(old));
        var oldest = older.Take(kept - 1).LastOrDefault(snapshot.Sequence);
        foreach (var unusable in Unusable.Where(unusable => IsBefore(unusable, oldest)))
            File.Delete(unusable);
    }

    /// <summary>Removes all, those too that were set aside.</summary>
    public void Clear()
    {
        RemoveBeyond(-1);
        foreach (var unusable in Unusable)
            File.Delete(unusable);
    }

    /// <summary>
    /// Removes those that hold events which the journal has no more: it goes on with others in their places. Returns
    /// their paths.
    /// </summary>
    /// <param name="end">The journal's next event.</param>
    public IReadOnlyList<string> RemoveBeyond(long end)
    {
        string[] beyond = [.. Sequences.Where(sequence => sequence > end).Select(PathOf)];
        foreach (var snapshot in beyond)
            File.Delete(snapshot);
        return beyond;
    }

    /// <summary>
    /// The first event that the oldest snapshot lacks of those that a start could go on from here; 0: there is none.
    /// Each is read whole once, and then its header. One thread.
    /// </summary>
    public long OldestOf(ConfigurationHash configuration) => _wholeOldest = Sequences.Reverse().FirstOrDefault(
        sequence => SnapshotFile.IsUsable(PathOf(sequence), configuration, isWhole: sequence != _wholeOldest));

    /// <summary>
    /// Gives those that no start can go on from another name: under theirs they would stand for a journal that they do
    /// not replace, and for a snapshot that is older and good. What cannot be read for now may be good and keeps its
    /// name, as does what cannot be moved. Returns the new paths.
    /// </summary>
    /// <param name="configuration">Of the pipeline.</param>
    /// <param name="good">The sequence of the one that was found to be good; 0: none was.</param>
    /// <param name="onPassedOver">Told why a snapshot cannot be used, or not be moved.</param>
    /// <param name="found">Sequences that are known already to be of no use.</param>
    public IReadOnlyList<string> SetUnusableAside(
        ConfigurationHash configuration, long good, Action<string> onPassedOver, IReadOnlyList<long>? found = null)
    {
        ArgumentNullException.ThrowIfNull(onPassedOver);
        var unusable = new List<long>(found ?? []);
        foreach (var sequence in Sequences.Where(sequence => sequence < good))
            TryRead(sequence, configuration, out _, onPassedOver, unusable);

        var aside = new List<string>();
        foreach (var snapshot in unusable.Select(PathOf))
        {
            try
            {
                File.Move(snapshot, snapshot + UnusableSuffix, overwrite: true);
                aside.Add(snapshot + UnusableSuffix);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // The start does not need it. Whoever writes snapshots beside it may have removed it meanwhile.
                onPassedOver($"{snapshot} keeps its name: {problem.Message.ReplaceLineEndings(" ")}");
            }
        }

        return aside;
    }

    /// <summary>Why snapshots were passed over, in brackets behind what lacks one; empty: none was.</summary>
    public static string Because(IReadOnlyList<string> passedOver)
    {
        ArgumentNullException.ThrowIfNull(passedOver);
        return passedOver.Count == 0
            ? ""
            : $" (passed over: {string.Join("; ", passedOver.Select(static why => why.TrimEnd('.')))})";
    }

    /// <summary>
    /// The newest snapshot that is whole and of this configuration; null where there is none. What is passed over for
    /// it is named, with the reason.
    /// </summary>
    /// <param name="configuration">Of the pipeline.</param>
    /// <param name="until">Snapshots that hold this event, or later ones, do not count.</param>
    /// <param name="onPassedOver">Told why a snapshot is not used.</param>
    /// <param name="unusable">
    /// Takes the sequences of those of them that will never be of use here; null: nobody asks.
    /// </param>
    public Snapshot? FindNewest(
        ConfigurationHash configuration, long until, Action<string> onPassedOver, ICollection<long>? unusable = null)
    {
        ArgumentNullException.ThrowIfNull(onPassedOver);
        foreach (var sequence in Sequences)
        {
            if (sequence <= until && TryRead(sequence, configuration, out var snapshot, onPassedOver, unusable))
                return snapshot;
        }

        return null;
    }

    /// <summary>
    /// Removes parts of snapshots that processes left which were killed: each has a name of its own, and takes room
    /// from those that are to come.
    /// </summary>
    private void RemoveParts()
    {
        foreach (var part in Directory.EnumerateFiles(path, Prefix + "*" + Suffix + DurableFile.NextSuffix))
        {
            try
            {
                new FileStream(
                    part, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose)
                    .Dispose();
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // Another process writes it, and holds it until it has its name.
            }
        }
    }

    private bool TryRead(
        long sequence,
        ConfigurationHash configuration,
        out Snapshot? snapshot,
        Action<string> onPassedOver,
        ICollection<long>? unusable)
    {
        snapshot = null;
        var path = PathOf(sequence);
        try
        {
            var read = SnapshotFile.Read(path);
            if (read.Sequence != sequence)
                throw new SnapshotException($"{path}: it is the snapshot of event {read.Sequence}.");
            if (!read.IsOf(configuration))
                throw new SnapshotException($"{path}: it is of another configuration, {read.Configuration}.");

            snapshot = read;
            return true;
        }
        catch (SnapshotException problem)
        {
            onPassedOver(problem.Message);
            unusable?.Add(sequence);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            onPassedOver(problem.Message);
        }

        return false;
    }

    private static bool IsBefore(string unusable, long oldest)
    {
        var sequence = SequenceOf(unusable[..^UnusableSuffix.Length]);
        return sequence >= 0 && sequence < oldest;
    }

    private static long SequenceOf(string file)
    {
        var name = Path.GetFileName(file)[Prefix.Length..^Suffix.Length];
        return long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : -1;
    }
}
