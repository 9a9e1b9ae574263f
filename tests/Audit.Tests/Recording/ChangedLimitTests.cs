using System.Text.Json.Nodes;
using ExecutionPipeline.Audit.Records;
using ExecutionPipeline.Audit.Running;
using ExecutionPipeline.Audit.Tests.Support;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Audit.Tests.Recording;

/// <summary>What records say behind a change of limits.</summary>
[TestFixture]
public sealed class ChangedLimitTests
{
    private const int Lowered = 4;

    private TestJournal _journal = null!;
    private long _change;

    [OneTimeSetUp]
    public void RunOnce()
    {
        _journal = new TestJournal(TestSeed.Next());
        _journal.Add(500);
        _change = _journal.Events.Count;
        SetLimit(LimitKey.MaxPosition, Lowered);
        SetLimit(LimitKey.MaxSignalAgeMs, 0);
        _journal.Add(1_500);
        _journal.End();
    }

    [OneTimeTearDown]
    public void Remove() => _journal.Dispose();

    /// <summary>A replay that goes on behind the change knows of it from the snapshot alone.</summary>
    [Test]
    public void ShouldHoldDecisionsAgainstTheLimitsThatWereInForceAtEach([Values] bool isResumed)
    {
        var refused = 0;
        foreach (var entry in Entries(isResumed ? _change + 2 : 0).Where(static one => one.Kind == AuditKind.Decision))
        {
            var e = _journal.Events[(int)entry.Sequence];
            var validation = JsonNode.Parse(entry.Document)!["risk_validation"]!;
            var limit = entry.Sequence < _change ? _journal.Configured.Limits.MaxPosition : Lowered;
            Assert.That(validation["position_limits"]!["max_position"]!.GetValue<int>(), Is.EqualTo(limit));
            if (e.Decision.Quantity == 0)
                continue;

            var (position, age) = (CheckOf(validation, "position"), CheckOf(validation, "stale_signal"));
            if (entry.Sequence > _change)
                Assert.That(age["passed"], Is.Null, "no age is too much");
            if ((e.Verdict.Violations & RiskViolations.Position) == 0)
                continue;

            refused += entry.Sequence > _change ? 1 : 0;
            Assert.That(position["limit"]!.GetValue<double>(), Is.EqualTo(limit));
            Assert.That(
                position["value"]!.GetValue<double>(), Is.EqualTo(Math.Abs((double)e.Verdict.ProjectedPosition)));
            Assert.That(position["passed"]!.GetValue<bool>(), Is.False);
        }

        Assert.That(refused, Is.Positive, "some were refused by the lower limit");
    }

    [Test]
    public void ShouldNameTheLimitAndItsValuesWhenOneIsChanged([Values] bool isResumed)
    {
        var commands = Entries(isResumed ? _change + 1 : 0)
            .Where(static one => one is { Kind: AuditKind.Command, Outcome: "set_limit" }).ToList();

        Assert.That(commands, Has.Count.EqualTo(isResumed ? 1 : 2));
        var document = JsonNode.Parse(commands[^1].Document)!;
        Assert.That(document["limit"]!.GetValue<string>(), Is.EqualTo("max_signal_age_ms"));
        Assert.That(document["limit_value"]!.GetValue<double>(), Is.Zero);
        Assert.That(document["limit_value_before"]!.GetValue<double>(), Is.EqualTo(5_000));
        Assert.That(commands[^1].Explanation, Does.Contain("set limit (max_signal_age_ms from 5,000 to 0)"));
        if (!isResumed)
            Assert.That(commands[0].Explanation, Does.Contain($"set limit (max_position from 12 to {Lowered})"));
    }

    [Test]
    public void ShouldSayTheSameWhenTheReplayIsResumedAnywhere()
    {
        var whole = Entries(0);
        foreach (var from in new[] { _change - 1, _change, _change + 1, _change + 2, _change + 500 })
            Assert.That(Entries(from), Is.EqualTo(whole.Where(entry => entry.Sequence >= from)), $"from event {from}");
    }

    private static JsonNode CheckOf(JsonNode validation, string name) =>
        validation["pre_trade_checks"]!.AsArray().Single(one => one!["check"]!.GetValue<string>() == name)!;

    private void SetLimit(LimitKey limit, double value)
    {
        var payload = default(EventPayload);
        payload.Command = new Command
        {
            Kind = CommandKind.SetLimit,
            Reason = CommandReason.Reload,
            Limit = limit,
            LimitValue = value,
            SendTimeNs = _journal.Events[^1].Header.TimeNs,
        };
        _journal.Add(EventKind.Command, 0, payload, 0);
    }

    /// <summary>What a replay makes of the journal's events from one on, where it goes on from a snapshot.</summary>
    private List<AuditEntry> Entries(long from)
    {
        var entries = new List<AuditEntry>();
        using var policy = LoadedPolicy.Rules();
        using var input = new JournalReader(_journal.JournalFolder);
        using var replay = new AuditReplay(_journal.Configured, policy, null, input);
        while (replay.Sequence < from)
            Assert.That(replay.TryStep(entries), Is.True);
        if (from == 0)
        {
            while (replay.TryStep(entries)) ;
            return entries;
        }

        entries.Clear();
        var snapshot = replay.Save();
        using var rest = new JournalReader(_journal.JournalFolder);
        using var resumed = new AuditReplay(_journal.Configured, policy, null, rest);
        Assert.That(resumed.Resume(snapshot), Is.True);
        while (resumed.TryStep(entries)) ;
        return entries;
    }
}
