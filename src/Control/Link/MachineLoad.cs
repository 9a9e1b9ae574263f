using System.Globalization;

namespace ExecutionPipeline.Control.Link;

/// <summary>
/// How busy the machine is, as Linux tells, and what one of its processes takes. Elsewhere nothing is known.
/// </summary>
public sealed class MachineLoad
{
    private const double Percent = 100;
    private const double TicksPerSecond = 100;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(900);

    private readonly Lock _gate = new();
    private DateTime _lookedAt;
    private long _busy;
    private long _all;

    /// <summary>Processor time of the last while, in percent of what there is; null: it is not known.</summary>
    public double? CpuPct { get; private set; }

    /// <summary>Memory that cannot be had, in percent; null: it is not known.</summary>
    public double? MemoryPct { get; private set; }

    /// <summary>Looks, at most once a second.</summary>
    public void Look()
    {
        if (!OperatingSystem.IsLinux())
            return;

        lock (_gate)
        {
            if (NanoClock.UtcNow - _lookedAt < LookInterval)
                return;

            _lookedAt = NanoClock.UtcNow;
            LookAtProcessors();
            LookAtMemory();
        }
    }

    /// <summary>
    /// Resident bytes, processor seconds and threads of a process; null: it is not there.
    /// </summary>
    /// <param name="id">Its number in the namespace of this process.</param>
    public static (long ResidentBytes, double CpuSeconds, int Threads)? OfProcess(long id)
    {
        const int userTime = 11;
        const int systemTime = 12;
        const int threads = 17;
        const int resident = 21;
        try
        {
            // The name, in brackets, may hold blanks.
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (
                Number(fields[resident]) * Environment.SystemPageSize,
                (Number(fields[userTime]) + Number(fields[systemTime])) / TicksPerSecond,
                (int)Number(fields[threads]));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void LookAtProcessors()
    {
        const int idle = 3;
        const int waiting = 4;
        // cpu user nice system idle iowait ...: what is told of guests is in the others already.
        var times = File.ReadLines("/proc/stat").First()
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9].Select(Number).ToArray();
        var all = times.Sum();
        var busy = all - times[idle] - times[waiting];
        if (_all > 0 && all > _all)
            CpuPct = Percent * (busy - _busy) / (all - _all);
        (_busy, _all) = (busy, all);
    }

    private void LookAtMemory()
    {
        var sizes = File.ReadLines("/proc/meminfo").Take(3)
            .Select(static line => Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])).ToArray();
        // MemTotal, MemFree, MemAvailable.
        MemoryPct = Percent * (sizes[0] - sizes[2]) / sizes[0];
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
