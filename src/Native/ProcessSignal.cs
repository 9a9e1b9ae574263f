using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Native;

/// <summary>Sends another process the signals that a terminal sends.</summary>
public static partial class ProcessSignal
{
    private const int HangUp = 1;
    private const int Interrupt = 2;

    /// <summary>Sends an interrupt (Ctrl-C). False where the process is gone or the system has no such call.</summary>
    public static bool TryInterrupt(Process process) => TrySend(process, Interrupt);

    /// <summary>
    /// Sends a hang-up, by which a daemon reads its configuration again. False where the process is gone or the system
    /// has no such call.
    /// </summary>
    public static bool TryHangUp(Process process) => TrySend(process, HangUp);

    private static bool TrySend(Process process, int signal)
    {
        ArgumentNullException.ThrowIfNull(process);
        return !OperatingSystem.IsWindows() && !process.HasExited && Kill(process.Id, signal) == 0;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
