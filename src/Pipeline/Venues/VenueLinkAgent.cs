using System.Diagnostics;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Venues;

/// <summary>
/// The reading side of a venue's link: hands the venue's reports on, sends heartbeats, and tells by reports when the
/// venue is lost and when it is back. A report that is missing, by its number, and a venue that was started anew mean
/// that something may be lost, so the venue counts as lost and back at once. One thread.
/// </summary>
internal sealed class VenueLinkAgent : IFragmentHandler, IDisposable
{
    private const int FragmentsPerTurn = 64;

    private readonly Subscription _subscription;
    private readonly VenueStream _heartbeats;
    private readonly IReportSink _reports;
    private readonly InstrumentIds _instruments;
    private readonly byte _number;
    private readonly ulong _session;
    private readonly LinkState _state;
    private readonly byte[] _message = new byte[VenueMessages.MaxBytes];
    private ulong _venueSession;
    private ulong _lastReport;
    private bool _isUp;

    public VenueLinkAgent(
        VenueOptions options,
        Subscription subscription,
        VenueStream heartbeats,
        IReportSink reports,
        InstrumentIds instruments,
        byte number,
        ulong session)
    {
        _subscription = subscription;
        _heartbeats = heartbeats;
        _reports = reports;
        _instruments = instruments;
        _number = number;
        _session = session;
        _state = new LinkState(options, session.GetHashCode());
    }

    // Paired with the writes in Come and Lose.
    public bool IsUp => Volatile.Read(ref _isUp);

    /// <summary>One turn. Returns how much was done.</summary>
    /// <param name="lastRequest">The number of the last request that was sent.</param>
    public int DoWork(ulong lastRequest)
    {
        var work = _subscription.Poll(this, FragmentsPerTurn);
        var nowNs = MonotonicNs();
        if (_state.IsOverdue(nowNs))
            Lose(nowNs);
        if (!_state.IsSendDue(nowNs))
            return work;

        _heartbeats.TrySend(
            VenueMessages.WriteHeartbeat(_heartbeats.Message, _session, lastRequest, NanoClock.NowNs()));
        _state.OnSent(nowNs);
        return work + 1;
    }

    public void Dispose() => _subscription.Dispose();

    void IFragmentHandler.OnFragment(IDirectBuffer buffer, int offset, int length, Header header)
    {
        if (length > _message.Length)
        {
            TellUnreadable();
            return;
        }

        buffer.GetBytes(offset, _message, 0, length);
        var message = _message.AsSpan(0, length);
        if (VenueReportDecoder.TryWrap(message, out var report))
            OnReport(report);
        else if (VenueHeartbeatDecoder.TryWrap(message, out var heartbeat))
            OnHeartbeat(heartbeat);
        else
            TellUnreadable();
    }

    private static long MonotonicNs() => Stopwatch.GetElapsedTime(0).Ticks * TimeSpan.NanosecondsPerTick;

    private void OnReport(in VenueReportDecoder message)
    {
        // Whatever was said before the link was up is asked for anew then.
        var isGap = _state.IsUp && message.Sequence != _lastReport + 1;
        _lastReport = message.Sequence;
        if (_state.IsUp)
            _state.OnHeard(MonotonicNs());
        _reports.OnReport(VenueMessages.ReportOf(message, _number, _instruments));
        if (isGap)
            Restart();
    }

    private void OnHeartbeat(in VenueHeartbeatDecoder heartbeat)
    {
        var isAnew = _venueSession != 0 && heartbeat.Session != _venueSession;
        // Reports and heartbeats come on one stream: none of those that the heartbeat counts can be behind it.
        var isGap = _state.IsUp && heartbeat.Sequence != _lastReport;
        _venueSession = heartbeat.Session;
        _lastReport = heartbeat.Sequence;
        if (_state.OnHeard(MonotonicNs()))
            Come();
        else if (isAnew || isGap)
            Restart();
    }

    private void Come()
    {
        Volatile.Write(ref _isUp, true);
        // The first time too: after a restart the orders at the venue are asked for then.
        Tell(ExecutionReportKind.VenueBack);
    }

    private void Lose(long nowNs)
    {
        Volatile.Write(ref _isUp, false);
        _state.OnLost(nowNs);
        Tell(ExecutionReportKind.VenueLost);
    }

    private void Restart()
    {
        Tell(ExecutionReportKind.VenueLost);
        Tell(ExecutionReportKind.VenueBack);
    }

    /// <summary>A report of no kind: the edge refuses it, counts it and tells of it as of any other.</summary>
    private void TellUnreadable() => _reports.OnReport(new ExecutionReport { Venue = _number });

    private void Tell(ExecutionReportKind kind) => _reports.OnReport(new ExecutionReport
    {
        Kind = kind,
        Venue = _number,
        VenueTimeNs = NanoClock.NowNs(),
    });
}
