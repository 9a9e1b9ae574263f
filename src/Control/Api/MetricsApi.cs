using ExecutionPipeline.Analysis.Agents;
using ExecutionPipeline.Control.Alerts;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Pipeline.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ExecutionPipeline.Control.Api;

/// <summary>
/// GET /metrics: latencies as the pipeline has counted them, and how entries were executed, of the last while. What
/// nothing measures is null.
/// </summary>
internal sealed class MetricsApi(
    LatencyHistory latencies, EntryHistory entries, AgentDesk agents, CounterWatch counters, AlertWatch alerts)
{
    private const long LastSignals = 100;
    private const double NanosPerMicro = 1e3;

    private static readonly Dictionary<string, TimeSpan> Timeframes = new()
    {
        ["5m"] = TimeSpan.FromMinutes(5),
        ["1h"] = TimeSpan.FromHours(1),
        ["24h"] = TimeSpan.FromHours(24),
        ["7d"] = TimeSpan.FromDays(7),
    };

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/metrics", Metrics)
        .RequireAuthorization(Access.Look).WithSummary("Latency, quality and activity of 5m, 1h, 24h or 7d.");

    /// <summary>What /ws/performance tells, of the last five minutes.</summary>
    public object Performance()
    {
        var latency = latencies.Of(LatencyPart.EndToEnd, Timeframes["5m"]);
        var ended = entries.Within(Timeframes["5m"]);
        var now = counters.Last.Reading;
        var minuteAgo = NanoClock.UtcNow - TimeSpan.FromMinutes(1);
        return new
        {
            Type = "performance_update",
            Timestamp = MessageJson.TimeOf(DateTime.UtcNow),
            Latency = new
            {
                // Single latencies do not leave the pipeline: this is the middle one of the last second.
                LastExecutionUs = now?.Latency(LatencyWindow.Second, LatencyPart.EndToEnd, LatencyRank.P50)
                    / NanosPerMicro,
                RollingAvgUs = latency.MeanUs,
                P95Us = latency.PercentileUs(95),
                P99Us = latency.PercentileUs(99),
                P95_Last_100 = latencies.Latest(LatencyPart.EndToEnd, LastSignals).PercentileUs(95),
            },
            Quality = new
            {
                LastFillRate = ended.Count > 0 ? ended[0].FillRate : (double?)null,
                LastSlippageBps = ended.Count > 0 ? ended[0].SlippageBps : null,
                RollingAvgSlippage = Series.Of(ended, static one => one.SlippageBps).Mean,
            },
            Activity = new
            {
                ExecutionsLastMinute = ended.Count(entry => entry.EndedAt >= minuteAgo),
                ActiveOrders = now?[PipelineFigure.WorkingOrders],
                QueueDepth = now?[PipelineFigure.RingDepth],
            },
        };
    }

    private IResult Metrics(HttpRequest request)
    {
        var timeframe = request.Query["timeframe"].ToString() is { Length: > 0 } given ? given : "1h";
        if (!Timeframes.TryGetValue(timeframe, out var time))
            throw new BadFieldException("timeframe", $"it must be one of {string.Join(", ", Timeframes.Keys)}");

        var ended = entries.Within(time);
        return Results.Json(
            new
            {
                Timeframe = timeframe,
                Timestamp = MessageJson.TimeOf(DateTime.UtcNow),
                LatencyPerformance = ServiceLevels.Stages.ToDictionary(
                    static stage => stage.Name, stage => StageOf(latencies.Of(stage.Part, time), stage)),
                ExecutionQuality = new
                {
                    FillRates = QualityOf(Series.Of(ended, static one => one.FillRate)),
                    SlippageBps = QualityOf(Series.Of(ended, static one => one.SlippageBps)),
                    MarketImpactBps = QualityOf(Series.Of(ended, static one => one.ImpactBps)),
                    AdverseSelectionBps = QualityOf(Series.Of(ended, static one => one.AdverseBps)),
                },
                AgentPerformance = agents.Performances.ToDictionary(static one => one.Agent, PerformanceOf),
                AlertConditions = AlertsOf(),
                TradingActivity = ActivityOf(ended),
            },
            Json.Options);
    }

    private static object QualityOf(Series series) => new
    {
        series.Mean,
        P5 = series.Rank(5),
        P50 = series.Rank(50),
        P90 = series.Rank(90),
        P95 = series.Rank(95),
        Max = series.Rank(100),
        Min = series.Rank(0),
    };

    private static object PerformanceOf(AgentPerformance agent) => agent.Agent == AgentScores.Risk
        ? new { ComplianceRate = agent.Accuracy, AvgReward = agent.Reward, agent.Decisions }
        : new { agent.Accuracy, AvgReward = agent.Reward, agent.Decisions };

    private object AlertsOf() => alerts.Active.Select(static alert => new
    {
        alert.Type,
        alert.Severity,
        alert.Subject,
        alert.Message,
    });

    private static object StageOf(LatencyWindowCounts counts, StageTarget stage) => new
    {
        counts.Count,
        counts.MeanUs,
        P50Us = counts.PercentileUs(50),
        P95Us = counts.PercentileUs(95),
        P99Us = counts.PercentileUs(99),
        // What is beyond the last bound counts as long as it.
        MaxUs = counts.PercentileUs(100),
        stage.TargetUs,
        TargetViolationsPct = counts.AbovePct(stage.TargetNs),
    };

    private static object ActivityOf(IReadOnlyList<Entry> ended) => new
    {
        TotalExecutions = ended.Count,
        TotalVolume = ended.Sum(static entry => (long)entry.Executed),
        AvgOrderSize = Series.Of(ended, static entry => entry.Quantity).Mean,
        StrategyDistribution = ended.GroupBy(static entry => entry.Strategy).ToDictionary(
            static group => StrategyNames.NameOf(group.Key), group => (double)group.Count() / ended.Count),
    };
}
