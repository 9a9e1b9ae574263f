using System.Text;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Prometheus;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Control.Tests;

/// <summary>Entries that have ended, as the outbound stream tells of them.</summary>
public sealed class EntryHistoryTests
{
    private const long ArrivalE9 = 4_000_000_000_000;

    private AgentDesk _agents = null!;
    private PipelineRecords _records = null!;
    private EntryHistory _entries = null!;

    [SetUp]
    public void Begin()
    {
        var options = new ControlOptions { AeronDirectory = "/nowhere", KeyFile = "/nowhere", KeptRecords = 3 };
        _records = new PipelineRecords(options);
        _agents = new AgentDesk();
        _entries = new EntryHistory(options, _records, new ExecutionCounts(), _agents);
    }

    [TestCase(10, "filled")]
    [TestCase(5, "partial")]
    [TestCase(0, "rejected")]
    public void ShouldCountAnEntryByItsFillRateWhenItHasEnded(int executed, string status)
    {
        var counts = new ExecutionCounts();
        var options = new ControlOptions { AeronDirectory = "/nowhere", KeyFile = "/nowhere" };
        new EntryHistory(options, _records, counts, new AgentDesk()).Take(EndOf(executed, ArrivalE9));

        var text = new StringBuilder();
        counts.Write(text);
        Assert.That(
            $"{text}",
            Does.Contain($"execution_orders_total{{strategy=\"IMMEDIATE\",side=\"buy\",status=\"{status}\"}} 1"));
    }

    [Test]
    public void ShouldTellSlippageImpactAndAdverseSelectionWhenTheMarkIsKnown()
    {
        Mark(ArrivalE9 - 400_000_000);
        _entries.Take(EndOf(10, ArrivalE9 + 800_000_000));

        var entry = _entries.Within(TimeSpan.FromMinutes(1)).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(entry.SlippageBps, Is.EqualTo(2).Within(1e-9));
            Assert.That(entry.ImpactBps, Is.EqualTo(-1).Within(1e-9), "the mark fell below the arrival price");
            Assert.That(entry.AdverseBps, Is.EqualTo(3).Within(1e-9), "and it was bought above it");
        }
    }

    [Test]
    public void ShouldKeepTheNewestWhenThereAreTooMany()
    {
        for (var executed = 1; executed <= 5; executed++)
            _entries.Take(EndOf(executed, ArrivalE9));

        Assert.That(
            _entries.Within(TimeSpan.FromMinutes(1)).Select(static one => one.Executed), Is.EqualTo(new[] { 5, 4, 3 }));
    }

    [Test]
    public void ShouldScoreTheAgentsWhenAnEntryHasEnded()
    {
        _entries.Take(EndOf(10, ArrivalE9));
        _entries.Take(EndOf(0, ArrivalE9));

        var text = new StringBuilder();
        _agents.Write(text);
        Assert.That($"{text}", Does.Contain("execution_agent_accuracy{agent_type=\"position_sizing\"} 0.5"));
        Assert.That($"{text}", Does.Contain("execution_agent_accuracy{agent_type=\"risk_management\"} 1"));
        Assert.That($"{text}", Does.Contain("execution_agent_reward_count{agent_type=\"execution_timing\"} 2"));
        var sizing = _agents.Performances.Single(static one => one.Agent == "position_sizing");
        Assert.That((sizing.Decisions, sizing.Correct), Is.EqualTo((2, 1)));
    }

    /// <summary>0.0008 a minute is about 0.016 a day: a usual market, in which one contract fits.</summary>
    [TestCase(0.0008f, 1.0)]
    [TestCase(0.0004f, 0.94, Description = "0.008 a day: more than one contract would have fitted")]
    [TestCase(0f, 1.0, Description = "the pipeline has measured none, and a day's usual one is taken")]
    public void ShouldScoreASizeByTheDaysVolatilityWhenTheDecisionTellsAMinutes(float minute, double score)
    {
        Decide(minute);
        _entries.Take(EndOf(1, ArrivalE9, quantity: 1));

        Assert.That(
            _agents.Performances.Single(static one => one.Agent == "position_sizing").Reward,
            Is.EqualTo(score).Within(1e-9));
    }

    [TestCase(ExecutionStrategy.Immediate)]
    [TestCase(ExecutionStrategy.Twap5Min)]
    [TestCase(ExecutionStrategy.Iceberg)]
    public void ShouldScoreNoTimingAsCorrectWhenNothingWasExecuted(ExecutionStrategy strategy)
    {
        _entries.Take(EndOf(0, ArrivalE9, strategy: strategy));

        var timing = _agents.Performances.Single(static one => one.Agent == "execution_timing");
        Assert.That((timing.Decisions, timing.Correct, timing.Reward), Is.EqualTo((1, 0, 0.0)));
    }

    private void Decide(float volatility)
    {
        var features = new float[ContextFeatures.Count];
        features[Feature.PriceVolatility1Min] = volatility;
        var bytes = new byte[DecisionEncoder.EncodedLength];
        _ = new DecisionEncoder(bytes) { SignalId = 1, InstrumentId = 1, Features = features };
        _records.Take(bytes);
    }

    private void Mark(long priceE9)
    {
        var bytes = new byte[PositionUpdateEncoder.EncodedLength];
        _ = new PositionUpdateEncoder(bytes) { InstrumentId = 1, MarkPriceE9 = priceE9 };
        _records.Take(bytes);
    }

    private static byte[] EndOf(
        int executed, long averageE9, int quantity = 10, ExecutionStrategy strategy = ExecutionStrategy.Immediate)
    {
        var now = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
        var bytes = new byte[ParentOrderEndedEncoder.EncodedLength];
        _ = new ParentOrderEndedEncoder(bytes)
        {
            TimeNs = now,
            StartTimeNs = now,
            ParentId = 1,
            SignalId = 1,
            InstrumentId = 1,
            Quantity = quantity,
            Executed = executed,
            ArrivalPriceE9 = ArrivalE9,
            AveragePriceE9 = averageE9,
            Side = Side.Buy,
            Strategy = strategy,
            Purpose = OrderPurpose.Entry,
        };
        return bytes;
    }
}
