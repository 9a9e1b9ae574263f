namespace ExecutionPipeline.Cli.Tests.Doctor;

/// <summary>The files of a machine that has all that a pipeline wants, in a folder of their own.</summary>
internal sealed class MachineTree : IDisposable
{
    private const string Processors = "sys/devices/system/cpu";

    public MachineTree()
    {
        Root = Directory.CreateTempSubdirectory("xp-machine-").FullName;
        foreach (var (path, text) in Files())
            Write(path, text);
    }

    public string Root { get; }

    /// <summary>Writes a file over what was there; null removes it.</summary>
    public void Write(string path, string? text)
    {
        var file = Path.Combine(Root, path);
        if (text is null)
        {
            File.Delete(file);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static IEnumerable<(string Path, string Text)> Files()
    {
        for (var i = 0; i < 8; i++)
        {
            yield return ($"{Processors}/cpu{i}/cpufreq/scaling_governor", "performance\n");
            yield return ($"{Processors}/cpu{i}/cpuidle/state0/latency", "0\n");
            yield return ($"{Processors}/cpu{i}/cpuidle/state1/latency", "2\n");
            yield return ($"{Processors}/cpu{i}/cpuidle/state2/latency", "133\n");
            yield return ($"{Processors}/cpu{i}/cpuidle/state2/disable", "1\n");
        }

        yield return ($"{Processors}/cpufreq/boost", "1\n");
        yield return ($"{Processors}/isolated", "2-7\n");
        yield return ($"{Processors}/nohz_full", "2-7\n");
        yield return ($"{Processors}/smt/active", "0\n");
        yield return ("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
        yield return ("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
        yield return ("sys/fs/cgroup/cpu.max", "max 100000\n");
        yield return ("sys/fs/cgroup/memory.max", "max\n");
        yield return ("proc/cmdline", "quiet isolcpus=2-7 nohz_full=2-7 rcu_nocbs=2-7\n");
        yield return ("proc/irq/24/smp_affinity_list", "0-1\n");
        yield return ("proc/irq/99/smp_affinity_list", "0-7\n");
        yield return ("proc/interrupts", Interrupts(hot: 100));
        yield return ("proc/stat", Stat(idle: 1_000, steal: 0));
        yield return ("proc/meminfo", "MemTotal:       32000000 kB\nMemAvailable:   16000000 kB\n");
        yield return ("proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n");
        yield return ("proc/sys/vm/swappiness", "60\n");
        yield return ("proc/sys/kernel/osrelease", "6.1.0-37-amd64\n");
        yield return ("proc/self/status", "Name:\txp\nCpus_allowed_list:\t0-7\n");
        yield return ("proc/self/cgroup", "0::/system.slice/xpd.service\n");
        yield return ("proc/self/limits", """
            Limit                     Soft Limit           Hard Limit           Units
            Max open files            65536                65536                files
            Max locked memory         unlimited            unlimited            bytes
            Max realtime priority     0                    0

            """);
    }

    /// <summary>Processor 3 is hot.</summary>
    public static string Interrupts(int hot, int other = 5) => $"""
                    CPU0       CPU1       CPU2       CPU3
          24:       5000          0          0          0   PCI-MSI  nvme0
         LOC:      90000      80000    {other}         {hot}   Local timer interrupts

        """;

    public static string Stat(int idle, int steal) =>
        $"cpu  100 0 50 {idle} 0 0 0 {steal} 0 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n";
}
