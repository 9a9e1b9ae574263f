using System.Numerics;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Telemetry;

/// <summary>
/// What has come through the last stage since the start, and how things stand by the last event. The thread of the
/// followers writes; any thread may read at any time. Each figure is 64 bits and true by itself: two of them may be
/// of different events.
/// </summary>
public sealed class LiveFigures
{
    private const int ViolationBits = 32;
    private const int BitsOfBreaker = 2;

    private readonly long[] _events = new long[(int)EventKind.Model + 1];
    private readonly long[] _outcomes = new long[Enum.GetValues<RoutingOutcome>().Length];
    private readonly long[] _violations = new long[ViolationBits];
    private readonly long[] _positions;
    private readonly long[] _marks;
    private readonly long[] _averages;
    private long _through;
    private long _lastEventNs;
    private long _killCause;
    private long _breakerStates;
    private long _tradesToday;

    /// <param name="instruments">How many there are.</param>
    public LiveFigures(int instruments)
    {
        _positions = new long[instruments];
        _marks = new long[instruments];
        _averages = new long[instruments];
    }

    /// <summary>The latencies of the last second and minute.</summary>
    public LatencyWindows Latency { get; } = new();

    /// <summary>Events that have passed the last stage: while it grows, the ring moves.</summary>
    public long Through => Volatile.Read(ref _through);

    /// <summary>The time of the last event, in nanoseconds since the Unix epoch.</summary>
    public long LastEventNs => Volatile.Read(ref _lastEventNs);

    /// <summary>What latched the kill switch; none: it is not latched.</summary>
    public KillCause KillCause => (KillCause)Volatile.Read(ref _killCause);

    /// <summary>Orders approved in the running trading day.</summary>
    public long TradesToday => Volatile.Read(ref _tradesToday);

    /// <summary>In 1e-6 of the account's currency, of the whole account, by the last event that told it.</summary>
    public AccountFigures Account { get; } = new();

    public long EventsOf(EventKind kind) => Volatile.Read(ref _events[(int)kind]);

    /// <summary>Signals that ended so.</summary>
    public long SignalsOf(RoutingOutcome outcome) => Volatile.Read(ref _outcomes[(int)outcome]);

    /// <summary>Refused signals that broke the limit of this bit; one that broke several counts at each.</summary>
    public long RefusalsOf(int violationBit) => Volatile.Read(ref _violations[violationBit]);

    public BreakerState BreakerOf(BreakerKind breaker) =>
        (BreakerState)(Volatile.Read(ref _breakerStates) >> (BitsOfBreaker * (int)breaker) & 3);

    /// <summary>Signed contracts of an instrument.</summary>
    public long PositionOf(int instrument) => Volatile.Read(ref _positions[instrument]);

    /// <summary>The mark price of an instrument, in 1e-9; 0 before there is one.</summary>
    public long MarkOf(int instrument) => Volatile.Read(ref _marks[instrument]);

    /// <summary>The average entry price of an instrument's position, in 1e-9; 0 when flat.</summary>
    public long AveragePriceOf(int instrument) => Volatile.Read(ref _averages[instrument]);

    /// <summary>An event has passed the last stage.</summary>
    public void OnEvent(ref readonly PipelineEvent e)
    {
        _events[(int)e.Header.Kind]++;
        Latency.MoveTo(e.Header.TimeNs);
        switch (e.Header.Kind)
        {
            case EventKind.TradeQualified:
                OnSignal(in e);
                OnAccount(in e);
                break;
            case EventKind.MarketUpdate or EventKind.ExecutionReport or EventKind.Command:
                OnAccount(in e);
                break;
        }

        if (e.Verdict.Changes != RiskChanges.None || e.Header.Kind is not (EventKind.MarketUpdate or EventKind.Timer))
            OnRiskState(in e);
        _lastEventNs = e.Header.TimeNs;
        // Paired with the read of Through: who sees the count grow sees the figures of the events before.
        Volatile.Write(ref _through, _through + 1);
    }

    private void OnSignal(ref readonly PipelineEvent e)
    {
        _outcomes[(int)e.Routing.Outcome]++;
        if (e.Routing.Outcome == RoutingOutcome.OrderSent)
            Latency.Record(LatencyReadings.Of(in e));
        else if (e.Routing.Outcome == RoutingOutcome.RiskRefused)
            CountRefusal((uint)e.Verdict.Violations);
        _tradesToday = e.Verdict.TradesToday;
    }

    private void CountRefusal(uint violations)
    {
        for (var left = violations; left != 0; left &= left - 1)
            _violations[BitOperations.TrailingZeroCount(left)]++;
    }

    private void OnAccount(ref readonly PipelineEvent e)
    {
        var index = e.Header.InstrumentIndex;
        _positions[index] = e.Portfolio.Position;
        _marks[index] = e.Portfolio.MarkPriceE9;
        _averages[index] = e.Portfolio.AveragePriceE9;
        Account.Set(in e.Portfolio);
    }

    private void OnRiskState(ref readonly PipelineEvent e)
    {
        // A model's event goes past risk.
        if (e.Header.Kind == EventKind.Model)
            return;

        _killCause = (long)e.Verdict.KillCause;
        _breakerStates = e.Verdict.BreakerStates;
    }
}

/// <summary>The whole account by the last event; one thread writes, any may read.</summary>
public sealed class AccountFigures
{
    private const double E9 = 1e9;
    private const double E6 = 1e6;

    /// <summary>In 1e-6 of the account's currency.</summary>
    public long EquityE6 { get; private set; }

    /// <summary>In 1e-6 of the account's currency, since the start.</summary>
    public long RealizedPnlE6 { get; private set; }

    /// <summary>In 1e-6 of the account's currency.</summary>
    public long UnrealizedPnlE6 { get; private set; }

    /// <summary>Sum of absolute position values, in 1e-6 of the account's currency.</summary>
    public long GrossNotionalE6 { get; private set; }

    /// <summary>The daily value at risk, in 1e-6 of the account's currency.</summary>
    public long DailyVarE6 { get; private set; }

    /// <summary>In 1e-9 of the day's peak or starting equity.</summary>
    public long DailyDrawdownE9 { get; private set; }

    /// <summary>In 1e-9 of the week's starting equity.</summary>
    public long WeeklyDrawdownE9 { get; private set; }

    /// <summary>Instruments with a position.</summary>
    public long OpenPositions { get; private set; }

    internal void Set(ref readonly PortfolioSnapshot portfolio)
    {
        EquityE6 = portfolio.EquityE6;
        RealizedPnlE6 = portfolio.RealizedPnlE6;
        UnrealizedPnlE6 = portfolio.UnrealizedPnlE6;
        GrossNotionalE6 = portfolio.GrossNotionalE6;
        DailyVarE6 = (long)(portfolio.DailyVar * E6);
        DailyDrawdownE9 = (long)(portfolio.DailyDrawdown * E9);
        WeeklyDrawdownE9 = (long)(portfolio.WeeklyDrawdown * E9);
        OpenPositions = portfolio.OpenPositions;
    }
}
