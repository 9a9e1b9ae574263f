using System.Globalization;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Native;

/// <summary>Which processors the calling thread may run on.</summary>
public static partial class ThreadAffinity
{
    private const int MaskWords = 16;
    private const int Caller = 0;

    /// <summary>The highest processor number that can be named, plus one.</summary>
    public const int MaxProcessors = MaskWords * 64;

    /// <summary>
    /// Pins the calling thread to one processor. False where the system refuses (a processor that does not exist or is
    /// outside the process's set) or has no such call; the thread then runs as before.
    /// </summary>
    public static bool TryPin(int processor) => TryPin(Caller, processor);

    /// <summary>
    /// Pins every thread that this process has by now to one processor, those of the runtime among them; what they
    /// start inherits it. False where the calling thread could not be pinned; all then run as before.
    /// </summary>
    public static bool TryPinAll(int processor)
    {
        if (!TryPin(processor))
            return false;

        // A thread that has ended meanwhile cannot be pinned, and need not be.
        foreach (var folder in Directory.GetDirectories("/proc/self/task"))
            TryPin(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), processor);
        return true;
    }

    /// <summary>The processors that the calling thread may run on, ascending.</summary>
    public static int[] Allowed()
    {
        Span<ulong> mask = stackalloc ulong[MaskWords];
        mask.Clear();
        if (!OperatingSystem.IsLinux() || GetAffinity(0, MaskWords * sizeof(ulong), ref mask[0]) != 0)
            return [.. Enumerable.Range(0, Environment.ProcessorCount)];

        var processors = new List<int>();
        for (var i = 0; i < MaxProcessors; i++)
        {
            if ((mask[i / 64] >> (i % 64) & 1) != 0)
                processors.Add(i);
        }

        return [.. processors];
    }

    private static bool TryPin(int thread, int processor)
    {
        if (processor is < 0 or >= MaxProcessors || !OperatingSystem.IsLinux())
            return false;

        Span<ulong> mask = stackalloc ulong[MaskWords];
        mask.Clear();
        mask[processor / 64] = 1UL << (processor % 64);
        return SetAffinity(thread, MaskWords * sizeof(ulong), ref mask[0]) == 0;
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nint maskSize, ref ulong mask);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nint maskSize, ref ulong mask);
}
