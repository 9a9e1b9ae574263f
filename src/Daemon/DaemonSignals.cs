using System.Runtime.InteropServices;

namespace ExecutionPipeline.Daemon;

/// <summary>
/// What the system's signals ask a daemon for: SIGTERM and SIGINT to end in order, SIGHUP to read its configuration
/// again. A second request to end, a second after the first or later, ends the process as usual.
/// </summary>
public sealed class DaemonSignals : IDisposable
{
    // What ends a group of processes often signals each of them and the group, so that one intent comes twice.
    private const long SameIntentMs = 1_000;

    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly PosixSignalRegistration[] _registrations;
    private readonly CancellationTokenSource _end = new();
    private int _isEndAsked;
    private int _isReloadAsked;
    private long _firstAtMs;

    public DaemonSignals()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(
                PosixSignal.SIGINT, Supervision.IsSupervised ? Supervision.Leave : OnEnd),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnEnd),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnReload),
        ];
        if (Supervision.IsSupervised)
            Supervision.OnEnd(() => TryBeginEnd());
    }

    // Paired with the exchange in OnEnd.
    public bool IsEndAsked => Volatile.Read(ref _isEndAsked) != 0;

    /// <summary>Is cancelled when the end is asked for.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>Waits until a signal comes or the time is over.</summary>
    public void Wait(TimeSpan time) => _wake.WaitOne(time);

    /// <summary>Takes a request to reload. Returns whether there was one.</summary>
    // Paired with the exchange in OnReload.
    public bool TryTakeReload() => Interlocked.Exchange(ref _isReloadAsked, 0) != 0;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _wake.Dispose();
        _end.Dispose();
    }

    private void OnEnd(PosixSignalContext context)
    {
        context.Cancel = TryBeginEnd() || Environment.TickCount64 - _firstAtMs < SameIntentMs;
    }

    private bool TryBeginEnd()
    {
        // Paired with the read in IsEndAsked.
        if (Interlocked.Exchange(ref _isEndAsked, 1) != 0)
            return false;

        _firstAtMs = Environment.TickCount64;
        _end.Cancel();
        _wake.Set();
        return true;
    }

    private void OnReload(PosixSignalContext context)
    {
        context.Cancel = true;
        // Paired with the exchange in TryTakeReload.
        Interlocked.Exchange(ref _isReloadAsked, 1);
        _wake.Set();
    }
}
