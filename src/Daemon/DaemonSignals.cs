using System.Runtime.InteropServices;

namespace ExecutionPipeline.Daemon;

/// <summary>
/// What the system's signals ask a daemon for: SIGTERM and SIGINT to end in order, SIGHUP to read its configuration
/// again. A second request to end, a second after the first or later, ends the process as usual.
/// </summary>
public sealed class DaemonSignals : IDisposable
{
    private readonly EndRequest _end = new();
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly PosixSignalRegistration[] _registrations;
    private readonly CancellationTokenSource _ended = new();
    private int _isReloadAsked;

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
            Supervision.OnEnd(() => AskForEnd());
    }

    public bool IsEndAsked => _end.IsMade;

    /// <summary>Is cancelled when the end is asked for.</summary>
    public CancellationToken End => _ended.Token;

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
        _ended.Dispose();
    }

    private void OnEnd(PosixSignalContext context) => context.Cancel = AskForEnd();

    /// <summary>Returns whether the process is to end in order, and not as usual.</summary>
    private bool AskForEnd()
    {
        var isInOrder = _end.TryMake(Environment.TickCount64, out var isFirst);
        if (isFirst)
        {
            _ended.Cancel();
            _wake.Set();
        }

        return isInOrder;
    }

    private void OnReload(PosixSignalContext context)
    {
        context.Cancel = true;
        // Paired with the exchange in TryTakeReload.
        Interlocked.Exchange(ref _isReloadAsked, 1);
        _wake.Set();
    }
}
