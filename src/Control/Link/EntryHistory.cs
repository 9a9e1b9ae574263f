using ExecutionPipeline.Control.Prometheus;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Control.Link;

/// <summary>How an entry was executed, once its parent order has ended.</summary>
public sealed record Entry
{
    /// <summary>When, on <see cref="NanoClock"/>, which no step of the system's time moves.</summary>
    public required DateTime EndedAt { get; init; }

    public required ExecutionStrategy Strategy { get; init; }

    public required Side Side { get; init; }

    /// <summary>Contracts ordered.</summary>
    public required int Quantity { get; init; }

    /// <summary>Contracts executed.</summary>
    public required int Executed { get; init; }

    /// <summary>From the decision to the end of the parent order, in milliseconds.</summary>
    public required double DurationMs { get; init; }

    /// <summary>
    /// What it cost beyond the arrival price in basis points of it, negative where it was better; null: nothing was
    /// executed, or there was no price.
    /// </summary>
    public double? SlippageBps { get; init; }

    /// <summary>
    /// How far the mark price has moved against the order from its arrival to its end, in basis points: what the order
    /// moved and what the market would have done anyway cannot be told apart. Null: there was no price.
    /// </summary>
    public double? ImpactBps { get; init; }

    /// <summary>
    /// How far the mark price at the end was beyond the average price to the order's disadvantage, in basis points;
    /// null as above.
    /// </summary>
    public double? AdverseBps { get; init; }

    /// <summary>
    /// Daily, as a fraction, at the decision: the one-minute realised volatility times the root of the minutes of a
    /// trading day. Null: it is not known.
    /// </summary>
    public double? DailyVolatility { get; init; }

    /// <summary>Position over its limit at the decision.</summary>
    public double PositionUse { get; init; }

    /// <summary>Value at risk over its limit at the decision.</summary>
    public double VarUse { get; init; }

    public double FillRate => Quantity == 0 ? 0 : (double)Executed / Quantity;

    /// <summary>Whether no limit was broken when it was decided.</summary>
    public bool IsWithinLimits => PositionUse <= 1 && VarUse <= 1;
}

/// <summary>The last entries that have ended, of what this control plane has heard.</summary>
/// <param name="options">Say how many are kept.</param>
/// <param name="records">Have the decisions and the mark prices; they are given each message before.</param>
/// <param name="counts">Count each entry.</param>
/// <param name="agents">Score each entry.</param>
public sealed class EntryHistory(
    ControlOptions options, PipelineRecords records, ExecutionCounts counts, AgentDesk agents)
{
    private const double BasisPoints = 10_000;
    private const double NanosPerMilli = 1e6;

    // Volatility grows with the root of time. The control plane knows no instrument's calendar: a day has the 390
    // minutes that limits.regimes.minutes_per_day has by default.
    private static readonly double MinutesToDay = Math.Sqrt(390);

    private readonly Lock _gate = new();
    private readonly LinkedList<Entry> _entries = [];

    /// <summary>Looks whether a message tells of an entry. One thread at a time.</summary>
    public void Take(ReadOnlySpan<byte> message)
    {
        counts.TakeDecision(message);
        if (!ParentOrderEndedDecoder.TryWrap(message, out var parent) || parent.Purpose != OrderPurpose.Entry)
            return;

        var entry = EntryOf(parent);
        lock (_gate)
        {
            _entries.AddFirst(entry);
            if (_entries.Count > options.KeptRecords)
                _entries.RemoveLast();
        }

        counts.Count(entry);
        agents.Score(entry);
    }

    /// <summary>Entries that have ended within the last time, the newest first.</summary>
    /// <param name="time">Up to now.</param>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<Entry> Within(TimeSpan time, int most = int.MaxValue)
    {
        var since = NanoClock.UtcNow - time;
        lock (_gate)
            return [.. _entries.TakeWhile(entry => entry.EndedAt >= since).Take(most)];
    }

    private Entry EntryOf(ParentOrderEndedDecoder parent)
    {
        var (sign, arrival) = (parent.Side == Side.Buy ? 1 : -1, (double)parent.ArrivalPriceE9);
        var hasPrice = parent.Executed > 0 && arrival > 0;
        double? mark = records.Positions.Find(parent.InstrumentId) is { } kept
            && PositionUpdateDecoder.TryWrap(kept.Message, out var position) && position.MarkPriceE9 > 0
                ? position.MarkPriceE9
                : null;
        var entry = new Entry
        {
            EndedAt = DateTime.UnixEpoch.AddTicks(parent.TimeNs / TimeSpan.NanosecondsPerTick)
                - NanoClock.WallAhead,
            Strategy = parent.Strategy,
            Side = parent.Side,
            Quantity = parent.Quantity,
            Executed = parent.Executed,
            DurationMs = (parent.TimeNs - parent.StartTimeNs) / NanosPerMilli,
            SlippageBps = hasPrice ? ExecutionReward.SlippageBps(arrival, parent.AveragePriceE9, sign) : null,
            ImpactBps = hasPrice ? sign * (mark - arrival) / arrival * BasisPoints : null,
            AdverseBps = hasPrice ? sign * (parent.AveragePriceE9 - mark) / arrival * BasisPoints : null,
        };
        return records.Decisions.Find(parent.SignalId) is { } decided ? WithDecision(entry, decided.Message) : entry;
    }

    private static Entry WithDecision(Entry entry, byte[] message)
    {
        DecisionDecoder.TryWrap(message, out var decision);
        return entry with
        {
            // 0 stands for what the pipeline has not measured, too.
            DailyVolatility = FeatureOf(decision, Feature.PriceVolatility1Min) is > 0 and var minute
                ? minute * MinutesToDay
                : null,
            PositionUse = FeatureOf(decision, Feature.MaxPositionPct) ?? 0,
            VarUse = FeatureOf(decision, Feature.VarUtilization) ?? 0,
        };
    }

    private static double? FeatureOf(DecisionDecoder decision, int index) =>
        decision.GetFeature(index) is var value && float.IsFinite(value) ? value : null;
}
