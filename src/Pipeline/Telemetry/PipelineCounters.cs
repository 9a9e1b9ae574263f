using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Stages.Inference.Swap;
using ExecutionPipeline.Stages.Risk;

namespace ExecutionPipeline.Pipeline.Telemetry;

/// <summary>
/// Publishes what an operator watches as counters of the media driver, which any process reads from shared memory. A
/// thread off the path copies the figures that the hot threads keep, so that publishing costs the path nothing. After
/// the start it allocates nothing. A counter's key is two 32-bit numbers, little-endian: the
/// <see cref="PipelineFigure"/> and the index.
/// </summary>
public sealed class PipelineCounters : IDisposable
{
    /// <summary>The counters' type; official types are below 1000.</summary>
    public const int TypeId = 5002;

    /// <summary>Ranks of a part in a latency's index.</summary>
    internal const int RankStride = 8;

    /// <summary>Bounds of a part in a total's index.</summary>
    internal const int BoundStride = 32;

    internal const int KeyBytes = 2 * sizeof(int);

    private static readonly double[] Percentiles = [50, 90, 99, 99.9, 100];

    private readonly AeronClient _aeron;
    private readonly List<Figure> _figures = [];
    private readonly byte[] _key = new byte[KeyBytes];

    /// <param name="aeron">Owns the counters: they go when it closes.</param>
    /// <param name="host">Whose figures they are; it keeps them live.</param>
    /// <param name="options">Of that host.</param>
    /// <exception cref="ArgumentException">The host keeps no live figures.</exception>
    public PipelineCounters(AeronClient aeron, PipelineHost host, PipelineOptions options)
    {
        var live = host.Chain.Live ?? throw new ArgumentException("the host keeps no live figures", nameof(host));
        _aeron = aeron;
        AddFlow(host, live);
        AddRouting(host);
        AddAccount(live, host.Chain.Risk, options);
        AddLimits(host, live, options);
        AddLatency(live.Latency);
        AddJournal(host.Journal);
        AddCanary(host.Chain.Inference.Models);
        AddProcess();
        Add(PipelineFigure.HeartbeatNs, 0, "heartbeat ns", WallNs);
    }

    /// <summary>Writes every figure. One thread at a time, a few times a second.</summary>
    public void Publish()
    {
        foreach (var figure in _figures)
            figure.Write();
    }

    public void Dispose()
    {
        foreach (var figure in _figures)
            figure.Counter.Dispose();
    }

    private void AddFlow(PipelineHost host, LiveFigures live)
    {
        Add(PipelineFigure.EventsThrough, 0, "events through", () => live.Through);
        Add(PipelineFigure.LastEventNs, 0, "last event ns", () => live.LastEventNs);
        foreach (var kind in EventKinds.OfRing)
            Add(PipelineFigure.Events, (int)kind, $"events {kind}", () => live.EventsOf(kind));
        foreach (var outcome in Enum.GetValues<RoutingOutcome>())
            Add(PipelineFigure.Signals, (int)outcome, $"signals {outcome}", () => live.SignalsOf(outcome));
        foreach (var violation in Enum.GetValues<RiskViolations>().Where(static one => one != RiskViolations.None))
        {
            var bit = BitOperations.TrailingZeroCount((uint)violation);
            Add(PipelineFigure.Refusals, bit, $"refusals {violation}", () => live.RefusalsOf(bit));
        }

        Add(PipelineFigure.EdgeRejects, 0, "edge rejects", () => host.Ingress.Rejects.Total);
        Add(PipelineFigure.RingSize, 0, "ring size", () => host.RingSize);
        Add(PipelineFigure.RingDepth, 0, "ring depth", () => host.RingDepth);
        Add(PipelineFigure.ReportsWaiting, 0, "reports waiting", () => host.ReportsWaiting);
        Add(PipelineFigure.OutboundDropped, 0, "outbound dropped", () => host.Chain.Outbound.Dropped);
    }

    private void AddRouting(PipelineHost host)
    {
        var routing = host.Chain.Routing;
        Add(PipelineFigure.OrdersSent, 0, "orders sent", () => routing.OrdersSent);
        Add(PipelineFigure.CancelsSent, 0, "cancels sent", () => routing.CancelsSent);
        Add(PipelineFigure.ReplacesSent, 0, "replaces sent", () => routing.ReplacesSent);
        Add(PipelineFigure.Fills, 0, "fills", () => routing.Fills);
        Add(PipelineFigure.ContractsFilled, 0, "contracts filled", () => routing.FilledQuantity);
        Add(PipelineFigure.VenueRejects, 0, "venue rejects", () => routing.Rejected);
        Add(PipelineFigure.WorkingOrders, 0, "working orders", () => routing.Orders.WorkingOrders);
        Add(PipelineFigure.WorkingParents, 0, "working parents", () => routing.WorkingParents);
        Add(PipelineFigure.OpenTrades, 0, "open trades", () => routing.Trades.OpenTrades);
        Add(PipelineFigure.ClosedTrades, 0, "closed trades", () => routing.Trades.ClosedTrades);
        Add(PipelineFigure.LostVenues, 0, "lost venues", () => routing.LostVenues);
    }

    private void AddAccount(LiveFigures live, RiskStage risk, PipelineOptions options)
    {
        var account = live.Account;
        Add(PipelineFigure.Equity, 0, "equity e6", () => account.EquityE6);
        Add(PipelineFigure.RealizedPnl, 0, "realized pnl e6", () => account.RealizedPnlE6);
        Add(PipelineFigure.UnrealizedPnl, 0, "unrealized pnl e6", () => account.UnrealizedPnlE6);
        Add(PipelineFigure.GrossNotional, 0, "gross notional e6", () => account.GrossNotionalE6);
        for (var i = 0; i < options.Instruments.Count; i++)
        {
            var (index, instrument) = (i, options.Instruments[i]);
            var (id, name) = ((int)instrument.Id, instrument.Symbol);
            Add(PipelineFigure.Position, id, $"position {name}", () => live.PositionOf(index));
            Add(PipelineFigure.MarkPrice, id, $"mark price e9 {name}", () => live.MarkOf(index));
            Add(PipelineFigure.OpenPnl, id, $"open pnl e6 {name}", () => OpenPnlE6(live, index, instrument.Multiplier));
            Add(PipelineFigure.EntriesStopped, id, $"entries stopped {name}", () => risk.IsEntryStopped(index) ? 1 : 0);
        }
    }

    /// <summary>What is used is taken from the last event; what orders on their way could add is not in it.</summary>
    private void AddLimits(PipelineHost host, LiveFigures live, PipelineOptions options)
    {
        const double e9 = 1e9;
        var (account, instruments) = (live.Account, options.Instruments.Count);
        var risk = host.Chain.Risk;
        AddLimit(LimitGauge.Position, () => risk.Limits.MaxPosition, () => LargestPosition(live, instruments));
        AddLimit(LimitGauge.Notional, () => (long)(risk.Limits.MaxNotional * 1e6m), () => account.GrossNotionalE6);
        AddLimit(LimitGauge.DailyVar, () => (long)(risk.Limits.MaxDailyVar * 1e6), () => account.DailyVarE6);
        AddLimit(
            LimitGauge.DailyDrawdown, () => (long)(risk.Limits.MaxDailyDrawdown * e9), () => account.DailyDrawdownE9);
        AddLimit(
            LimitGauge.WeeklyDrawdown,
            () => (long)(risk.Limits.MaxWeeklyDrawdown * e9),
            () => account.WeeklyDrawdownE9);
        AddLimit(LimitGauge.DailyTrades, () => risk.Limits.MaxDailyTrades, () => live.TradesToday);
        AddLimit(LimitGauge.OpenPositions, () => risk.Limits.MaxOpenPositions, () => account.OpenPositions);
        Add(PipelineFigure.KillCause, 0, "kill cause", () => (long)live.KillCause);
        Add(PipelineFigure.Killed, 0, "killed", () => host.IsKilled ? 1 : 0);
        Add(PipelineFigure.Fault, 0, "fault", () => host.Fault != null ? 1 : 0);
        foreach (var breaker in Enum.GetValues<BreakerKind>())
            Add(PipelineFigure.Breaker, (int)breaker, $"breaker {breaker}", () => (long)live.BreakerOf(breaker));
    }

    private void AddLimit(LimitGauge gauge, Func<long> limit, Func<long> used)
    {
        Add(PipelineFigure.Limit, (int)gauge, $"limit {gauge}", limit);
        Add(PipelineFigure.LimitUsed, (int)gauge, $"used of limit {gauge}", used);
    }

    private void AddLatency(LatencyWindows latency)
    {
        // Collected with the first of these figures, so that the others are of the same second.
        Add(PipelineFigure.LatencyCountSecond, 0, "latency signals in second", () => CollectSecond(latency));
        Add(
            PipelineFigure.LatencyCountMinute, 0, "latency signals in minute",
            () => latency.CountOf(LatencyWindow.Minute));
        foreach (var part in Enum.GetValues<LatencyPart>())
        {
            foreach (var rank in Enum.GetValues<LatencyRank>())
            {
                var (index, percentile) = ((int)part * RankStride + (int)rank, Percentiles[(int)rank]);
                Add(PipelineFigure.LatencySecond, index, $"latency ns {part} {rank} second",
                    () => latency.PercentileOf(LatencyWindow.Second, part, percentile));
                Add(PipelineFigure.LatencyMinute, index, $"latency ns {part} {rank} minute",
                    () => latency.PercentileOf(LatencyWindow.Minute, part, percentile));
            }
        }

        AddLatencyTotals(latency.Totals);
    }

    private void AddLatencyTotals(LatencyTotals totals)
    {
        foreach (var part in Enum.GetValues<LatencyPart>())
        {
            for (var i = 0; i <= LatencyTotals.BoundsNs.Count; i++)
            {
                var bound = i;
                var name = bound < LatencyTotals.BoundsNs.Count ? $"{LatencyTotals.BoundsNs[bound]} ns" : "all";
                Add(
                    PipelineFigure.LatencyAtMost, (int)part * BoundStride + bound, $"latencies {part} at most {name}",
                    () => totals.AtMost(part, bound));
            }

            Add(PipelineFigure.LatencySumNs, (int)part, $"latency sum ns {part}", () => totals.SumNs(part));
        }
    }

    private void AddJournal(EventJournal? journal)
    {
        if (journal is null)
            return;

        Add(PipelineFigure.JournalTrouble, 0, "journal trouble", () => (long)journal.Trouble);
        Add(PipelineFigure.JournalEvents, 0, "journal events", () => journal.NextSequence);
        if (journal.IsSynced)
            Add(PipelineFigure.JournalLag, 0, "journal lag events", () => journal.Unsynced);
    }

    private void AddCanary(ModelSwitch models)
    {
        AddCanary(models, CanaryGauge.State, static canary => (long)canary.State);
        AddCanary(models, CanaryGauge.Version, static canary => (long)canary.Version);
        AddCanary(models, CanaryGauge.ShareBps, static canary => canary.ShareBps);
        AddCanary(models, CanaryGauge.Decisions, static canary => canary.Decisions);
        AddCanary(models, CanaryGauge.Others, static canary => canary.Others);
        AddCanary(models, CanaryGauge.Invalid, static canary => canary.Invalid);
        AddCanary(models, CanaryGauge.Disagreements, static canary => canary.Disagreements);
        AddCanary(models, CanaryGauge.SizeDifferenceE6, static canary => (long)(canary.MeanSizeDifference * 1e6));
        AddCanary(models, CanaryGauge.CandidateNs, static canary => (long)canary.CandidateMeanNs);
        AddCanary(models, CanaryGauge.IncumbentNs, static canary => (long)canary.IncumbentMeanNs);
    }

    private void AddCanary(ModelSwitch models, CanaryGauge gauge, Func<CanaryFigures, long> read) => Add(
        PipelineFigure.Canary, (int)gauge, $"canary {gauge}", () => models.Canary is { } canary ? read(canary) : 0);

    private void AddProcess()
    {
        var startedNs = WallNs();
        Add(PipelineFigure.StartedNs, 0, "started ns", () => startedNs);
        Add(PipelineFigure.ProcessId, 0, "process id", static () => Environment.ProcessId);
        Add(PipelineFigure.ProcessNamespace, 0, "process namespace", static () => ProcessNamespace.Own);
        for (var i = 0; i <= GC.MaxGeneration; i++)
        {
            var generation = i;
            Add(
                PipelineFigure.Collections, generation, $"collections of generation {generation}",
                () => GC.CollectionCount(generation));
        }

        Add(PipelineFigure.AllocatedBytes, 0, "allocated bytes", static () => GC.GetTotalAllocatedBytes());
        Add(
            PipelineFigure.CollectionPauseNs, 0, "collection pause ns",
            static () => GC.GetTotalPauseDuration().Ticks * TimeSpan.NanosecondsPerTick);
    }

    private static long CollectSecond(LatencyWindows latency)
    {
        latency.TryCollect();
        return latency.CountOf(LatencyWindow.Second);
    }

    private static long LargestPosition(LiveFigures live, int instruments)
    {
        var largest = 0L;
        for (var i = 0; i < instruments; i++)
            largest = Math.Max(largest, Math.Abs(live.PositionOf(i)));
        return largest;
    }

    private static long OpenPnlE6(LiveFigures live, int index, int multiplier)
    {
        var (position, mark, average) = (live.PositionOf(index), live.MarkOf(index), live.AveragePriceOf(index));
        return position == 0 || mark == 0 ? 0 : (long)((Int128)(mark - average) * position * multiplier / 1000);
    }

    private static long WallNs() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    private void Add(PipelineFigure figure, int index, string label, Func<long> read)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_key, (int)figure);
        BinaryPrimitives.WriteInt32LittleEndian(_key.AsSpan(sizeof(int)), index);
        var text = Encoding.ASCII.GetBytes($"xp {label}");
        var counter = _aeron.AddCounter(
            TypeId, new UnsafeBuffer(_key), 0, _key.Length, new UnsafeBuffer(text), 0, text.Length);
        _figures.Add(new Figure(counter, read));
    }

    private sealed record Figure(Counter Counter, Func<long> Read)
    {
        public void Write() => Counter.SetOrdered(Read());
    }
}
