using System.Globalization;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Daemon;

/// <summary>
/// Looks at a running pipeline from a thread off the path and tells what has changed since the last look.
/// </summary>
public sealed class DaemonWatch
{
    private readonly PipelineHost _host;
    private readonly DaemonLog _log;
    private readonly LiveFigures _live;
    private readonly JournalTroubleLog _journal;
    private readonly BreakerState[] _breakers = new BreakerState[Enum.GetValues<BreakerKind>().Length];
    private KillCause _killCause;
    private long _dropped;
    private long _toldAtMs;

    /// <param name="host">Keeps live figures.</param>
    /// <param name="log">Is told.</param>
    public DaemonWatch(PipelineHost host, DaemonLog log)
    {
        _host = host;
        _log = log;
        _live = host.Chain.Live!;
        _journal = new JournalTroubleLog(log);
    }

    /// <summary>Tells what has changed.</summary>
    public void Look()
    {
        LookAtSwitch();
        LookAtBreakers();
        if (_host.Journal is { } journal)
            _journal.Look(journal.Trouble, journal.Problem, Environment.TickCount64, journal.IsArchiveFailing);
        while (_host.Models?.TryReadNote(out var note) == true)
            _log.Write(LogLevel.Warning, "models", note);

        var dropped = _host.Chain.Outbound.Dropped;
        // A slow reader loses thousands: one line a second is enough to know of it.
        if (Environment.TickCount64 - _toldAtMs < 1_000)
            return;

        _toldAtMs = Environment.TickCount64;
        if (dropped != _dropped)
            TellDropped(dropped);
        if (_log.IsAt(LogLevel.Debug))
            TellFigures();
    }

    private void LookAtSwitch()
    {
        var cause = _live.KillCause;
        if (cause == _killCause)
            return;

        _killCause = cause;
        if (cause == KillCause.None)
            _log.Write(LogLevel.Warning, "release", "the kill switch is released");
        else
            _log.Write(LogLevel.Warning, "kill", $"the kill switch is latched: {cause}", ("cause", cause.ToString()));
    }

    private void LookAtBreakers()
    {
        for (var i = 0; i < _breakers.Length; i++)
        {
            var state = _live.BreakerOf((BreakerKind)i);
            if (state == _breakers[i])
                continue;

            _breakers[i] = state;
            _log.Write(
                LogLevel.Warning, "breaker", $"breaker {(BreakerKind)i} is {state.ToString().ToLowerInvariant()}",
                ("breaker", ((BreakerKind)i).ToString()), ("state", state.ToString()));
        }
    }

    private void TellDropped(long dropped)
    {
        _log.Write(
            LogLevel.Debug, "dropped", $"{dropped - _dropped} outbound messages had no reader in time",
            ("messages", dropped - _dropped));
        _dropped = dropped;
    }

    private void TellFigures() => _log.Write(
        LogLevel.Debug, "figures",
        string.Create(
            CultureInfo.InvariantCulture,
            $"{_live.Through} events, {_host.Chain.Routing.OrdersSent} orders, {_host.RingDepth} on the ring"),
        ("events", _live.Through), ("orders", _host.Chain.Routing.OrdersSent), ("ring_depth", _host.RingDepth));
}
