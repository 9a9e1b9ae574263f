using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Native;

/// <summary>Asks another process to end in the way a terminal does.</summary>
public static partial class ProcessSignal
{
    private const int Interrupt = 2;

    /// <summary>Sends an interrupt (Ctrl-C). False where the process is gone or the system has no such call.</summary>
    public static bool TryInterrupt(Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        return !OperatingSystem.IsWindows() && !process.HasExited && Kill(process.Id, Interrupt) == 0;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
