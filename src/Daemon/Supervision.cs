using System.Runtime.InteropServices;

namespace ExecutionPipeline.Daemon;

/// <summary>
/// How a process that another one watches over is ended: its standard input closes, whether the parent says so or has
/// itself been killed. An interrupt from the terminal, and its hang-up, go to every process of its group, so a watched
/// process leaves them to its parent, which ends its children in their order, or has them read their configuration
/// again.
/// </summary>
public static class Supervision
{
    /// <summary>Set to 1 for a watched process.</summary>
    public const string Variable = "XP_SUPERVISED";

    /// <summary>Whether this process is watched over.</summary>
    public static bool IsSupervised => Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>Leaves a signal to the parent.</summary>
    public static void Leave(PosixSignalContext signal) => signal.Cancel = true;

    /// <summary>Calls <paramref name="end"/> when the parent wants this process to end, or has ended.</summary>
    public static void OnEnd(Action end)
    {
        var watcher = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            var buffer = new byte[64];
            while (input.Read(buffer) > 0)
            {
                // What the parent writes has no meaning; that it stops does.
            }

            try
            {
                end();
            }
            catch (ObjectDisposedException)
            {
                // The process has come to its end by itself.
            }
        })
        {
            IsBackground = true,
            Name = "parent watch",
        };
        watcher.Start();
    }
}
