using System.Numerics;
using ExecutionPipeline.Control.Api;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Control.Alerts;

/// <summary>
/// What is worth an alert, at each look. Faults are told at once. The rules of the requirements' appendix E.2 wait as
/// long as it says; their conditions of section 2 do not, so that a slow stage is seen within seconds. A rule to which
/// the figures are missing says nothing: what it has raised stands.
/// </summary>
public sealed class AlertRules(
    CounterWatch counters, PipelineLink link, LatencyHistory latencies, EntryHistory entries, AgentDesk agents,
    HealthMonitor health)
{
    private const int SeriesEntries = 100;
    private const double MediumShare = 1.5;
    private const double HighShare = 2;
    private const double MeanFillRateLeast = .98;
    private const double NearlyUsedPct = 80;
    private const double WholePct = 100;
    private const double BacklogShare = .5;
    private const double AgentAccuracyLeast = .6;
    private const int EdgeRejectsMost = 10;
    private const double VenueRejectsShare = .05;
    private const double CriticalP99Us = 2_000;
    private const double DegradedP95Us = 1_000;
    private const double NanosPerMicro = 1e3;

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SecondsTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MinuteTime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan QualityTime = TimeSpan.FromHours(1);
    private static readonly TimeSpan RestartTime = TimeSpan.FromMinutes(5);

    /// <summary>The types of alerts that there are.</summary>
    public static IReadOnlyList<string> Types { get; } =
    [
        "pipeline_down", "connection_lost", "pipeline_fault", "pipeline_restarted", "journal_degraded",
        "kill_switch_latched", "breaker_open", "ring_backlog", "outbound_dropped", "edge_rejects", "venue_rejects",
        "risk_violation", "limit_nearly_used", "latency_degradation", "execution_latency_critical",
        "execution_latency_degraded", "low_fill_rate", "high_slippage", "fill_rate_critical",
        "agent_performance_degraded", "venue_lost", "system_health_critical",
    ];

    private readonly CounterDeltas _deltas = new(RestartTime);
    private readonly DateTime _since = NanoClock.UtcNow;
    private bool _hasSeenPipeline;

    /// <summary>How things are now. One thread at a time.</summary>
    public IReadOnlyList<Finding> Find(DateTime now)
    {
        var look = counters.Last;
        var reading = look.IsFresh ? look.Reading : null;
        _hasSeenPipeline |= reading is not null;
        if (reading is not null)
            _deltas.Take(now, reading);
        return
        [
            .. Pipeline(now, look, reading), .. Switches(reading), .. Flows(now, reading), .. Limits(reading),
            .. Latencies(reading), .. Quality(now), .. Agents(), Venue(reading), Health(),
        ];
    }

    private IEnumerable<Finding> Pipeline(DateTime now, PipelineLook look, PipelineReading? reading)
    {
        // Whoever starts both may start this one first.
        var isStarting = !_hasSeenPipeline && now - _since < StartTime;
        yield return Of(
            "pipeline_down", AlertSeverity.Critical, isStarting ? null : !look.IsRingAlive,
            look.Reading is null ? $"No pipeline publishes figures: {look.Problem}."
            : !look.IsFresh ? FormattableString.Invariant(
                $"The pipeline last wrote its figures {look.AgeSeconds:0.0} s ago.")
            : "No event passes the ring.");
        yield return Of(
            "connection_lost", AlertSeverity.Critical, isStarting ? null : link.Problem is not null && look.IsRingAlive,
            $"The pipeline's streams are not reached, so it takes no command from here: {link.Problem}.",
            duration: TimeSpan.FromSeconds(2));
        yield return Of(
            "pipeline_fault", AlertSeverity.Critical, reading?[PipelineFigure.Fault] > 0, reading is null,
            "A fault has ended trading.");
        yield return Of(
            "pipeline_restarted", AlertSeverity.Warning, _deltas.HasRestarted, reading is null,
            "The pipeline has started again within the last five minutes.");
        var trouble = (JournalTrouble)(reading?[PipelineFigure.JournalTrouble] ?? 0);
        yield return Of(
            "journal_degraded", AlertSeverity.Critical, trouble != JournalTrouble.None, reading is null,
            $"The journal is in trouble, so no order leaves that adds risk: {Json.NameOf(trouble)}.");
    }

    private static IEnumerable<Finding> Switches(PipelineReading? reading)
    {
        var cause = (KillCause)(reading?[PipelineFigure.KillCause] ?? 0);
        yield return Of(
            "kill_switch_latched", AlertSeverity.Critical, reading?[PipelineFigure.Killed] > 0, reading is null,
            $"The kill switch is latched, so no order leaves that adds risk: {Json.NameOf(cause)}.");
        foreach (var breaker in Enum.GetValues<BreakerKind>())
        {
            var state = (BreakerState)(reading?[PipelineFigure.Breaker, (int)breaker] ?? 0);
            yield return Of(
                "breaker_open", AlertSeverity.High, state != BreakerState.Closed, reading is null,
                $"The breaker {Json.NameOf(breaker)} is {Json.NameOf(state)}.", Json.NameOf(breaker));
        }
    }

    private IEnumerable<Finding> Flows(DateTime now, PipelineReading? reading)
    {
        var depth = (double)(reading?[PipelineFigure.RingDepth] ?? 0)
            / Math.Max(1, reading?[PipelineFigure.RingSize] ?? 1);
        yield return Of(
            "ring_backlog", AlertSeverity.Warning, depth > BacklogShare, reading is null,
            FormattableString.Invariant($"The ring is {depth:P0} full: events come faster than they are taken."),
            duration: TimeSpan.FromSeconds(3));
        var dropped = _deltas.Of(PipelineFigure.OutboundDropped, now, MinuteTime);
        yield return Of(
            "outbound_dropped", AlertSeverity.Warning, dropped > 0, reading is null,
            $"{dropped} outbound messages were dropped within a minute, since a reader was too slow.");
        var refused = _deltas.Of(PipelineFigure.EdgeRejects, now, RestartTime);
        yield return Of(
            "edge_rejects", AlertSeverity.Warning, refused > EdgeRejectsMost, reading is null,
            $"{refused} messages were refused at the edge within five minutes.");
        var sent = _deltas.Of(PipelineFigure.OrdersSent, now, RestartTime);
        var rejects = _deltas.Of(PipelineFigure.VenueRejects, now, RestartTime);
        yield return Of(
            "venue_rejects", AlertSeverity.Warning, rejects > VenueRejectsShare * sent && rejects > 0, reading is null,
            $"The venue has refused {rejects} of {sent} orders within five minutes.", duration: MinuteTime);
    }

    private static IEnumerable<Finding> Limits(PipelineReading? reading)
    {
        foreach (var gauge in Enum.GetValues<LimitGauge>())
        {
            var name = Json.NameOf(gauge);
            var used = reading is null ? 0 : StateApi.LimitOf(reading, gauge).UtilizationPct;
            var text = FormattableString.Invariant($"{used:0.#} % of the limit {name} is used.");
            yield return Of("risk_violation", AlertSeverity.Critical, used > WholePct, reading is null, text, name);
            yield return Of(
                "limit_nearly_used", AlertSeverity.Warning, used > NearlyUsedPct, reading is null, text, name,
                MinuteTime);
        }
    }

    private IEnumerable<Finding> Latencies(PipelineReading? reading)
    {
        foreach (var stage in ServiceLevels.Stages)
        {
            var p95 = Percentile(stage.Part, 95, SecondsTime);
            var text = $"The p95 of {stage.Name} is {Us(p95)}; its target is {stage.TargetUs} us.";
            var isHigh = p95 > HighShare * stage.TargetUs;
            yield return Of("latency_degradation", AlertSeverity.High, isHigh, reading is null, text, stage.Name);
            yield return Of(
                "latency_degradation", AlertSeverity.Medium, p95 > MediumShare * stage.TargetUs && !isHigh,
                reading is null, text, stage.Name);
        }

        var p99 = Percentile(LatencyPart.EndToEnd, 99, MinuteTime);
        yield return Of(
            "execution_latency_critical", AlertSeverity.Critical, p99 > CriticalP99Us, reading is null,
            $"The p99 from signal to order is {Us(p99)}; {Us(CriticalP99Us)} is the limit.",
            duration: TimeSpan.FromMinutes(2));
        var whole = Percentile(LatencyPart.EndToEnd, 95, MinuteTime);
        yield return Of(
            "execution_latency_degraded", AlertSeverity.Warning, whole > DegradedP95Us, reading is null,
            $"The p95 from signal to order is {Us(whole)}; {Us(DegradedP95Us)} is the target.",
            duration: TimeSpan.FromMinutes(5));
    }

    /// <summary>What is beyond the last bound counts as long as it.</summary>
    private static string Us(double? us) => us * NanosPerMicro >= LatencyTotals.BoundsNs[^1]
        ? FormattableString.Invariant($"{us:0} us or more")
        : FormattableString.Invariant($"{us:0} us");

    /// <summary>Too few signals are no percentile, and nothing is slow then.</summary>
    private double? Percentile(LatencyPart part, double percentile, TimeSpan time) =>
        latencies.Recent(part, time) is var counts && counts.Count >= ServiceLevels.LeastSamples
            ? counts.PercentileUs(percentile)
            : null;

    private IEnumerable<Finding> Quality(DateTime now)
    {
        var last = entries.Within(QualityTime, SeriesEntries);
        var isFew = last.Count < ServiceLevels.LeastSamples;
        // Who has not listened for as long as entries count cannot say that there were few.
        var isUnknown = isFew && now - _since < QualityTime;
        var rates = Series.Of(last, static one => one.FillRate);
        var slippage = Series.Of(last, static one => one.SlippageBps).Rank(95);
        yield return Of(
            "low_fill_rate", AlertSeverity.Medium, !isFew && rates.Mean < MeanFillRateLeast, isUnknown,
            FormattableString.Invariant($"The mean fill rate of the last entries is {rates.Mean:0.000}."));
        yield return Of(
            "high_slippage", AlertSeverity.High, !isFew && slippage > ServiceLevels.SlippageP95Bps.Critical,
            isUnknown, FormattableString.Invariant($"The p95 of slippage is {slippage:0.0} basis points."));
        yield return Of(
            "fill_rate_critical", AlertSeverity.Critical,
            !isFew && rates.Rank(5) < ServiceLevels.FillRateP5.Critical, isUnknown,
            FormattableString.Invariant($"The worst twentieth of entries is filled to {rates.Rank(5):0.000} or less."),
            duration: TimeSpan.FromMinutes(5));
    }

    private IEnumerable<Finding> Agents()
    {
        var performances = agents.Performances;
        foreach (var name in AgentDesk.Agents)
        {
            var agent = performances.FirstOrDefault(one => one.Agent == name);
            yield return Of(
                "agent_performance_degraded", AlertSeverity.Warning,
                agent?.Accuracy < AgentAccuracyLeast, !(agent?.Decisions >= ServiceLevels.LeastSamples),
                FormattableString.Invariant($"{agent?.Accuracy:P0} of the decisions of {name} were correct."), name,
                TimeSpan.FromMinutes(15));
        }
    }

    /// <summary>
    /// As the pipeline itself stands to its venues: messages of that may be older than this control plane, or gone.
    /// A pipeline that goes on with its journal counts them as lost until they answer.
    /// </summary>
    private static Finding Venue(PipelineReading? reading)
    {
        var lost = reading?[PipelineFigure.LostVenues] ?? 0;
        var which = BitOperations.IsPow2(lost) ? "a venue" : $"{BitOperations.PopCount((ulong)lost)} venues";
        return Of(
            "venue_lost", AlertSeverity.Critical, lost != 0, reading is null, $"The connection to {which} is lost.",
            duration: TimeSpan.FromSeconds(2));
    }

    private Finding Health()
    {
        var last = health.Last;
        var bad = last.Components.Where(static one => one.Value.Status == HealthWord.Critical)
            .Select(static one => $"{one.Key} ({string.Join("; ", one.Value.Issues)})");
        return Of(
            "system_health_critical", AlertSeverity.Critical,
            !_hasSeenPipeline && NanoClock.UtcNow - _since < StartTime ? null : last.Overall == HealthWord.Critical,
            $"Critical are: {string.Join(", ", bad)}.");
    }

    private static Finding Of(
        string type, AlertSeverity severity, bool? isSo, string message, string subject = "",
        TimeSpan duration = default) => new(new AlertKey(type, severity, subject), isSo, message, duration);

    private static Finding Of(
        string type, AlertSeverity severity, bool? isSo, bool isUnknown, string message, string subject = "",
        TimeSpan duration = default) =>
        Of(type, severity, isUnknown ? null : isSo ?? false, message, subject, duration);
}

/// <summary>How much counters have grown within a time, from one look a second.</summary>
internal sealed class CounterDeltas(TimeSpan longest)
{
    private static readonly PipelineFigure[] Figures =
    [
        PipelineFigure.OutboundDropped, PipelineFigure.EdgeRejects, PipelineFigure.VenueRejects,
        PipelineFigure.OrdersSent,
    ];

    private readonly LinkedList<(DateTime At, long[] Values)> _looks = [];
    private DateTime _restartedAt = DateTime.MinValue;
    private DateTime _now;
    private PipelineReading? _last;

    /// <summary>Whether the pipeline has begun anew within the longest time.</summary>
    public bool HasRestarted => _now - _restartedAt < longest;

    /// <summary>Takes a look in.</summary>
    public void Take(DateTime now, PipelineReading reading)
    {
        if (_last is not null && reading.IsOfAnotherRunThan(_last))
        {
            _looks.Clear();
            _restartedAt = now;
        }

        (_now, _last) = (now, reading);
        _looks.AddFirst((now, [.. Figures.Select(figure => reading[figure])]));
        while (now - _looks.Last!.Value.At > longest)
            _looks.RemoveLast();
    }

    /// <summary>How much a figure has grown within a time, or since it is looked at.</summary>
    public long Of(PipelineFigure figure, DateTime now, TimeSpan time)
    {
        if (_looks.First is not { } last)
            return 0;

        var index = Array.IndexOf(Figures, figure);
        var first = last;
        while (first.Next is { } before && now - before.Value.At <= time)
            first = before;
        return last.Value.Values[index] - first.Value.Values[index];
    }
}
