using System.Globalization;

namespace ExecutionPipeline.Cli.Doctor;

/// <summary>What takes processors away from hot threads, by two readings with time between them.</summary>
/// <param name="files">Of the machine.</param>
/// <param name="hot">The processors of the hot threads; empty: none are set aside.</param>
public sealed class LoadChecks(MachineFiles files, IReadOnlyList<int> hot)
{
    private const string NoneHot = "no processors are set aside (--cpus)";
    private const int StealField = 7;
    private const double StealMost = 0.05;
    private const double StealSome = 0.005;

    private IReadOnlyList<long> _before = [];
    private IReadOnlyDictionary<int, long> _interruptsBefore = new Dictionary<int, long>();

    /// <summary>The first reading.</summary>
    public void Begin()
    {
        _before = Times();
        _interruptsBefore = HotInterrupts();
    }

    /// <summary>The second reading, and what happened in between.</summary>
    public IEnumerable<MachineCheck> End(double seconds) => [Steal(), Routed(), Arrived(seconds)];

    private MachineCheck Steal()
    {
        var now = Times();
        var total = now.Sum() - _before.Sum();
        var share = total > 0 && now.Count > StealField && _before.Count > StealField
            ? (double)(now[StealField] - _before[StealField]) / total
            : (double?)null;
        return new MachineCheck(
            "time that the hypervisor took",
            share switch
            {
                null => CheckStatus.Unknown,
                > StealMost => CheckStatus.Must,
                > StealSome => CheckStatus.Should,
                _ => CheckStatus.Ok,
            },
            share is null ? "not told" : Percent(share.Value),
            $"{Percent(StealSome)} at most; below {Percent(StealMost)}",
            "a machine of its own, or one whose virtual processors are pinned on the host",
            "no pauses of milliseconds that nothing inside the machine can prevent");
    }

    private MachineCheck Routed()
    {
        const string name = "device interrupts routed to hot processors";
        const string should = "none";
        const string how = "systemctl disable --now irqbalance; for each: echo 0 > /proc/irq/N/smp_affinity_list";
        const string gain = "no network or disk interrupt, 5 to 50 us each, stops a hot thread";
        if (hot.Count == 0)
            return new MachineCheck(name, CheckStatus.Unknown, NoneHot, should, how, gain);

        var routed = files.Names("/proc/irq").Where(IsActive)
            .Where(number => files.Processors($"/proc/irq/{number}/smp_affinity_list").Any(hot.Contains)).ToList();
        return MachineCheck.Of(
            name, routed.Count == 0, CheckStatus.Should, routed.Count == 0 ? "none" : string.Join(", ", routed), should,
            how, gain);
    }

    private MachineCheck Arrived(double seconds)
    {
        const double most = 10;
        // Of each by itself: who had the most since the start of the machine may be quiet now.
        var rate = HotInterrupts().Where(now => _interruptsBefore.ContainsKey(now.Key))
            .Select(now => (double?)((now.Value - _interruptsBefore[now.Key]) / seconds)).Max();
        return new MachineCheck(
            "interrupts of the busiest hot processor",
            rate switch { null => CheckStatus.Unknown, > most => CheckStatus.Should, _ => CheckStatus.Ok },
            rate is null
                ? NoneHot
                : string.Create(CultureInfo.InvariantCulture, $"{rate:0} a second"),
            $"{most} a second at most, while a hot thread spins there",
            "isolcpus=, nohz_full= and the routes above; grep -v ' 0 ' /proc/interrupts shows which",
            "each costs a hot thread some microseconds");
    }

    /// <summary>Interrupts that have no device any more keep their routes.</summary>
    private bool IsActive(string number) => files.Lines("/proc/interrupts")
        .Any(line => line.TrimStart().StartsWith($"{number}:", StringComparison.Ordinal));

    private IReadOnlyList<long> Times() =>
    [
        // What guests took is in the time of users already.
        .. (files.Field("/proc/stat", "cpu ") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Take(StealField + 1)
            .Select(static text => long.TryParse(text, CultureInfo.InvariantCulture, out var ticks) ? ticks : 0),
    ];

    /// <summary>Interrupts of each hot processor since the start of the machine.</summary>
    private Dictionary<int, long> HotInterrupts()
    {
        var lines = files.Lines("/proc/interrupts");
        if (lines.Count == 0)
            return [];

        var columns = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return hot.Select(processor => Array.IndexOf(columns, $"CPU{processor}")).Where(static column => column >= 0)
            .ToDictionary(static column => column, column => lines.Skip(1).Sum(line => Cell(line, column)));
    }

    private static long Cell(string line, int column)
    {
        var cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var hasCell = cells.Length > column + 1;
        return hasCell && long.TryParse(cells[column + 1], CultureInfo.InvariantCulture, out var count) ? count : 0;
    }

    private static string Percent(double share) =>
        string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %");
}
