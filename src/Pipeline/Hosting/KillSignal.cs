using System.Runtime.InteropServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ingress;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>
/// Latches the kill switch when the process is sent SIGUSR1. Made before anything else, it keeps a signal that comes
/// during the start, which would end the process by itself, until there is a pipeline to kill. Where the system has no
/// such signal, nothing comes.
/// </summary>
public sealed class KillSignal : IDisposable
{
    /// <summary>SIGUSR1 by the system's own number; .NET has no name for it.</summary>
    private static readonly PosixSignal User1 = (PosixSignal)(OperatingSystem.IsMacOS() ? 30 : 10);

    private readonly PosixSignalRegistration? _registration;
    private IngressAgent? _ingress;
    private int _isWaiting;

    public KillSignal() =>
        _registration = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(User1, OnSignal);

    /// <summary>Whether the signal has come, and no pipeline is there yet. Any thread may ask.</summary>
    // Paired with the exchanges in OnSignal and TryPass.
    public bool IsWaiting => Volatile.Read(ref _isWaiting) != 0;

    /// <summary>From now on the signal kills this pipeline. Returns whether it had come before.</summary>
    internal bool HandTo(IngressAgent ingress)
    {
        // Paired with the read in OnSignal: either that sees the pipeline, or the exchange in TryPass sees the signal.
        Volatile.Write(ref _ingress, ingress);
        return TryPass(ingress);
    }

    public void Dispose() => _registration?.Dispose();

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        // Paired with the exchange in TryPass.
        Interlocked.Exchange(ref _isWaiting, 1);
        // Paired with the write in HandTo.
        if (Volatile.Read(ref _ingress) is { } ingress)
            TryPass(ingress);
    }

    private bool TryPass(IngressAgent ingress)
    {
        // Paired with the exchange in OnSignal.
        if (Interlocked.Exchange(ref _isWaiting, 0) == 0)
            return false;

        ingress.RequestKill(CommandReason.ProcessSignal);
        return true;
    }
}
