using System.Runtime.InteropServices;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>
/// Turns the first Ctrl-C, termination or hang-up into a cancellation, so that a command can end cleanly; a second one
/// ends the process as usual. It must stand before a command begins: what a command makes must also be removed when
/// the signal comes while it is being made.
/// </summary>
public sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
    ];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested)
            return;

        context.Cancel = true;
        _source.Cancel();
    }
}
