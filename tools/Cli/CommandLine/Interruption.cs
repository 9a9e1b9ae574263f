using System.Runtime.InteropServices;
using ExecutionPipeline.Daemon;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>
/// Turns the first Ctrl-C, termination or hang-up into a cancellation, so that a command can end cleanly; another one,
/// a second later or more, ends the process as usual. It must stand before a command begins: what a command makes must
/// also be removed when the signal comes while it is being made.
/// </summary>
public sealed class Interruption : IDisposable
{
    private readonly EndRequest _end = new();
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption()
    {
        // A terminal's signals; the parent of a watched process says itself when that has to end.
        Action<PosixSignalContext> onTerminal = Supervision.IsSupervised ? Supervision.Leave : OnSignal;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, onTerminal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, onTerminal),
        ];
        if (Supervision.IsSupervised)
            Supervision.OnEnd(() => AskForEnd());
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Whether a signal has come.</summary>
    public bool IsRequested => _source.IsCancellationRequested;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context) => context.Cancel = AskForEnd();

    /// <summary>Returns whether the process is to end cleanly, and not as usual.</summary>
    private bool AskForEnd()
    {
        var isClean = _end.TryMake(Environment.TickCount64, out var isFirst);
        if (isFirst)
            _source.Cancel();
        return isClean;
    }
}
