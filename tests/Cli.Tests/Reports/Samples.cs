using ExecutionPipeline.Cli.Reports;

namespace ExecutionPipeline.Cli.Tests.Reports;

/// <summary>Reports with figures that differ from each other, so that a mixed-up pair shows.</summary>
internal static class Samples
{
    private static Dictionary<string, long> Outcomes => new()
    {
        ["order_sent"] = 112_345,
        ["hold"] = 40_020,
        ["zero_size"] = 7_635,
        ["risk_refused"] = 40_000,
    };

    private static TailFigures Tail => new()
    {
        AboveNs = 25_000,
        Signals = 70_123,
        Accounted = 65_536,
        Causes =
        [
            new TailCause("ingress lost its processor to kworker", 49_152, 31_250, 4_100_000),
            new TailCause("a page fault of ingress", 16_384, 26_000, 27_500),
        ],
        Source = "the kernel's record of processors 0,1",
        StolenMs = 1_230,
    };

    public static RunReport Report() => new()
    {
        EventsSent = 200_010,
        EventsProcessed = 200_000,
        EventsLost = 0,
        Orders = 112_345,
        Fills = 113_456,
        Rejected = 10,
        LatencyNs = new StageLatencies
        {
            EndToEnd = Latency(17_210, 1.6),
            Transport = Latency(1_180, 2.4),
            Ring = Latency(310, 2.2),
            Context = Latency(190, 1.5),
            Inference = Latency(12_640, 1.3),
            Risk = Latency(240, 1.7),
            Routing = Latency(520, 1.8),
            Sender = Latency(95, 3),
        },
        PlatformHiccupNs = Latency(60, 4),
        ThroughputEps = 19_999.4,
        AllocatedBytesPerEvent = 0,
        Topology = "inline",
        Driver = "embedded",
        InferenceBackend = "onnxruntime 1.29.0 (merged graph)",
        CpuSet = "0,1",
        Machine = "a machine </script><b>with</b> 2 processors",
        PlatformHiccupByThreadNs = Hiccups,
        Tail = Tail,
        IsComplete = true,
        EventsWarmup = 20_000,
        ElapsedS = 10.01,
        AllocatedBytesByThread = new Dictionary<string, long> { ["pipeline"] = 0 },
        Outcomes = Outcomes,
        RefusedByReason = new Dictionary<string, long> { ["position"] = 39_000, ["daily_var"] = 2_000 },
        DecidedLate = new Dictionary<string, long> { ["slow_backend"] = 17 },
        SizesCut = new Dictionary<string, long> { ["kelly"] = 1_234, ["risk"] = 56 },
        RejectedByReason = new Dictionary<string, long> { ["unknown_template"] = 4, ["not_finite"] = 6 },
        OrderFigures = new OrderFigures
        {
            Filled = 112_000,
            PartiallyFilled = 301,
            Expired = 44,
            ContractsFilled = 250_123,
            TradesClosed = 31_400,
            FinalPosition = -3,
            RealizedPnl = -1_234_567.5m,
            Fees = 950_467.4m,
        },
        Outbound = new Dictionary<string, long> { ["decision"] = 200_000, ["order_status_change"] = 225_801 },
        Engine = Engine(),
        Settings = new RunSettings
        {
            RateEps = 20_000,
            Seed = 42,
            MarketData = "generator",
            Speed = 60,
            Wait = "busy",
            Pinned = "pipeline 0, engine 1",
            Runtime = ".NET 10.0.12",
            RuntimeOptions = new Dictionary<string, string> { ["System.GC.Concurrent"] = "false" },
            StartedAt = new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero),
            Version = "1.0.0",
        },
    };

    private static Dictionary<string, LatencySummary> Hiccups => new()
    {
        ["pipeline"] = Latency(30, 4),
        ["engine"] = Latency(50, 4),
    };

    public static EngineReport Engine() => new()
    {
        Ending = EngineEnding.Done,
        SentWarmup = 20_000,
        SentMeasured = 200_000,
        SentMalformed = new Dictionary<string, long> { ["wrong_template"] = 4, ["nan_price"] = 6 },
        MarketUpdates = 5_321,
        BackPressureRetries = 2,
        ElapsedS = 10.01,
        LatenessNs = Latency(95, 3),
        HiccupNs = Latency(60, 4),
        HiccupHistogram = "HISTFAAA",
        AllocatedBytes = 0,
        PinnedCpu = 1,
    };

    public static IReadOnlyList<PercentileCurve> Curves()
    {
        var report = Report();
        var parts = report.LatencyNs.Parts.Select(part => Curve(part.Name, part.Latency.P50, part.Latency.Max));
        return
        [
            .. parts,
            Curve(ReportNames.EndToEnd, report.LatencyNs.EndToEnd.P50, report.LatencyNs.EndToEnd.Max),
            Curve(ReportNames.PlatformHiccup, report.PlatformHiccupNs.P50, report.PlatformHiccupNs.Max),
        ];
    }

    private static LatencySummary Latency(long p50Ns, double growth) => new()
    {
        Count = 112_345,
        Mean = p50Ns * 1.1,
        P50 = p50Ns,
        P90 = (long)(p50Ns * growth),
        P99 = (long)(p50Ns * Math.Pow(growth, 3)),
        P999 = (long)(p50Ns * Math.Pow(growth, 5)),
        P9999 = (long)(p50Ns * Math.Pow(growth, 6)),
        Max = (long)(p50Ns * Math.Pow(growth, 7)),
    };

    private static PercentileCurve Curve(string name, long medianNs, long maxNs)
    {
        var points = new List<PercentilePoint>();
        var growth = Math.Log((double)maxNs / medianNs) / 5;
        for (var rarity = 0.0; rarity <= 5; rarity += 0.1)
        {
            var percentile = 100 * (1 - Math.Pow(10, -rarity));
            points.Add(new PercentilePoint(percentile, (long)(medianNs * Math.Exp(growth * (rarity - 0.3)))));
        }

        points.Add(new PercentilePoint(100, maxNs));
        return new PercentileCurve(name, points);
    }
}
