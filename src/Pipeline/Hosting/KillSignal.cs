using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ingress;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>Latches the kill switch when the process is sent SIGUSR1.</summary>
internal static class KillSignal
{
    /// <summary>SIGUSR1 by the system's own number; .NET has no name for it.</summary>
    private static readonly PosixSignal User1 = (PosixSignal)(OperatingSystem.IsMacOS() ? 30 : 10);

    /// <summary>False where the system has no such signal.</summary>
    public static bool TryRegister(IngressAgent ingress, [NotNullWhen(true)] out IDisposable? registration)
    {
        registration = OperatingSystem.IsWindows()
            ? null
            : PosixSignalRegistration.Create(User1, context =>
            {
                context.Cancel = true;
                ingress.RequestKill(CommandReason.ProcessSignal);
            });
        return registration is not null;
    }
}
