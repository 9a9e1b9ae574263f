using System.Text.Json.Nodes;
using ExecutionPipeline.Audit.Recording;
using ExecutionPipeline.Audit.Records;
using ExecutionPipeline.Audit.Running;
using ExecutionPipeline.Audit.Store;
using ExecutionPipeline.Audit.Tests.Support;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Audit.Tests.Recording;

/// <summary>What records say, held against the events of the run itself, which the audit has never seen.</summary>
[TestFixture]
public sealed class DecisionRecordTests
{
    private TestJournal _journal = null!;
    private PipelineEvent _repeated;
    private List<(PipelineEvent Event, JsonObject Document, AuditEntry Entry)> _decisions = [];

    [OneTimeSetUp]
    public void RunOnce()
    {
        _journal = new TestJournal(TestSeed.Next());
        _journal.Add(1_500);
        _repeated = _journal.Decisions.First(static e => e.Routing.Outcome == RoutingOutcome.OrderSent);
        _journal.Add(
            EventKind.TradeQualified, _repeated.Header.InstrumentIndex, _repeated.Payload,
            _repeated.Header.CorrelationId);
        _journal.End();
        using var store = AuditStore.Of(_journal.StorePath);
        new AuditRun(_journal.AuditOptions(), store).Run(CancellationToken.None);
        _decisions = [.. store.Read(new RecordFilter { Kind = AuditKind.Decision })
            .Zip(_journal.Decisions.Where(static e => !e.Signal.IsRepeated), static (record, e) =>
                (e, JsonNode.Parse(record.Entry.Document)!.AsObject(), record.Entry))];
    }

    [OneTimeTearDown]
    public void Remove() => _journal.Dispose();

    [Test]
    public void ShouldHoldEveryFeatureByNameWhenADecisionIsRecorded()
    {
        foreach (var (e, document, _) in _decisions)
        {
            var features = document["input_context"]!["features"]!.AsObject();
            Assert.That(features.Select(static pair => pair.Key), Is.EqualTo(EventRecorder.FeatureNames));
            for (var i = 0; i < ContextFeatures.Count; i++)
                Assert.That(features[EventRecorder.FeatureNames[i]]!.GetValue<float>(), Is.EqualTo(e.Features[i]));
        }
    }

    [Test]
    public void ShouldHoldTheDistributionsAndWhatWasChosenWhenPoliciesWereAsked()
    {
        foreach (var (e, document, _) in _decisions)
        {
            var policies = document["ai_decisions"]!;
            var sizes = ValuesOf(policies["position_sizing"]!["probability_distribution"]!);
            var strategies = ValuesOf(policies["execution_timing"]!["probability_distribution"]!);
            Assert.That(sizes.Concat(strategies), Is.EqualTo(((ReadOnlySpan<float>)e.Decision.Outputs)[..9].ToArray()));
            Assert.That(sizes.Sum(), Is.EqualTo(1).Within(1e-5));
            Assert.That(
                policies["position_sizing"]!["selected_action"]!.GetValue<int>(), Is.EqualTo(e.Decision.SizeAction));
            Assert.That(
                policies["risk_management"]!["stop_loss_multiplier"]!.GetValue<float>(),
                Is.EqualTo(e.Decision.StopLossAtr));
            Assert.That(policies["quantity"]!.GetValue<int>(), Is.EqualTo(e.Decision.Quantity));
        }
    }

    [Test]
    public void ShouldSayOfEachCheckWhetherItWasPassedAsTheVerdictSays()
    {
        var isRefused = false;
        foreach (var (e, document, _) in _decisions.Where(static one => one.Event.Decision.Quantity > 0))
        {
            var checks = document["risk_validation"]!["pre_trade_checks"]!.AsArray();
            Assert.That(checks, Has.Count.EqualTo(Enum.GetValues<RiskViolations>().Length - 1));
            foreach (var check in checks)
                AssertCheck(in e, check!);
            isRefused |= e.Verdict.Violations != 0;
        }

        Assert.That(isRefused, Is.True, "some were refused");
    }

    [Test]
    public void ShouldInventNoTimeOfAStageWhenTheJournalKnowsNone()
    {
        foreach (var (e, document, _) in _decisions)
        {
            var latency = document["latency_us"]!;
            var sinceSendUs = (e.Header.TimeNs - e.Payload.TradeQualified.SendTimeNs) * 1e-3;
            Assert.That(latency["agent_inference"], Is.Null);
            Assert.That(latency["order_validation"], Is.Null);
            Assert.That(latency["send_to_pipeline"]!.GetValue<double>(), Is.EqualTo(sinceSendUs).Within(1e-9));
        }
    }

    [Test]
    public void ShouldExplainWhyNothingWasSentWhenASignalIsRefused()
    {
        var (_, _, entry) = _decisions.First(static one =>
            one.Event.Routing.Outcome == RoutingOutcome.RiskRefused
            && (one.Event.Verdict.Violations & RiskViolations.StaleSignal) != 0);

        Assert.That(entry.Outcome, Is.EqualTo("risk_refused"));
        Assert.That(
            entry.Explanation,
            Does.Contain("stale signal (20,000 against 5,000)").And.EndWith("Risk refused it, so no order was sent."));
    }

    [Test]
    public void ShouldSayThatItWasAnsweredAgainWhenASignalComesAgain()
    {
        using var store = AuditStore.Of(_journal.StorePath);
        var record = store.Read(new RecordFilter { Kind = AuditKind.Repeat }).Single().Entry;
        Assert.That(record.SignalId, Is.EqualTo(_repeated.Header.CorrelationId));
        Assert.That(record.Outcome, Is.EqualTo("repeated"));
        Assert.That(record.Explanation, Does.EndWith("answered again, and not executed again."));
        var decisions = store.Read(new RecordFilter { Kind = AuditKind.Decision, SignalId = record.SignalId });
        Assert.That(decisions.Single().Entry.Outcome, Is.EqualTo("order_sent"));
    }

    [Test]
    public void ShouldNameWhoGaveACommandAndWhyWhenOneIsRecorded()
    {
        using var store = AuditStore.Of(_journal.StorePath);
        var commands = _journal.Events.Where(static e => e.Header.Kind == EventKind.Command).ToList();
        var recorded = store.Read(new RecordFilter { Kind = AuditKind.Command }).ToList();

        Assert.That(recorded, Has.Count.EqualTo(commands.Count));
        foreach (var (record, e) in recorded.Zip(commands))
        {
            var document = JsonNode.Parse(record.Entry.Document)!;
            Assert.That(document["reason"]!.GetValue<int>(), Is.EqualTo(e.Payload.Command.Reason));
            Assert.That(document["operator_id"]?.GetValue<uint>() ?? 0, Is.EqualTo(e.Payload.Command.OperatorId));
            Assert.That(record.Entry.Explanation, Does.Contain($"for reason {e.Payload.Command.Reason}"));
        }
    }

    private static void AssertCheck(in PipelineEvent e, JsonNode check)
    {
        var name = check["check"]!.GetValue<string>();
        var violation = Enum.GetValues<RiskViolations>()
            .Single(one => one.ToString().Equals(name.Replace("_", ""), StringComparison.OrdinalIgnoreCase));
        var isBroken = (e.Verdict.Violations & violation) != 0;
        var isPassed = check["passed"]?.GetValue<bool>();
        Assert.That(isPassed, isBroken ? Is.False : Is.Not.False, name);
        if (violation == RiskViolations.Position && isPassed is { } kept)
        {
            Assert.That(check["value"]!.GetValue<double>(), Is.EqualTo(Math.Abs((double)e.Verdict.ProjectedPosition)));
            Assert.That(check["limit"]!.GetValue<double>() >= check["value"]!.GetValue<double>(), Is.EqualTo(kept));
        }
    }

    private static float[] ValuesOf(JsonNode distribution) =>
        [.. distribution.AsObject().Select(static pair => pair.Value!.GetValue<float>())];
}
