using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Trades;

/// <summary>
/// What is told of a trade when it has closed. Prices are in 1e-9, money in 1e-6 of the account's currency, times in
/// nanoseconds.
/// </summary>
public readonly record struct TradeSummary
{
    /// <summary>Basis points of slippage at which its share of the score is used up.</summary>
    private const double SlippageWorstBps = 10;

    /// <summary>Nanoseconds from decision to first execution at which its share of the score is used up.</summary>
    private const double DelayWorstNs = 1e9;

    private const double FillWeight = 0.4;
    private const double SlippageWeight = 0.4;
    private const double SpeedWeight = 0.2;

    /// <summary>Summarises a trade; while it is open, what has been given back of it.</summary>
    /// <param name="trade">With an execution at least.</param>
    /// <param name="instrument">Its own.</param>
    public TradeSummary(in Trade trade, Instrument instrument)
    {
        TradeId = trade.TradeId;
        SignalId = trade.SignalId;
        InstrumentIndex = trade.InstrumentIndex;
        Side = trade.Side;
        Strategy = trade.Strategy;
        ExitReason = trade.ExitReason;
        Quantity = trade.ExitQuantity;
        EntryTimeNs = trade.FirstEntryNs;
        ExitTimeNs = trade.LastExitNs;
        EntryPriceE9 = Average(trade.EntrySumE9, trade.EntryQuantity);
        ExitPriceE9 = Average(trade.ExitSumE9, trade.ExitQuantity);
        GrossPnlE6 = trade.GrossPnlE6;
        EntryFeesE6 = trade.EntryFeesE6;
        ExitFeesE6 = trade.ExitFeesE6;
        EntryCommissionE6 = CommissionOf(trade.EntryFeesE6, trade.EntryQuantity, instrument);
        ExitCommissionE6 = CommissionOf(trade.ExitFeesE6, trade.ExitQuantity, instrument);
        ExitSlippageE6 = trade.ExitSlippageE6;
        var best = trade.Side == Side.Buy ? trade.HighE9 : trade.LowE9;
        var worst = trade.Side == Side.Buy ? trade.LowE9 : trade.HighE9;
        FavourableE9 = Math.Max(0, trade.Sign * (best - EntryPriceE9));
        AdverseE9 = Math.Max(0, trade.Sign * (EntryPriceE9 - worst));
        if (trade.ArrivalPriceE9 > 0)
        {
            var arrivalE6 = instrument.ValueE6(trade.ArrivalPriceE9, trade.EntryQuantity);
            SlippageE6 = trade.Sign * (trade.EntryValueE6 - arrivalE6);
            SlippageBps = trade.Sign * (double)(EntryPriceE9 - trade.ArrivalPriceE9) / trade.ArrivalPriceE9 * 1e4;
        }

        FillRate = trade.PlannedQuantity <= 0 ? 1 : Math.Min(1, (double)trade.EntryQuantity / trade.PlannedQuantity);
        var delayNs = trade.ArrivalNs == 0 ? 0 : trade.FirstEntryNs - trade.ArrivalNs;
        QualityScore = ScoreOf(FillRate, SlippageBps, delayNs);
    }

    /// <summary>The same of a trade as routing has told that it was closed.</summary>
    /// <param name="trade">Closed.</param>
    /// <param name="instrument">Its own.</param>
    public TradeSummary(in ClosedTrade trade, Instrument instrument)
    {
        TradeId = trade.TradeId;
        SignalId = trade.SignalId;
        InstrumentIndex = trade.InstrumentIndex;
        Side = trade.Side;
        Strategy = trade.Strategy;
        ExitReason = trade.ExitReason;
        Quantity = trade.Quantity;
        EntryTimeNs = trade.EntryTimeNs;
        ExitTimeNs = trade.ExitTimeNs;
        EntryPriceE9 = trade.EntryPriceE9;
        ExitPriceE9 = trade.ExitPriceE9;
        GrossPnlE6 = trade.GrossPnlE6;
        EntryFeesE6 = trade.EntryFeesE6;
        ExitFeesE6 = trade.ExitFeesE6;
        EntryCommissionE6 = CommissionOf(trade.EntryFeesE6, trade.Quantity, instrument);
        ExitCommissionE6 = CommissionOf(trade.ExitFeesE6, trade.Quantity, instrument);
        SlippageE6 = trade.SlippageE6;
        ExitSlippageE6 = trade.ExitSlippageE6;
        FavourableE9 = trade.FavourableE9;
        AdverseE9 = trade.AdverseE9;
        FillRate = trade.FillRate;
        QualityScore = trade.QualityScore;
        if (trade.ArrivalPriceE9 > 0)
        {
            var sign = trade.Side == Side.Buy ? 1 : -1;
            SlippageBps = sign * (double)(EntryPriceE9 - trade.ArrivalPriceE9) / trade.ArrivalPriceE9 * 1e4;
        }
    }

    public ulong TradeId { get; }

    /// <summary>0 where no signal began it.</summary>
    public ulong SignalId { get; }

    public int InstrumentIndex { get; }

    /// <summary>The side that opened it.</summary>
    public Side Side { get; }

    public ExecutionStrategy Strategy { get; }

    /// <summary>What the exit that ended it was for.</summary>
    public ExitReason ExitReason { get; }

    /// <summary>Contracts closed over its life.</summary>
    public int Quantity { get; }

    /// <summary>Of its first execution.</summary>
    public long EntryTimeNs { get; }

    /// <summary>Of its last execution.</summary>
    public long ExitTimeNs { get; }

    public long DurationNs => ExitTimeNs - EntryTimeNs;

    /// <summary>Average.</summary>
    public long EntryPriceE9 { get; }

    /// <summary>Average; 0 before the first exit.</summary>
    public long ExitPriceE9 { get; }

    /// <summary>Before fees.</summary>
    public long GrossPnlE6 { get; }

    /// <summary>
    /// The broker's part of <see cref="EntryFeesE6"/>, by the instrument's schedule; the rest is the exchange's and the
    /// regulator's.
    /// </summary>
    public long EntryCommissionE6 { get; }

    /// <summary>The broker's part of <see cref="ExitFeesE6"/>.</summary>
    public long ExitCommissionE6 { get; }

    /// <summary>Commission and fees of the entry.</summary>
    public long EntryFeesE6 { get; }

    /// <summary>Commission and fees of the exit.</summary>
    public long ExitFeesE6 { get; }

    public long FeesE6 => EntryFeesE6 + ExitFeesE6;

    /// <summary>After fees.</summary>
    public long NetPnlE6 => GrossPnlE6 - FeesE6;

    /// <summary>
    /// What the entry cost more than at the arrival price; positive is worse, 0 without an arrival price.
    /// </summary>
    public long SlippageE6 { get; }

    /// <summary>The same, in basis points of the arrival price.</summary>
    public double SlippageBps { get; }

    /// <summary>What stop and target got less than their levels; positive is worse, as where a stop gapped.</summary>
    public long ExitSlippageE6 { get; }

    /// <summary>
    /// Maximum favourable excursion (MFE): how far the price went the trade's way from its average entry price, in 1e-9
    /// of a point; at least 0.
    /// </summary>
    public long FavourableE9 { get; }

    /// <summary>Maximum adverse excursion (MAE): how far it went against it; at least 0.</summary>
    public long AdverseE9 { get; }

    /// <summary>Contracts entered over those ordered, [0, 1].</summary>
    public double FillRate { get; }

    /// <summary>Execution quality, [0, 1]; see <see cref="ScoreOf"/>.</summary>
    public double QualityScore { get; }

    /// <summary>
    /// Execution quality: 0.4 fill rate + 0.4 max(0, 1 - slippage / 10 bps) + 0.2 max(0, 1 - delay / 1 s), no term
    /// above its weight. The weights and the first two terms are those of the documented sizing score, the third is the
    /// speed of the documented timing score, as a trade's size is not the execution's doing.
    /// </summary>
    /// <param name="fillRate">[0, 1].</param>
    /// <param name="slippageBps">Positive is worse.</param>
    /// <param name="delayNs">From the decision to the first execution.</param>
    public static double ScoreOf(double fillRate, double slippageBps, long delayNs) =>
        FillWeight * Math.Clamp(fillRate, 0, 1)
        + SlippageWeight * Math.Clamp(1 - slippageBps / SlippageWorstBps, 0, 1)
        + SpeedWeight * Math.Clamp(1 - delayNs / DelayWorstNs, 0, 1);

    /// <summary>A venue that charged less than the commission, or paid, leaves no fee beside it.</summary>
    private static long CommissionOf(long feesE6, int quantity, Instrument instrument) =>
        Math.Min(feesE6, instrument.CommissionPerContractE6 * quantity);

    private static long Average(Int128 sumE9, int quantity) => quantity == 0 ? 0 : (long)(sumE9 / quantity);
}
