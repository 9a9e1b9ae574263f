using System.Globalization;
using ExecutionPipeline.Analysis.Agents;
using ExecutionPipeline.Analysis.Costs;
using ExecutionPipeline.Analysis.Market;
using ExecutionPipeline.Analysis.Trades;
using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Trades;

namespace ExecutionPipeline.Analysis.Reports;

/// <summary>
/// What the executions of a run cost: order by order, and by strategy, venue, hour and instrument; how the agents that
/// decided them did, and what the trades came to.
/// </summary>
public sealed class ExecutionAnalysis
{
    private const long SecondNs = 1_000_000_000;

    private readonly CostAnalyzer _analyzer;
    private readonly IReadOnlyDictionary<string, MarketSeries> _markets;

    /// <param name="orders">That have ended.</param>
    /// <param name="markets">Of each instrument, by its symbol; one that is missing leaves benchmarks out.</param>
    /// <param name="trades">That have closed.</param>
    /// <param name="zone">Whose hours orders are grouped by; null: UTC.</param>
    /// <param name="analyzer">Null: with the default impact.</param>
    /// <exception cref="ArgumentException">An order contradicts itself; the message names it.</exception>
    public ExecutionAnalysis(
        IEnumerable<ExecutedOrder> orders,
        IReadOnlyDictionary<string, MarketSeries> markets,
        IEnumerable<TradeSummary>? trades = null,
        TimeZoneInfo? zone = null,
        CostAnalyzer? analyzer = null)
    {
        _analyzer = analyzer ?? new CostAnalyzer();
        _markets = markets;
        Zone = zone ?? TimeZoneInfo.Utc;
        Orders = [.. orders.OrderBy(static order => order.DecisionTimeNs).Select(CostOf)];
        Trades = [.. trades ?? []];
        ByStrategy = CostSummary.By(Orders, static cost => StrategyNames.NameOf(cost.Order.Strategy));
        ByVenue = CostSummary.By(Orders.SelectMany(PartsByVenue), static cost => VenueOf(cost.Order.Fills[0]));
        ByHour = CostSummary.By(Orders, HourOf);
        ByInstrument = CostSummary.By(Orders, static cost => cost.Order.Instrument.Symbol);
        All = Orders.Count == 0 ? null : CostSummary.Of("all", Orders);
        TradesByReason = TradeStatistics.By(Trades, static trade => trade.ExitReason.ToString());
        AllTrades = Trades.Count == 0 ? null : TradeStatistics.Of("all", Trades);
        var scorecard = new AgentScorecard();
        foreach (var cost in Orders)
            scorecard.Add(cost);
        Agents = scorecard.Performances;
        Recommendations = scorecard.Recommendations;
    }

    public TimeZoneInfo Zone { get; }

    /// <summary>In the order of their decisions.</summary>
    public IReadOnlyList<OrderCost> Orders { get; }

    public IReadOnlyList<TradeSummary> Trades { get; }

    /// <summary>Null: there are no orders.</summary>
    public CostSummary? All { get; }

    public IReadOnlyList<CostSummary> ByStrategy { get; }

    /// <summary>What was executed at each, so that every fill rate is 1; what was not executed is in none.</summary>
    public IReadOnlyList<CostSummary> ByVenue { get; }

    /// <summary>Of the decision, by the clock of <see cref="Zone"/>.</summary>
    public IReadOnlyList<CostSummary> ByHour { get; }

    public IReadOnlyList<CostSummary> ByInstrument { get; }

    /// <summary>Null: there are no trades.</summary>
    public TradeStatistics? AllTrades { get; }

    public IReadOnlyList<TradeStatistics> TradesByReason { get; }

    public IReadOnlyList<AgentPerformance> Agents { get; }

    public IReadOnlyList<AgentRecommendation> Recommendations { get; }

    private OrderCost CostOf(ExecutedOrder order) =>
        _analyzer.Analyze(order, _markets.GetValueOrDefault(order.Instrument.Symbol));

    /// <summary>An order as if each venue had been sent what it executed.</summary>
    private IEnumerable<OrderCost> PartsByVenue(OrderCost cost) => cost.Order.Fills
        .GroupBy(VenueOf, StringComparer.Ordinal)
        .Select(venue => CostOf(cost.Order with
        {
            Quantity = venue.Sum(static fill => fill.Quantity),
            Fills = [.. venue],
        }));

    private static string VenueOf(OrderFill fill) => fill.Venue.Length == 0 ? "not named" : fill.Venue;

    private string HourOf(OrderCost cost)
    {
        var utc = DateTimeOffset.FromUnixTimeSeconds(cost.Order.DecisionTimeNs / SecondNs);
        return TimeZoneInfo.ConvertTime(utc, Zone).ToString("HH':00'", CultureInfo.InvariantCulture);
    }
}
