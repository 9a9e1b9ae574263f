using System.Globalization;

namespace ExecutionPipeline.Cli.Doctor;

/// <summary>Whether hot threads have processors to themselves, and whether these run at one speed.</summary>
/// <param name="files">Of the machine.</param>
/// <param name="hot">The processors of the hot threads; empty: none are set aside.</param>
public sealed class ProcessorChecks(MachineFiles files, IReadOnlyList<int> hot)
{
    private const string KernelDropIn =
        "set the processors in deploy/kernel/60-xp.cfg, copy it to /etc/default/grub.d/, update-grub, reboot";

    private const string Governor = "/cpufreq/scaling_governor";
    private const string ProcessorsFolder = "/sys/devices/system/cpu";
    private const long WakeUpMaxUs = 10;

    // By whose reading a thread makes no system call.
    private static readonly string[] FastClocks =
        ["tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page"];

    private readonly IReadOnlyList<string> _names = files.Names(ProcessorsFolder, "cpu");

    /// <summary>Everything that needs no two readings.</summary>
    public IEnumerable<MachineCheck> All() =>
        [Count(), Isolated(), Tickless(), Callbacks(), Speed(), Sleep(), Siblings(), Clock()];

    private MachineCheck Count()
    {
        const int least = 2;
        const int enough = 4;
        var allowed = files.AllowedProcessors();
        var status = allowed.Count == 0 ? CheckStatus.Unknown
            : allowed.Count < least ? CheckStatus.Must
            : allowed.Count < enough ? CheckStatus.Should : CheckStatus.Ok;
        return new MachineCheck(
            "processors", status, $"{allowed.Count} ({ProcessorList.Describe(allowed)})",
            $"{enough} or more; {least} at least",
            "give the machine more, and name them in CPUAffinity= of deploy/systemd/xpd.service",
            "hot threads, media driver and control plane do not take turns on one processor");
    }

    private MachineCheck Isolated()
    {
        var isolated = files.Processors($"{ProcessorsFolder}/isolated");
        return MachineCheck.Of(
            "isolated processors", isolated.Count > 0 && hot.All(isolated.Contains) && !isolated.Contains(0),
            CheckStatus.Should, ProcessorList.Describe(isolated), "those of the hot threads, and not 0 (isolcpus=)",
            KernelDropIn,
            "no other thread is put on a hot processor: no pauses of a time slice, some milliseconds each");
    }

    private MachineCheck Tickless()
    {
        var tickless = files.Processors($"{ProcessorsFolder}/nohz_full");
        return MachineCheck.Of(
            "processors without a tick", tickless.Count > 0 && hot.All(tickless.Contains), CheckStatus.Should,
            ProcessorList.Describe(tickless), "those of the hot threads (nohz_full=)", KernelDropIn,
            "the timer's 100 to 1,000 interrupts a second of each hot processor, a few microseconds each, are gone");
    }

    private MachineCheck Callbacks()
    {
        const string name = "rcu_nocbs=";
        var word = (files.Text("/proc/cmdline") ?? "").Split(' ')
            .FirstOrDefault(static part => part.StartsWith(name, StringComparison.Ordinal));
        var isRead = ProcessorList.TryRead(word?[name.Length..] ?? "", out var without);
        return MachineCheck.Of(
            "processors without RCU callbacks", word is not null && (!isRead || hot.All(without.Contains)),
            CheckStatus.Should, isRead ? ProcessorList.Describe(without) : word ?? "none",
            "those of the hot threads (rcu_nocbs=)", KernelDropIn,
            "the kernel's deferred work, up to some hundred microseconds, runs elsewhere");
    }

    private MachineCheck Speed()
    {
        var governors = _names.Select(name => files.Text($"{ProcessorsFolder}/{name}{Governor}")).OfType<string>()
            .Distinct().ToList();
        return governors.Count == 0
            ? new MachineCheck(
                "frequency governor", CheckStatus.Unknown, "not told (a virtual machine's host sets it)", "performance",
                "on the host: cpupower frequency-set -g performance", "no slow first microseconds after a pause")
            : MachineCheck.Of(
                "frequency governor", governors is ["performance"], CheckStatus.Should, string.Join(", ", governors),
                "performance", "cpupower frequency-set -g performance",
                "a processor runs at its speed at once: less spread from run to run, no slow first microseconds");
    }

    private MachineCheck Sleep()
    {
        var looked = hot.Count > 0 ? hot.Select(static processor => $"cpu{processor}") : _names;
        var deepest = looked.SelectMany(EnabledStates).DefaultIfEmpty(-1).Max();
        return new MachineCheck(
            "deepest sleep state",
            deepest < 0 ? CheckStatus.Unknown : deepest <= WakeUpMaxUs ? CheckStatus.Ok : CheckStatus.Should,
            deepest < 0 ? "not told" : string.Create(CultureInfo.InvariantCulture, $"wakes after {deepest} us"),
            $"wakes within {WakeUpMaxUs} us", $"cpupower idle-set -D {WakeUpMaxUs}, or {KernelDropIn}",
            "a thread that blocks or yields is awake that much sooner; one that spins never sleeps");
    }

    private IEnumerable<long> EnabledStates(string processor)
    {
        var folder = $"{ProcessorsFolder}/{processor}/cpuidle";
        return files.Names(folder, "state")
            .Where(state => files.Number($"{folder}/{state}/disable") is null or 0)
            .Select(state => files.Number($"{folder}/{state}/latency")).OfType<long>();
    }

    private MachineCheck Siblings()
    {
        var active = files.Number($"{ProcessorsFolder}/smt/active");
        return new MachineCheck(
            "threads that share a core (SMT)",
            active switch { null => CheckStatus.Unknown, 0 => CheckStatus.Ok, _ => CheckStatus.Should },
            active switch { null => "not told", 0 => "off", _ => "on" }, "off",
            "echo off > /sys/devices/system/cpu/smt/control, and nosmt on the kernel's command line",
            "a hot thread has the core's caches and units alone, where the other half was at work");
    }

    private MachineCheck Clock()
    {
        const string folder = "/sys/devices/system/clocksource/clocksource0";
        var source = files.Text($"{folder}/current_clocksource");
        return new MachineCheck(
            "clock source",
            source is null ? CheckStatus.Unknown : FastClocks.Contains(source) ? CheckStatus.Ok : CheckStatus.Must,
            source ?? "not told", "tsc, or kvm-clock in a virtual machine",
            $"echo tsc > {folder}/current_clocksource; tsc=reliable on the kernel's command line",
            "a reading takes some 20 ns; with hpet or acpi_pm it is a system call of a microsecond and more");
    }
}
