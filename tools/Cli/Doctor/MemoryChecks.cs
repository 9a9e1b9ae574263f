using System.Globalization;

namespace ExecutionPipeline.Cli.Doctor;

/// <summary>Whether memory is there at once, stays there, and is enough for what processes share.</summary>
/// <param name="files">Of the machine.</param>
/// <param name="facts">Say how large the shared memory is.</param>
public sealed class MemoryChecks(MachineFiles files, MachineFacts facts)
{
    private const long MiB = 1 << 20;
    private const long SharedFreeLeast = 256 * MiB;
    private const long SharedSize = 1_024 * MiB;
    private const long AvailableLeast = 1_024 * MiB;
    private const long AvailableEnough = 4_096 * MiB;

    /// <summary>Everything.</summary>
    public IEnumerable<MachineCheck> All() => [Shared(), Available(), Swap(), HugePages()];

    private MachineCheck Shared()
    {
        var size = facts.SharedMemoryBytes;
        var free = facts.SharedMemoryFreeBytes;
        var status = size is null || free < SharedFreeLeast ? CheckStatus.Must
            : size < SharedSize ? CheckStatus.Should : CheckStatus.Ok;
        return new MachineCheck(
            "/dev/shm", status, size is null ? "not there" : $"{Mebibytes(size.Value)}, {Mebibytes(free)} free",
            $"{Mebibytes(SharedSize)} or more, {Mebibytes(SharedFreeLeast)} free",
            "mount -o remount,size=1G /dev/shm; shm_size: 1g in a container",
            "the media driver's log buffers fit; without room a stream cannot be made, and a full one ends its driver");
    }

    private MachineCheck Available()
    {
        var text = files.Field("/proc/meminfo", "MemAvailable:")?.Split(' ')[0];
        long? available = long.TryParse(text, CultureInfo.InvariantCulture, out var kib) ? kib * 1_024 : null;
        var status = available switch
        {
            null => CheckStatus.Unknown,
            < AvailableLeast => CheckStatus.Must,
            < AvailableEnough => CheckStatus.Should,
            _ => CheckStatus.Ok,
        };
        return new MachineCheck(
            "available memory", status, available is null ? "not told" : Mebibytes(available.Value),
            $"{Mebibytes(AvailableEnough)} or more; {Mebibytes(AvailableLeast)} at least", "give the machine more",
            "the kernel ends no process for want of memory, and journal and snapshots stay in its cache");
    }

    private MachineCheck Swap()
    {
        // The first line is a heading.
        var areas = files.Lines("/proc/swaps").Skip(1).Select(static line => line.Split(' ', '\t')[0]).ToList();
        var swappiness = files.Number("/proc/sys/vm/swappiness");
        var found = areas.Count == 0 ? "none" : $"{string.Join(", ", areas)}, vm.swappiness {swappiness}";
        return MachineCheck.Of(
            "swap", areas.Count == 0 || swappiness <= 1, CheckStatus.Should, found, "none, or vm.swappiness at most 1",
            "swapoff -a, or deploy/sysctl/60-xp.conf to /etc/sysctl.d/ and sysctl --system",
            "no page of the pipeline has to be read from a disk, which takes 100 us to 10 ms");
    }

    private MachineCheck HugePages()
    {
        const string folder = "/sys/kernel/mm/transparent_hugepage";
        var text = files.Text($"{folder}/enabled");
        var chosen = text?.Split(' ').FirstOrDefault(static word => word.StartsWith('['))?.Trim('[', ']');
        return new MachineCheck(
            "transparent huge pages",
            chosen switch { null => CheckStatus.Unknown, "madvise" => CheckStatus.Ok, _ => CheckStatus.Should },
            chosen ?? "not told", "madvise",
            $"echo madvise > {folder}/enabled; deploy/tmpfiles/xp.conf does it at each start",
            "memory that asks for huge pages has fewer TLB misses, and the kernel moves nobody else's pages about; "
            + "reserved huge pages (vm.nr_hugepages) are not used");
    }

    private static string Mebibytes(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{bytes / MiB:#,0} MiB");
}
