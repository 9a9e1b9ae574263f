using System.Reflection;
using System.Runtime.InteropServices;
using ExecutionPipeline.Cli.Histograms;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Telemetry;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Stages.Inference.Swap;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>The figures of a run, from the pipeline that has ended and from what the engine said of itself.</summary>
public sealed class DemoReport
{
    private const double NanosPerSecond = 1e9;
    private const long NanosPerMilli = 1_000_000;
    private const decimal E6 = 1_000_000m;

    private readonly DemoOptions _options;
    private readonly DemoPlan _plan;
    private readonly PipelineHost _host;
    private readonly IReadOnlyList<StreamAccount> _accounts;
    private readonly LoadedPolicy _policy;
    private readonly Dictionary<string, HistogramBase> _hiccups;

    public DemoReport(
        DemoOptions options, DemoPlan plan, PipelineSession session, EngineReport? engine, DateTimeOffset startedAt)
    {
        _options = options;
        _plan = plan;
        _host = session.Host;
        _accounts = session.Accounts;
        _policy = session.Policy;
        _hiccups = CollectHiccups(session.Host, engine);
        Histograms = CollectHistograms();
        Figures = Build(engine, startedAt);
    }

    public RunReport Figures { get; }

    /// <summary>End to end, each stage, and the platform's hiccups where the engine told of them.</summary>
    public IReadOnlyList<StageHistogram> Histograms { get; }

    private LatencyTelemetry Telemetry => _host.Chain.Telemetry;

    /// <summary>Messages on the signal stream, warm-up and malformed ones included.</summary>
    public static long SentBy(EngineReport engine) =>
        engine.SentWarmup + engine.SentMeasured + engine.SentMalformed.Values.Sum();

    /// <summary>Every second of every stage, and the hiccups of the whole run, with tags and times.</summary>
    public IEnumerable<HistogramBase> Log
    {
        get
        {
            foreach (var (name, hiccups) in _hiccups)
            {
                var whole = hiccups.Copy();
                whole.Tag = ReportNames.HiccupOf(name);
                whole.StartTimeStamp = Telemetry.MeasuringSinceNs / NanosPerMilli;
                whole.EndTimeStamp = (Telemetry.MeasuringSinceNs + Telemetry.MeasuredNs) / NanosPerMilli;
                yield return whole;
            }

            foreach (var interval in Telemetry.Intervals)
            {
                var second = interval.ToHistogram();
                second.Tag = ReportNames.KeyOf(interval.Stage);
                yield return second;
            }
        }
    }

    private List<StageHistogram> CollectHistograms() =>
    [
        .. Enum.GetValues<LatencyPart>()
            .Select(stage => new StageHistogram(ReportNames.KeyOf(stage), Telemetry[stage])),
        .. _hiccups.Select(hiccups => new StageHistogram(ReportNames.HiccupOf(hiccups.Key), hiccups.Value)),
    ];

    /// <summary>What the machine took from each of the threads that spin: ingress and the engine's sender.</summary>
    private static Dictionary<string, HistogramBase> CollectHiccups(PipelineHost host, EngineReport? engine)
    {
        var hiccups = new Dictionary<string, HistogramBase> { ["pipeline"] = host.Hiccups!.Histogram };
        if (engine?.HiccupHistogram is { } encoded)
            hiccups.Add("engine", HistogramPayload.Decode(encoded));
        return hiccups;
    }

    private RunReport Build(EngineReport? engine, DateTimeOffset startedAt)
    {
        var senders = Senders(engine);
        var processed = Telemetry.SignalsMeasured;
        var isOfAll = engine == null;
        var rejected = senders
            .Where(sender => sender.Stream == SenderReport.Signals)
            .Where(sender => isOfAll || sender.Sender == SenderReport.Engine)
            .Sum(sender => sender.Rejected);
        var elapsedS = Telemetry.MeasuredNs / NanosPerSecond;
        var tally = Telemetry.Tally;
        return new RunReport
        {
            EventsSent = engine == null ? null : engine.SentMeasured + engine.SentMalformed.Values.Sum(),
            EventsProcessed = processed,
            EventsLost = Lost(senders),
            Orders = tally.Of(RoutingOutcome.OrderSent),
            Fills = tally.Fills,
            Rejected = rejected,
            LatencyNs = Latencies(),
            PlatformHiccupNs = HistogramFigures.SummariseLater([.. _hiccups.Values]),
            ThroughputEps = elapsedS > 0 ? processed / elapsedS : 0,
            AllocatedBytesPerEvent = processed > 0 ? (double)AllocatedBytes() / processed : 0,
            GcCollections = Telemetry.Collections,
            Topology = ReportNames.KeyOf(_host.Topology),
            Driver = _options.IsDriverExternal ? "external" : "embedded",
            InferenceBackend = _policy.Name,
            InferenceProblem = _policy.Problem,
            CpuSet = string.Join(',', _plan.AllowedProcessors),
            Machine = Machine(),
            PlatformHiccupByThreadNs = _hiccups.ToDictionary(
                hiccups => hiccups.Key, hiccups => HistogramFigures.Summarise(hiccups.Value)),
            IsComplete = engine is { Ending: EngineEnding.Done } && _host.Fault == null,
            StartNote = _host.StartNote,
            EventsWarmup = Telemetry.SignalsSeen - processed,
            FirstSignalNs = Telemetry.FirstSignalNs,
            ElapsedS = elapsedS,
            AllocatedBytesByThread = _host.Roster.Threads.ToDictionary(t => t.Name, t => t.AllocatedBytes),
            Outcomes = CountsOf<RoutingOutcome>(tally.Of),
            RejectedByReason = RejectedByReason(_plan.Pipeline.Streams.SignalStream),
            MarketRejectedByReason = RejectedByReason(_plan.Pipeline.Streams.MarketStream),
            CommandsRejectedByReason = RejectedByReason(_plan.Pipeline.Streams.CommandStream),
            Senders = senders,
            RefusedByReason = CountsOf<RiskViolations>(v => v == RiskViolations.None ? 0 : tally.Of(v)),
            DecidedLate = CountsOf<DecisionLateness>(l => l == DecisionLateness.None ? 0 : tally.Of(l)),
            SizesCut = CountsOf<SizeCuts>(cut => cut == SizeCuts.None ? 0 : tally.Of(cut)),
            Models = Models(),
            OrderFigures = Orders(),
            ByStrategy = [.. Strategies()],
            ExitReasons = CountsOf<ExitReason>(Telemetry.Execution!.Of),
            Outbound = OutboundCounts(),
            Engine = engine,
            Settings = Settings(startedAt),
        };
    }

    private StageLatencies Latencies() => new()
    {
        EndToEnd = HistogramFigures.Summarise(Telemetry[LatencyPart.EndToEnd]),
        Sender = HistogramFigures.Summarise(Telemetry[LatencyPart.Sender]),
        Transport = HistogramFigures.Summarise(Telemetry[LatencyPart.Transport]),
        Ring = HistogramFigures.Summarise(Telemetry[LatencyPart.Ring]),
        Context = HistogramFigures.Summarise(Telemetry[LatencyPart.Context]),
        Inference = HistogramFigures.Summarise(Telemetry[LatencyPart.Inference]),
        Risk = HistogramFigures.Summarise(Telemetry[LatencyPart.Risk]),
        Routing = HistogramFigures.Summarise(Telemetry[LatencyPart.Routing]),
    };

    private ModelFigures? Models()
    {
        if (_host.Models is not { } loader)
            return null;

        var models = _host.Chain.Inference.Models;
        return new ModelFigures
        {
            Version = new ModelVersion(models.Version).ToString(),
            Changes = models.Swaps,
            // The loader looks at them now and then; of the last one it may not know yet.
            Canaries = [.. loader.Canaries.Append(models.Canary).OfType<CanaryFigures>().Distinct().Select(ReportOf)],
        };
    }

    private static CanaryReport ReportOf(CanaryFigures canary) => new()
    {
        Version = new ModelVersion(canary.Version).ToString(),
        State = ReportNames.KeyOf(canary.State),
        ShareBps = canary.ShareBps,
        Decisions = canary.Decisions,
        Others = canary.Others,
        Disagreements = canary.Disagreements,
        Invalid = canary.Invalid,
        MeanSizeDifference = Math.Round(canary.MeanSizeDifference, 4),
        MeanNs = Math.Round(canary.CandidateMeanNs, 1),
        IncumbentMeanNs = Math.Round(canary.IncumbentMeanNs, 1),
    };

    private OrderFigures Orders()
    {
        var tally = Telemetry.Tally;
        var portfolio = _host.Chain.Context.Portfolio;
        return new OrderFigures
        {
            Filled = tally.Of(OrderStatus.Filled),
            PartiallyFilled = tally.PartiallyFilled,
            Cancelled = tally.Of(OrderStatus.Cancelled),
            Expired = tally.Of(OrderStatus.Expired),
            RejectedByVenue = tally.Of(OrderStatus.Rejected),
            ContractsFilled = tally.ContractsFilled,
            TradesClosed = _host.Chain.Outbound.MeasuredOf(OutboundKind.TradeClosed),
            FinalPosition = Enumerable.Range(0, _plan.Pipeline.Instruments.Count).Sum(portfolio.Position),
            RealizedPnl = portfolio.RealizedPnlE6 / E6,
            Fees = portfolio.FeesE6 / E6,
        };
    }

    private IEnumerable<StrategyFigures> Strategies()
    {
        foreach (var strategy in Enum.GetValues<ExecutionStrategy>())
        {
            var counts = Telemetry.Execution!.Of(strategy);
            if (counts.Parents == 0)
                continue;

            yield return new StrategyFigures
            {
                Strategy = StrategyNames.NameOf(strategy),
                Orders = counts.Parents,
                Slices = counts.Slices,
                ContractsOrdered = counts.ContractsOrdered,
                ContractsExecuted = counts.ContractsExecuted,
                CostBps = double.IsNaN(counts.CostBps) ? null : Math.Round(counts.CostBps, 4),
            };
        }
    }

    private long AllocatedBytes() => _host.Roster.Threads.Sum(thread => thread.AllocatedBytes);

    /// <summary>
    /// What did not come in, and what came in and did not go through every stage; null: it is not known what was sent.
    /// </summary>
    private long? Lost(IReadOnlyList<SenderReport> senders)
    {
        var own = senders.FirstOrDefault(
            sender => sender is { Stream: SenderReport.Signals, Sender: SenderReport.Engine });
        return own?.Lost + _host.Ingress.SignalsAdmitted - Telemetry.SignalsSeen;
    }

    private List<SenderReport> Senders(EngineReport? engine)
    {
        var streams = _plan.Pipeline.Streams;
        return
        [
            .. SendersOf(
                SenderReport.Signals, streams.SignalStream, engine?.SignalSession,
                engine == null ? null : SentBy(engine)),
            .. SendersOf("market", streams.MarketStream, engine?.MarketSession, engine?.MarketUpdates),
            .. SendersOf("commands", streams.CommandStream, engine?.CommandSession, engine?.Commands),
        ];
    }

    private IEnumerable<SenderReport> SendersOf(string stream, int streamId, int? engineSession, long? engineSent)
    {
        var counts = _accounts.Single(account => account.Stream == streamId).Senders;
        if (engineSession is { } session && counts.All(sender => sender.Session != session))
            counts = [new SenderCounts(session, 0, 0), .. counts];
        foreach (var sender in counts)
        {
            var isEngine = engineSession is not null && sender.Session == engineSession;
            yield return new SenderReport
            {
                Stream = stream,
                Sender = isEngine ? SenderReport.Engine
                    : engineSession is null ? SenderReport.Unknown
                    : SenderReport.Other,
                Session = sender.Session,
                Sent = isEngine ? engineSent : null,
                Received = sender.Received,
                Rejected = sender.Refused,
            };
        }
    }

    private Dictionary<string, long> RejectedByReason(int streamId)
    {
        var account = _accounts.Single(stream => stream.Stream == streamId);
        return Enum.GetValues<RejectReason>()
            .Where(reason => account.RefusedFor(reason) > 0)
            .ToDictionary(RejectCounters.NameOf, account.RefusedFor);
    }

    private Dictionary<string, long> OutboundCounts()
    {
        var outbound = _host.Chain.Outbound;
        var counts = Enum.GetValues<OutboundKind>().ToDictionary(OutboundKinds.NameOf, outbound.MeasuredOf);
        counts.Add("dropped", outbound.MeasuredDropped);
        return counts;
    }

    private static Dictionary<string, long> CountsOf<T>(Func<T, long> count)
        where T : struct, Enum =>
        Enum.GetValues<T>()
            .Select(value => (Value: value, Count: count(value)))
            .Where(pair => pair.Count > 0)
            .ToDictionary(pair => ReportNames.KeyOf(pair.Value), pair => pair.Count);

    private RunSettings Settings(DateTimeOffset startedAt)
    {
        var threads = _host.Roster.Threads
            .Where(thread => thread.Processor != null)
            .Select(thread => $"{thread.Name} {thread.Processor}");
        return new RunSettings
        {
            RateEps = _options.RatePerSecond,
            Seed = _options.Seed,
            MarketData = _options.DataFiles.Count == 0 ? "generator" : string.Join(", ", _options.DataFiles),
            Speed = _options.Speed,
            Wait = ReportNames.KeyOf(_plan.Pipeline.Ring.Wait),
            Pinned = string.Join(", ", threads.DefaultIfEmpty("none")),
            Runtime = RuntimeInformation.FrameworkDescription,
            RuntimeOptions = RuntimeOptions(),
            StartedAt = startedAt,
            Version = typeof(DemoReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
                .InformationalVersion,
        };
    }

    private static Dictionary<string, string> RuntimeOptions() =>
        new[] { "System.GC.Server", "System.GC.Concurrent", "System.Runtime.TieredCompilation",
                "System.Runtime.TieredPGO" }
            .Where(name => AppContext.GetData(name) != null)
            .ToDictionary(name => name, name => AppContext.GetData(name)!.ToString()!);

    private static string Machine() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Processors()}");

    private static string Processors() => $"{Environment.ProcessorCount} processors";
}
