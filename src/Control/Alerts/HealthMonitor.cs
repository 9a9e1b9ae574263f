using System.Diagnostics;
using ExecutionPipeline.Control.Api;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Control.Alerts;

/// <summary>How well something is; the worst is last but for what nothing tells.</summary>
public enum HealthWord
{
    Healthy,
    Degraded,
    Critical,

    /// <summary>Nothing tells.</summary>
    Unknown,
}

/// <summary>A component and what is wrong with it.</summary>
/// <param name="Status">The worst of its figures decides.</param>
/// <param name="Issues">What is wrong, as sentences.</param>
/// <param name="Metrics">Its figures; what is not known is left out.</param>
/// <param name="Thresholds">What they are held to.</param>
public sealed record ComponentHealth(
    HealthWord Status, IReadOnlyList<string> Issues, IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyDictionary<string, double> Thresholds);

/// <summary>How the components were at a look.</summary>
/// <param name="At">When it was looked.</param>
/// <param name="Overall">The worst of the components of which something is known.</param>
/// <param name="Components">By name.</param>
/// <param name="DurationUs">How long the look took, in microseconds.</param>
public sealed record HealthLook(
    DateTime At, HealthWord Overall, IReadOnlyDictionary<string, ComponentHealth> Components, double DurationUs);

/// <summary>
/// The six components of the requirements, from what the control plane sees. One thread looks, any thread may read.
/// </summary>
public sealed class HealthMonitor(
    CounterWatch counters, PipelineLink link, LatencyHistory latencies, EntryHistory entries, AgentDesk agents,
    MachineLoad machine)
{
    private const int LooksKept = 1_000;
    private static readonly TimeSpan LatencyTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan QualityTime = TimeSpan.FromHours(1);
    private const int QualityEntries = 100;

    private readonly Lock _gate = new();
    private readonly LinkedList<(HealthLook Look, int Alerts)> _history = [];

    /// <summary>The last look; the first one is made when it is asked for.</summary>
    public HealthLook Last
    {
        get
        {
            lock (_gate)
            {
                if (_history.First is { } last)
                    return last.Value.Look;
            }

            return Look(alerts: 0);
        }
    }

    /// <summary>The last looks, the newest first, with the number of alerts that were active.</summary>
    public IReadOnlyList<(HealthLook Look, int Alerts)> History
    {
        get
        {
            lock (_gate)
                return [.. _history];
        }
    }

    /// <summary>Looks at everything now, and keeps what it has found.</summary>
    /// <param name="alerts">How many are active.</param>
    public HealthLook Look(int alerts)
    {
        var look = Assess();
        lock (_gate)
        {
            _history.AddFirst((look, alerts));
            if (_history.Count > LooksKept)
                _history.RemoveLast();
        }

        return look;
    }

    /// <summary>Looks at everything now.</summary>
    public HealthLook Assess()
    {
        var began = Stopwatch.GetTimestamp();
        var pipeline = counters.Last;
        var reading = pipeline.IsFresh ? pipeline.Reading : null;
        var components = new Dictionary<string, ComponentHealth>
        {
            ["latency"] = reading is null ? NoFigures : LatencyHealth(),
            ["quality"] = QualityHealth(),
            ["system"] = SystemHealth(pipeline),
            ["models"] = ModelHealth(),
            ["risk"] = reading is null ? NoFigures : RiskHealth(reading),
            ["connectivity"] = ConnectivityHealth(reading),
        };
        var known = components.Values.Select(static one => one.Status).Where(static one => one != HealthWord.Unknown);
        return new HealthLook(
            DateTime.UtcNow, known.DefaultIfEmpty(HealthWord.Unknown).Max(), components,
            Stopwatch.GetElapsedTime(began).TotalMicroseconds);
    }

    private static ComponentHealth NoFigures => Unknown("there are no fresh figures");

    private ComponentHealth LatencyHealth()
    {
        var issues = new HealthIssues();
        AddPercentile("execution_p99_us", LatencyPart.EndToEnd, 99, ServiceLevels.TotalP99Us);
        AddPercentile("agent_inference_p95_us", LatencyPart.Inference, 95, ServiceLevels.InferenceP95Us);
        AddPercentile("risk_check_p90_us", LatencyPart.Risk, 90, ServiceLevels.RiskCheckP90Us);
        AddPercentile("order_placement_p90_us", LatencyPart.Routing, 90, ServiceLevels.PlacementP90Us);
        return issues.Whole();

        void AddPercentile(string name, LatencyPart part, double percentile, ServiceLevel level)
        {
            var counts = latencies.Recent(part, LatencyTime);
            issues.AddMost(
                name, counts.Count >= ServiceLevels.LeastSamples ? counts.PercentileUs(percentile) : null, level);
        }
    }

    private ComponentHealth QualityHealth()
    {
        var last = entries.Within(QualityTime, QualityEntries);
        if (last.Count < ServiceLevels.LeastSamples)
            return Unknown($"fewer than {ServiceLevels.LeastSamples} entries have ended");

        var issues = new HealthIssues();
        issues.AddLeast("fill_rate_p5", Series.Of(last, static one => one.FillRate).Rank(5), ServiceLevels.FillRateP5);
        issues.AddMost(
            "slippage_p95_bps", Series.Of(last, static one => one.SlippageBps).Rank(95), ServiceLevels.SlippageP95Bps);
        issues.AddMost(
            "market_impact_p90_bps", Series.Of(last, static one => one.ImpactBps).Rank(90), ServiceLevels.ImpactP90Bps);
        return issues.Whole();
    }

    private ComponentHealth SystemHealth(PipelineLook look)
    {
        var issues = new HealthIssues();
        issues.AddIf(look.Reading is null, HealthWord.Critical, look.Problem ?? "there is no pipeline");
        issues.AddIf(look.Reading is not null && !look.IsFresh, HealthWord.Critical, "the figures are stale");
        issues.AddIf(look.IsFresh && !look.IsRingAlive, HealthWord.Critical, "the ring stands still");
        issues.AddIf(look.Reading?[PipelineFigure.Fault] > 0, HealthWord.Critical, "a fault has ended trading");
        var trouble = (JournalTrouble)(look.Reading?[PipelineFigure.JournalTrouble] ?? 0);
        issues.AddIf(
            trouble != JournalTrouble.None, HealthWord.Critical, $"the journal is in trouble: {Json.NameOf(trouble)}");
        issues.Add("events_per_second", look.EventsPerSecond);
        issues.Add("ring_depth", look.Reading?[PipelineFigure.RingDepth]);
        issues.Add("figures_age_seconds", look.AgeSeconds);
        machine.Look();
        issues.AddMost("cpu_pct", machine.CpuPct, new ServiceLevel(ServiceLevels.CpuMostPct, double.PositiveInfinity));
        issues.AddMost(
            "memory_pct", machine.MemoryPct, new ServiceLevel(ServiceLevels.MemoryMostPct, double.PositiveInfinity));
        return issues.Whole();
    }

    private ComponentHealth ModelHealth()
    {
        var scored = agents.Performances.Where(static one => one.Decisions >= ServiceLevels.LeastSamples).ToList();
        if (scored.Count == 0)
            return Unknown($"fewer than {ServiceLevels.LeastSamples} decisions have been executed");

        var issues = new HealthIssues();
        foreach (var agent in scored)
            issues.AddLeast($"{agent.Agent}_accuracy", agent.Accuracy, ServiceLevels.Agents[agent.Agent]);
        return issues.Whole();
    }

    private static ComponentHealth RiskHealth(PipelineReading now)
    {
        var issues = new HealthIssues();
        var cause = (KillCause)now[PipelineFigure.KillCause];
        issues.AddIf(
            now[PipelineFigure.Killed] != 0, HealthWord.Critical, $"the kill switch is latched: {Json.NameOf(cause)}");
        foreach (var gauge in Enum.GetValues<LimitGauge>())
        {
            var share = StateApi.LimitOf(now, gauge).UtilizationPct / 100;
            issues.AddIf(share > 1, HealthWord.Critical, $"the limit {Json.NameOf(gauge)} is broken");
            issues.AddIf(share == 1, HealthWord.Degraded, $"all of the limit {Json.NameOf(gauge)} is used");
            issues.Add($"{Json.NameOf(gauge)}_used", share);
        }

        issues.Add("refusals", StateApi.RefusalsOf(now).Values.Sum());
        return issues.Whole();
    }

    private ComponentHealth ConnectivityHealth(PipelineReading? now)
    {
        var issues = new HealthIssues();
        issues.AddIf(link.Problem is not null, HealthWord.Critical, link.Problem ?? "");
        foreach (var breaker in (BreakerKind[])[BreakerKind.VenueUnavailability, BreakerKind.ExecutionFailure])
        {
            var state = (BreakerState)(now?[PipelineFigure.Breaker, (int)breaker] ?? 0);
            issues.AddIf(
                state != BreakerState.Closed, HealthWord.Degraded,
                $"the breaker {Json.NameOf(breaker)} is {Json.NameOf(state)}");
        }

        issues.Add("outbound_dropped", now?[PipelineFigure.OutboundDropped]);
        return issues.Whole();
    }

    private static ComponentHealth Unknown(string why) =>
        new(HealthWord.Unknown, [why], new Dictionary<string, double>(), new Dictionary<string, double>());
}

/// <summary>Gathers what is wrong with a component.</summary>
internal sealed class HealthIssues
{
    private readonly List<string> _texts = [];
    private readonly Dictionary<string, double> _metrics = [];
    private readonly Dictionary<string, double> _thresholds = [];
    private HealthWord _worst = HealthWord.Healthy;

    public void AddIf(bool isSo, HealthWord status, string text)
    {
        if (!isSo)
            return;

        _texts.Add(text);
        _worst = (HealthWord)Math.Max((int)_worst, (int)status);
    }

    /// <summary>A figure that is held to nothing; null: it is not known.</summary>
    public void Add(string name, double? value)
    {
        if (value is { } known)
            _metrics[name] = known;
    }

    /// <summary>A figure that is to be at most something; null: it is not known.</summary>
    public void AddMost(string name, double? value, ServiceLevel level) =>
        AddHeld(name, value, level, sign: 1, "above");

    /// <summary>A figure that is to be at least something; null: it is not known.</summary>
    public void AddLeast(string name, double? value, ServiceLevel level) =>
        AddHeld(name, value, level, sign: -1, "below");

    public ComponentHealth Whole() => new(_worst, _texts, _metrics, _thresholds);

    private void AddHeld(string name, double? value, ServiceLevel level, int sign, string word)
    {
        _thresholds[$"{name}_target"] = level.Target;
        if (double.IsFinite(level.Critical))
            _thresholds[$"{name}_critical"] = level.Critical;
        Add(name, value);
        if (value is not { } known || sign * known <= sign * level.Target)
            return;

        var isCritical = sign * known > sign * level.Critical;
        var bound = isCritical ? level.Critical : level.Target;
        AddIf(
            true, isCritical ? HealthWord.Critical : HealthWord.Degraded,
            FormattableString.Invariant($"{name} is {known:0.###}, {word} {bound}"));
    }
}
