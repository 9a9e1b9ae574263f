using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Prometheus;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ExecutionPipeline.Control.Api;

/// <summary>
/// GET /metrics: latencies as the pipeline has counted them, and how entries were executed, of the last while. What
/// nothing measures is null.
/// </summary>
internal sealed class MetricsApi(LatencyHistory latencies, PipelineRecords records, CounterWatch counters)
{
    private const double Percent = 100;
    private const int MostParents = 1_000_000;

    private static readonly Dictionary<string, TimeSpan> Timeframes = new()
    {
        ["5m"] = TimeSpan.FromMinutes(5),
        ["1h"] = TimeSpan.FromHours(1),
        ["24h"] = TimeSpan.FromHours(24),
        ["7d"] = TimeSpan.FromDays(7),
    };

    private static readonly (string Name, LatencyPart Part, long TargetNs)[] Stages =
    [
        ("context_building", LatencyPart.Context, 50_000), ("agent_inference", LatencyPart.Inference, 200_000),
        ("order_validation", LatencyPart.Risk, 100_000), ("order_execution", LatencyPart.Routing, 500_000),
        ("total_pipeline", LatencyPart.EndToEnd, 1_000_000),
    ];

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/metrics", Metrics)
        .RequireAuthorization(Access.Look).WithSummary("Latency, quality and activity of 5m, 1h, 24h or 7d.");

    /// <summary>What /ws/performance tells, of the last five minutes.</summary>
    public object Performance()
    {
        var latency = latencies.Of(LatencyPart.EndToEnd, Timeframes["5m"]);
        var entries = Entries(Timeframes["5m"]);
        var now = counters.Last.Reading;
        var minuteAgo = DateTime.UtcNow - TimeSpan.FromMinutes(1);
        return new
        {
            Type = "performance_update",
            Timestamp = MessageJson.TimeOf(DateTime.UtcNow),
            Latency = new
            {
                RollingAvgUs = latency.MeanUs,
                P95Us = latency.PercentileUs(95),
                P99Us = latency.PercentileUs(99),
            },
            Quality = new
            {
                LastFillRate = entries.Count > 0 ? entries[0].FillRate : (double?)null,
                LastSlippageBps = entries.Count > 0 ? entries[0].SlippageBps : null,
                RollingAvgSlippage = Mean(Slippages(entries)),
            },
            Activity = new
            {
                ExecutionsLastMinute = entries.Count(entry => entry.EndedAt >= minuteAgo),
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

        var entries = Entries(time);
        double[] rates = [.. entries.Select(static entry => entry.FillRate).Order()];
        var slippages = Slippages(entries);
        return Results.Json(
            new
            {
                Timeframe = timeframe,
                Timestamp = MessageJson.TimeOf(DateTime.UtcNow),
                LatencyPerformance = Stages.ToDictionary(
                    static stage => stage.Name, stage => StageOf(latencies.Of(stage.Part, time), stage.TargetNs)),
                ExecutionQuality = new
                {
                    FillRates = new
                    {
                        Mean = Mean(rates),
                        P5 = Rank(rates, 5),
                        P95 = Rank(rates, 95),
                        Min = Rank(rates, 0),
                    },
                    SlippageBps = new
                    {
                        Mean = Mean(slippages),
                        P95 = Rank(slippages, 95),
                        Max = Rank(slippages, Percent),
                    },
                    MarketImpactBps = (object?)null,
                },
                AgentPerformance = (object?)null,
                TradingActivity = ActivityOf(entries),
            },
            Json.Options);
    }

    private static object StageOf(LatencyWindowCounts counts, long targetNs) => new
    {
        counts.Count,
        counts.MeanUs,
        P50Us = counts.PercentileUs(50),
        P95Us = counts.PercentileUs(95),
        P99Us = counts.PercentileUs(99),
        TargetUs = targetNs / 1_000,
        TargetViolationsPct = counts.AbovePct(targetNs),
    };

    private static object ActivityOf(List<Entry> entries) => new
    {
        TotalExecutions = entries.Count,
        TotalVolume = entries.Sum(static entry => (long)entry.Executed),
        AvgOrderSize = Mean([.. entries.Select(static entry => (double)entry.Quantity)]),
        StrategyDistribution = entries.GroupBy(static entry => entry.Strategy)
            .ToDictionary(static group => group.Key, group => (double)group.Count() / entries.Count),
    };

    /// <summary>Entries that have ended within the last time, newest first, of those that are remembered.</summary>
    private List<Entry> Entries(TimeSpan time)
    {
        var since = DateTime.UtcNow - time;
        return
        [
            .. records.ParentsEnded.Page(static message => IsEntry(message), null, MostParents).Items
                .Select(static kept => EntryOf(kept.Message)).TakeWhile(entry => entry.EndedAt >= since),
        ];
    }

    private static bool IsEntry(byte[] message) =>
        ParentOrderEndedDecoder.TryWrap(message, out var parent) && parent.Purpose == OrderPurpose.Entry;

    private static Entry EntryOf(byte[] message)
    {
        ParentOrderEndedDecoder.TryWrap(message, out var parent);
        return new Entry(
            DateTime.UnixEpoch.AddTicks(parent.TimeNs / TimeSpan.NanosecondsPerTick),
            StrategyNames.NameOf(parent.Strategy), parent.Quantity, parent.Executed,
            ExecutionCounts.SlippageBps(parent));
    }

    private static double[] Slippages(List<Entry> entries) =>
        [.. entries.Select(static entry => entry.SlippageBps).OfType<double>().Order()];

    private static double? Mean(double[] values) => values.Length == 0 ? null : values.Average();

    /// <summary>The nearest rank of ascending values; null: there are none.</summary>
    private static double? Rank(double[] ascending, double percentile) => ascending.Length == 0
        ? null
        : ascending[Math.Max(0, (int)Math.Ceiling(percentile / Percent * ascending.Length) - 1)];

    private sealed record Entry(DateTime EndedAt, string Strategy, int Quantity, int Executed, double? SlippageBps)
    {
        public double FillRate => Quantity == 0 ? 0 : (double)Executed / Quantity;
    }
}
