using System.Globalization;

namespace ExecutionPipeline.Cli.Doctor;

/// <summary>What this process is allowed, by its own limits and by those of its container or unit.</summary>
/// <param name="files">Of the machine.</param>
public sealed class LimitChecks(MachineFiles files)
{
    private const string Unit = "of deploy/systemd/xpd.service";
    private const string Unlimited = "unlimited";
    private const long MiB = 1 << 20;
    private const long MemoryLeast = 1_024 * MiB;

    // Where version 1 of control groups has no limit, it says the largest number of whole pages.
    private const long NoLimit = 1L << 60;

    /// <summary>Everything.</summary>
    public IEnumerable<MachineCheck> All() => [Locked(), OpenFiles(), RealTime(), Quota(), Memory()];

    private MachineCheck Locked()
    {
        const long least = MiB;
        var limit = Limit("Max locked memory");
        return new MachineCheck(
            "limit of locked memory (memlock)", StatusOf(limit, least, long.MaxValue), Describe(limit, "bytes"),
            Unlimited,
            $"LimitMEMLOCK=infinity {Unit}; ulimits: memlock: -1 in a container; limits.d: @xp - memlock unlimited",
            "the ring can be locked: none of its pages is ever missing when an event is written");
    }

    private MachineCheck OpenFiles()
    {
        const long least = 1_024;
        const long enough = 65_536;
        var limit = Limit("Max open files");
        return new MachineCheck(
            "limit of open files (nofile)", StatusOf(limit, least, enough), Describe(limit, "files"),
            $"{enough} or more; {least} at least", $"LimitNOFILE={enough} {Unit}; limits.d: @xp - nofile {enough}",
            "the control plane takes every connection, and a journal with thousands of segments is read");
    }

    private MachineCheck RealTime()
    {
        var limit = Limit("Max realtime priority");
        return new MachineCheck(
            "limit of real-time priority (rtprio)", limit is null ? CheckStatus.Unknown : CheckStatus.Ok,
            Describe(limit, ""), "anything: no thread asks for one",
            "nothing: a spinning thread of real-time priority would lock the kernel's own threads out",
            "isolated processors bring what a priority would");
    }

    /// <summary>The smallest share of processor time that any group allows that this process is in.</summary>
    private MachineCheck Quota()
    {
        var allowed = files.AllowedProcessors().Count;
        var quota = Groups().Select(ReadQuota).Append(OldQuota()).Min();
        return new MachineCheck(
            "limit of processor time (container)",
            quota is null || quota >= allowed ? CheckStatus.Ok : CheckStatus.Must,
            quota is null
                ? "none"
                : string.Create(CultureInfo.InvariantCulture, $"{quota:0.##} of {allowed} processors"),
            "none", "leave cpus: out and name processors by cpuset: instead; no CPUQuota= in a unit",
            "a thread that spins uses up a quota and then stands still for the rest of each 100 ms");
    }

    private MachineCheck Memory()
    {
        var limit = Groups().Select(group => files.Number($"{group}/memory.max"))
            .Append(files.Number("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
            .Where(static bytes => bytes < NoLimit).Min();
        return MachineCheck.Of(
            "limit of memory (container)", limit is null or >= MemoryLeast, CheckStatus.Must,
            limit is null ? "none" : Bytes(limit.Value), $"none, or {Bytes(MemoryLeast)} or more",
            "mem_limit: in a container; MemoryMax= in a unit",
            "the kernel does not end the pipeline when its journal and models need more");
    }

    /// <summary>The groups of version 2 that this process is in, from its own up to the root.</summary>
    private IEnumerable<string> Groups()
    {
        const string root = "/sys/fs/cgroup";
        var own = files.Field("/proc/self/cgroup", "0::") ?? "/";
        for (var path = own.TrimEnd('/'); path.Length > 0; path = path[..path.LastIndexOf('/')])
            yield return root + path;
        yield return root;
    }

    private double? ReadQuota(string group) =>
        files.Text($"{group}/cpu.max")?.Split(' ') is [var quota, var period]
        && double.TryParse(quota, CultureInfo.InvariantCulture, out var allowed)
        && double.TryParse(period, CultureInfo.InvariantCulture, out var of)
            ? allowed / of
            : null;

    private double? OldQuota() =>
        files.Number("/sys/fs/cgroup/cpu/cpu.cfs_quota_us") is { } quota and > 0
        && files.Number("/sys/fs/cgroup/cpu/cpu.cfs_period_us") is { } period and > 0
            ? (double)quota / period
            : null;

    /// <summary>A soft limit of this process; null: it is not told.</summary>
    private long? Limit(string name)
    {
        var soft = files.Field("/proc/self/limits", name)?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return soft == Unlimited ? long.MaxValue
            : long.TryParse(soft, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private static CheckStatus StatusOf(long? limit, long least, long enough) =>
        limit is null ? CheckStatus.Unknown
        : limit < least ? CheckStatus.Must
        : limit < enough ? CheckStatus.Should : CheckStatus.Ok;

    private static string Describe(long? limit, string unit) => limit switch
    {
        null => "not told",
        long.MaxValue => Unlimited,
        _ => string.Create(CultureInfo.InvariantCulture, $"{limit:#,0} {unit}").Trim(),
    };

    private static string Bytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / MiB:#,0} MiB");
}
