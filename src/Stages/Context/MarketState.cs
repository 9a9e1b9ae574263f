using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Context.Estimators;

namespace ExecutionPipeline.Stages.Context;

/// <summary>What the pipeline knows of one instrument's market, by event time; O(1) for each update.</summary>
public sealed class MarketState : IStateful
{
    private const long SecondNs = 1_000_000_000;
    private const long MinuteSeconds = 60;
    private const double BasisPoints = 10_000.0;

    private readonly TradingSession _session;
    private readonly DepthAverage _depth;
    private readonly RollingVolume _volume = new();
    private readonly RealizedVolatility _volatility = new();
    private readonly AverageTrueRange _range;
    private Int128 _tradedSumE9;

    public MarketState(Instrument instrument, ContextOptions options)
    {
        _session = new TradingSession(instrument.Calendar);
        _depth = new DepthAverage(options.DepthAverageUpdates);
        _range = new AverageTrueRange(options.AtrPeriod);
    }

    /// <summary>Best bid, or <see cref="MarketUpdate.NoPrice"/>.</summary>
    public long BidPriceE9 { get; private set; } = MarketUpdate.NoPrice;

    /// <summary>Best offer, or <see cref="MarketUpdate.NoPrice"/>.</summary>
    public long AskPriceE9 { get; private set; } = MarketUpdate.NoPrice;

    /// <summary>
    /// Mid, else the update's trade, else what it was: a side that is missing for a moment brings no old trade back.
    /// 0 before there was any.
    /// </summary>
    public long MarkPriceE9 { get; private set; }

    /// <summary>0 before the first trade.</summary>
    public long LastTradePriceE9 { get; private set; }

    /// <summary>Whether both sides are quoted.</summary>
    public bool IsTwoSided => BidPriceE9 != MarketUpdate.NoPrice && AskPriceE9 != MarketUpdate.NoPrice;

    /// <summary>Basis points of the mid; 0 when a side is missing or the market is crossed.</summary>
    public double SpreadBps =>
        IsTwoSided ? Math.Max(0, AskPriceE9 - BidPriceE9) / (double)MarkPriceE9 * BasisPoints : 0;

    /// <summary>Contracts at the best bid and offer over their moving average; 1 while unknown.</summary>
    public double DepthRatio => _depth.Ratio;

    /// <summary>The last 60 seconds' volume over the average minute of the session so far; 1 while unknown.</summary>
    public double VolumeIntensity => _volume.Intensity;

    /// <summary>One-minute realised volatility as a fraction; 0 while unknown.</summary>
    public double Volatility => _volatility.Value;

    /// <summary>Average true range of one-minute bars; 0 while unknown.</summary>
    public long AtrE9 => _range.ValueE9;

    /// <summary>
    /// Contracts traded since the session's open; what trades between two sessions counts with the first.
    /// </summary>
    public long SessionVolume => _volume.SessionVolume;

    /// <summary>Volume-weighted average price since the session's open; 0 before its first trade.</summary>
    public long VwapE9 => SessionVolume == 0 ? 0 : (long)(_tradedSumE9 / SessionVolume);

    /// <summary>[0, 1]; see <see cref="TradingSession.ProgressAt"/>.</summary>
    public double SessionProgress(long timeNs) => _session.ProgressAt(timeNs);

    /// <summary>Lets time pass without an update.</summary>
    public void AdvanceTo(long timeNs)
    {
        var second = SecondOf(timeNs);
        _volume.AdvanceTo(second);
        _volatility.AdvanceTo(second);
        _range.AdvanceTo(second / MinuteSeconds);
    }

    public void Apply(in MarketUpdate update, long timeNs)
    {
        var second = SecondOf(timeNs);
        BidPriceE9 = Instrument.IsQuoted(update.BidPriceE9, update.BidQuantity)
            ? update.BidPriceE9
            : MarketUpdate.NoPrice;
        AskPriceE9 = Instrument.IsQuoted(update.AskPriceE9, update.AskQuantity)
            ? update.AskPriceE9
            : MarketUpdate.NoPrice;
        _depth.Add((double)Math.Max(0, update.BidQuantity) + Math.Max(0, update.AskQuantity));
        _volume.AdvanceTo(second);
        if (update.TradeQuantity > 0)
            ApplyTrade(update, second);

        if (IsTwoSided)
            MarkPriceE9 = BidPriceE9 + (AskPriceE9 - BidPriceE9) / 2;
        else if (update.TradeQuantity > 0)
            MarkPriceE9 = LastTradePriceE9;
        if (MarkPriceE9 == 0)
            return;

        _volatility.Add(MarkPriceE9, second);
        _range.Add(MarkPriceE9, second / MinuteSeconds);
    }

    public void Transfer(StateStream state)
    {
        _session.Transfer(state);
        _depth.Transfer(state);
        _volume.Transfer(state);
        _volatility.Transfer(state);
        _range.Transfer(state);
        state.Value(ref _tradedSumE9);
        BidPriceE9 = state.Next(BidPriceE9);
        AskPriceE9 = state.Next(AskPriceE9);
        MarkPriceE9 = state.Next(MarkPriceE9);
        LastTradePriceE9 = state.Next(LastTradePriceE9);
    }

    /// <summary>The second of a time; what counts from a session's open begins anew when one has opened.</summary>
    private long SecondOf(long timeNs)
    {
        if (_session.TryStart(timeNs))
        {
            _volume.StartSession();
            _tradedSumE9 = 0;
        }

        return timeNs / SecondNs;
    }

    private void ApplyTrade(in MarketUpdate update, long second)
    {
        LastTradePriceE9 = update.TradePriceE9;
        _volume.Add(update.TradeQuantity, second);
        _tradedSumE9 += (Int128)update.TradePriceE9 * update.TradeQuantity;
    }
}
