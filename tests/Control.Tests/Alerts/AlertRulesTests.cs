using ExecutionPipeline.Control.Alerts;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Prometheus;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Control.Tests.Alerts;

/// <summary>Each rule, by figures and messages as a pipeline publishes them.</summary>
public sealed class AlertRulesTests
{
    private const int Signals = 1_000;
    private static readonly DateTime Start = DateTime.UtcNow;

    private readonly Dictionary<(PipelineFigure, int), long> _figures = [];
    private CounterWatch _counters = null!;
    private PipelineLink _link = null!;
    private LatencyHistory _latencies = null!;
    private EntryHistory _entries = null!;
    private AgentDesk _agents = null!;
    private AlertRules _rules = null!;
    private long _through;

    [SetUp]
    public void Begin()
    {
        var options = new ControlOptions { AeronDirectory = "/nowhere", KeyFile = "/nowhere/keys.json" };
        _figures.Clear();
        _through = 0;
        _counters = new CounterWatch(options);
        var records = new PipelineRecords(options);
        _agents = new AgentDesk();
        _entries = new EntryHistory(options, records, new ExecutionCounts(), _agents);
        _link = new PipelineLink(options, records, new AnswerDesk(), _entries);
        _latencies = new LatencyHistory();
        var health = new HealthMonitor(_counters, _link, _latencies, _entries, _agents, new MachineLoad());
        _rules = new AlertRules(_counters, _link, _latencies, _entries, _agents, health);
        Look(TimeSpan.Zero);
    }

    [TearDown]
    public void End()
    {
        _counters.Dispose();
        _link.Dispose();
    }

    [TestCase(PipelineFigure.Killed, 0, 1, "kill_switch_latched", AlertSeverity.Critical, "")]
    [TestCase(PipelineFigure.Fault, 0, 1, "pipeline_fault", AlertSeverity.Critical, "")]
    [TestCase(
        PipelineFigure.JournalTrouble, 0, (long)JournalTrouble.DiskFailed, "journal_degraded", AlertSeverity.Critical,
        "")]
    [TestCase(
        PipelineFigure.Breaker, (int)BreakerKind.VenueUnavailability, (long)BreakerState.Open, "breaker_open",
        AlertSeverity.High, "venue_unavailability")]
    [TestCase(PipelineFigure.RingDepth, 0, 51, "ring_backlog", AlertSeverity.Warning, "")]
    [TestCase(PipelineFigure.OutboundDropped, 0, 1, "outbound_dropped", AlertSeverity.Warning, "")]
    [TestCase(PipelineFigure.EdgeRejects, 0, 11, "edge_rejects", AlertSeverity.Warning, "")]
    [TestCase(PipelineFigure.VenueRejects, 0, 6, "venue_rejects", AlertSeverity.Warning, "")]
    [TestCase(
        PipelineFigure.LimitUsed, (int)LimitGauge.Position, 11, "risk_violation", AlertSeverity.Critical, "position")]
    [TestCase(
        PipelineFigure.LimitUsed, (int)LimitGauge.Position, 9, "limit_nearly_used", AlertSeverity.Warning, "position")]
    public void ShouldFindItWhenAFigureSaysSo(
        PipelineFigure figure, int index, long value, string type, AlertSeverity severity, string subject)
    {
        _figures[(PipelineFigure.RingSize, 0)] = 100;
        _figures[(PipelineFigure.Limit, (int)LimitGauge.Position)] = 10;
        Look(TimeSpan.FromSeconds(1));
        Assert.That(Find(type, severity, subject), Is.False, "all is well");

        _figures[(figure, index)] = value;
        if (type == "venue_rejects")
            _figures[(PipelineFigure.OrdersSent, 0)] = 100;
        Look(TimeSpan.FromSeconds(2));

        Assert.That(Find(type, severity, subject), Is.True);
    }

    [Test]
    public void ShouldFindNoFewerThanTheRulesThatAreNamed()
    {
        var found = _rules.Find(Start).Select(static one => one.Key.Type).Distinct();
        Assert.That(found, Is.EquivalentTo(AlertRules.Types));
    }

    [TestCase(80, null)]
    [TestCase(180, AlertSeverity.Medium)]
    [TestCase(450, AlertSeverity.High)]
    public void ShouldFindASlowStageWithinSecondsWhenItsP95IsBeyondItsTarget(int slowUs, AlertSeverity? expected)
    {
        Record(LatencyPart.Risk, slowUs * 1_000L);
        Look(TimeSpan.FromSeconds(2));

        foreach (var severity in (AlertSeverity[])[AlertSeverity.Medium, AlertSeverity.High])
        {
            Assert.That(
                Find("latency_degradation", severity, "order_validation"), Is.EqualTo(severity == expected),
                $"{severity}");
        }
    }

    [TestCase(2_500, true, true)]
    [TestCase(1_500, false, true)]
    [TestCase(800, false, false)]
    public void ShouldHoldTheWholeToItsLimitsWhenItIsSlow(int slowUs, bool isCritical, bool isDegraded)
    {
        Record(LatencyPart.EndToEnd, slowUs * 1_000L);
        Look(TimeSpan.FromSeconds(2));

        Assert.That(Find("execution_latency_critical", AlertSeverity.Critical), Is.EqualTo(isCritical));
        Assert.That(Find("execution_latency_degraded", AlertSeverity.Warning), Is.EqualTo(isDegraded));
    }

    [TestCase("execution_latency_critical", 2)]
    [TestCase("execution_latency_degraded", 5)]
    [TestCase("fill_rate_critical", 5)]
    [TestCase("agent_performance_degraded", 15)]
    [TestCase("risk_violation", 0)]
    [TestCase("latency_degradation", 0)]
    public void ShouldWaitAsLongAsTheAppendixSaysWhenARuleIsOfIt(string type, int minutes) => Assert.That(
        _rules.Find(Start).Where(one => one.Key.Type == type).Select(static one => one.For),
        Is.All.EqualTo(TimeSpan.FromMinutes(minutes)));

    [Test]
    public void ShouldJudgeEntriesByTheLastOnesWhenTheyAreBadlyExecuted()
    {
        for (var i = 0; i < 19; i++)
            End(executed: 5, slippageTicks: 10);
        Assert.That(Find("low_fill_rate", AlertSeverity.Medium), Is.False, "too few tell nothing");

        End(executed: 5, slippageTicks: 10);

        Assert.That(Find("low_fill_rate", AlertSeverity.Medium), Is.True);
        Assert.That(Find("fill_rate_critical", AlertSeverity.Critical), Is.True);
        Assert.That(Find("high_slippage", AlertSeverity.High), Is.True, "2.5 of 4,000 are 6.25 basis points");
        Assert.That(Find("agent_performance_degraded", AlertSeverity.Warning, "position_sizing"), Is.True);
        Assert.That(_agents.Recommendations.Select(static one => one.Issue), Does.Contain("low_accuracy"));

        for (var i = 0; i < 100; i++)
            End(executed: 10, slippageTicks: 0);

        Assert.That(Find("low_fill_rate", AlertSeverity.Medium), Is.False, "the last 100 count");
        Assert.That(Find("fill_rate_critical", AlertSeverity.Critical), Is.False);
        Assert.That(Find("high_slippage", AlertSeverity.High), Is.False);
    }

    /// <summary>A control plane that has just been started has heard of no entry that an alert is about.</summary>
    [Test]
    public void ShouldLeaveAlertsOfEntriesAsTheyWereToldWhenItHasNotHeardOfEnoughSinceItBegan()
    {
        (string Type, AlertSeverity Severity, string Subject)[] rules =
        [
            ("low_fill_rate", AlertSeverity.Medium, ""), ("high_slippage", AlertSeverity.High, ""),
            ("fill_rate_critical", AlertSeverity.Critical, ""),
            ("agent_performance_degraded", AlertSeverity.Warning, "position_sizing"),
        ];
        for (var i = 0; i < 19; i++)
            End(executed: 10, slippageTicks: 0);
        foreach (var (type, severity, subject) in rules)
            Assert.That(IsSo(type, severity, subject), Is.Null, $"{type}: 19 tell nothing");

        End(executed: 10, slippageTicks: 0);

        foreach (var (type, severity, subject) in rules)
            Assert.That(IsSo(type, severity, subject), Is.False, $"{type}: all is well");
    }

    [Test]
    public void ShouldTakeAlertsOfEntriesBackWhenThereWereTooFewForAsLongAsTheyCount()
    {
        var later = DateTime.UtcNow.AddMinutes(61);
        var found = _rules.Find(later).Where(static one =>
            one.Key.Type is "low_fill_rate" or "high_slippage" or "fill_rate_critical").ToList();

        Assert.That(found.Select(static one => one.IsSo), Is.All.False);
    }

    [Test]
    public void ShouldStandUntilEveryVenueIsBackWhenTwoAreLost()
    {
        foreach (var (lost, isLost) in ((long, bool)[])[(0b00, false), (0b10, true), (0b11, true), (0b10, true)])
        {
            _figures[(PipelineFigure.LostVenues, 0)] = lost;
            Look(TimeSpan.FromSeconds(1));
            Assert.That(Find("venue_lost", AlertSeverity.Critical), Is.EqualTo(isLost), $"{lost:b}");
        }
    }

    [Test]
    public void ShouldLeaveALostVenueAsItWasToldWhenNoFiguresAreThere()
    {
        _counters.Take(new PipelineLook(null, "no driver", DateTime.UtcNow, DateTime.UtcNow, 0));

        Assert.That(IsSo("venue_lost", AlertSeverity.Critical, ""), Is.Null);
    }

    [Test]
    public void ShouldFindThatAPipelineBeganAnewWhenItsCountFallsBack()
    {
        _through = -1_000_000;
        Look(TimeSpan.FromSeconds(1));

        Assert.That(Find("pipeline_restarted", AlertSeverity.Warning), Is.True);
    }

    /// <summary>After a long time away it may have counted further than before.</summary>
    [Test]
    public void ShouldFindThatAPipelineBeganAnewWhenItsCountIsHigher()
    {
        Assert.That(Find("pipeline_restarted", AlertSeverity.Warning), Is.False, "before");
        _figures[(PipelineFigure.StartedNs, 0)] = 1;
        _figures[(PipelineFigure.OutboundDropped, 0)] = 1_000;
        Look(TimeSpan.FromSeconds(1));

        Assert.That(Find("pipeline_restarted", AlertSeverity.Warning), Is.True);
        Assert.That(Find("outbound_dropped", AlertSeverity.Warning), Is.False, "what the other run has dropped");
    }

    [Test]
    public void ShouldSayNothingOfFiguresWhenTheyAreStale()
    {
        _counters.Take(new PipelineLook(
            PipelineReading.Of(_figures), null, DateTime.UtcNow.AddSeconds(10), DateTime.UtcNow, 0));

        Assert.That(IsSo("kill_switch_latched", AlertSeverity.Critical, ""), Is.Null);
        Assert.That(IsSo("pipeline_down", AlertSeverity.Critical, ""), Is.True);
    }

    private bool Find(string type, AlertSeverity severity, string subject = "") =>
        IsSo(type, severity, subject) == true;

    private bool? IsSo(string type, AlertSeverity severity, string subject)
    {
        var key = new AlertKey(type, severity, subject);
        return _rules.Find(DateTime.UtcNow).Single(finding => finding.Key == key).IsSo;
    }

    private void Look(TimeSpan after)
    {
        _through += 100;
        _figures[(PipelineFigure.EventsThrough, 0)] = _through;
        _figures[(PipelineFigure.HeartbeatNs, 0)] = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
        var look = new PipelineLook(PipelineReading.Of(_figures), null, Start + after, Start + after, 0);
        _counters.Take(look with { LookedAt = DateTime.UtcNow, RingMovedAt = DateTime.UtcNow });
        _latencies.Take(look);
        _rules.Find(DateTime.UtcNow);
    }

    /// <summary>Signals that took so long at a part, as a pipeline counts them.</summary>
    private void Record(LatencyPart part, long latencyNs)
    {
        for (var bound = 0; bound <= LatencyTotals.BoundsNs.Count; bound++)
        {
            var isWithin = bound == LatencyTotals.BoundsNs.Count || latencyNs <= LatencyTotals.BoundsNs[bound];
            _figures[(PipelineFigure.LatencyAtMost, (int)part * 32 + bound)] = isWithin ? Signals : 0;
        }
    }

    private void End(int executed, int slippageTicks)
    {
        const long arrivalE9 = 4_000_000_000_000;
        const long tickE9 = 250_000_000;
        var bytes = new byte[ParentOrderEndedEncoder.EncodedLength];
        _ = new ParentOrderEndedEncoder(bytes)
        {
            TimeNs = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100,
            StartTimeNs = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100,
            ParentId = 1,
            SignalId = 1,
            InstrumentId = 1,
            Quantity = 10,
            Executed = executed,
            ArrivalPriceE9 = arrivalE9,
            AveragePriceE9 = arrivalE9 + slippageTicks * tickE9,
            Side = Side.Buy,
            Purpose = OrderPurpose.Entry,
        };
        _entries.Take(bytes);
    }
}
