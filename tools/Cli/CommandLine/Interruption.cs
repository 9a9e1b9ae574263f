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
    // What ends a group of processes often signals each of them and the group, so that one intent comes twice.
    private const long SameIntentMs = 1_000;

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private long _firstAtMs;

    public Interruption()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(
                PosixSignal.SIGINT, Supervision.IsSupervised ? Supervision.Leave : OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
        ];
        if (Supervision.IsSupervised)
            Supervision.OnEnd(_source.Cancel);
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

    private void OnSignal(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested)
        {
            context.Cancel = Environment.TickCount64 - _firstAtMs < SameIntentMs;
            return;
        }

        _firstAtMs = Environment.TickCount64;
        context.Cancel = true;
        _source.Cancel();
    }
}
