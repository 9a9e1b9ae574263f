using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Telemetry;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Hosting;

[TestFixture(Topology.Inline)]
[TestFixture(Topology.Fused)]
[TestFixture(Topology.Pipelined)]
public sealed class PipelineHostTests(Topology topology)
{
    private LivePipeline _pipeline = null!;

    [SetUp]
    public void Launch() => _pipeline = new LivePipeline(topology, new MeasurementPlan(10, 90));

    [TearDown]
    public void End() => _pipeline.Dispose();

    [Test]
    public void ShouldTurnSignalsIntoFillsWhenThereIsAMarket()
    {
        _pipeline.SendQuote();
        for (ulong id = 1; id <= 100; id++)
            _pipeline.SendSignal(id, id % 2 == 0 ? TradeAction.Short : TradeAction.Long);

        _pipeline.Await(() => _pipeline.Host.Chain.Telemetry.SignalsSeen == 100);
        _pipeline.Await(() => _pipeline.Host.Chain.Routing.Fills >= _pipeline.Host.Chain.Routing.OrdersSent);
        _pipeline.Await(() => _pipeline.Received.GetValueOrDefault(DecisionLayout.TemplateId) == 100);

        var chain = _pipeline.Host.Chain;
        // A burst that the venue has not answered yet runs into the position limit, working orders counted.
        Assert.That(chain.Routing.OrdersSent, Is.GreaterThan(10));
        Assert.That(chain.Telemetry.SignalsMeasured, Is.EqualTo(90));
        Assert.That(
            chain.Telemetry[LatencyPart.EndToEnd].TotalCount,
            Is.EqualTo(chain.Telemetry.Tally.Of(RoutingOutcome.OrderSent)));
        _pipeline.Await(
            () => _pipeline.Received.GetValueOrDefault(PositionUpdateLayout.TemplateId) == chain.Routing.Fills);
        Assert.That(_pipeline.Host.Fault, Is.Null);
    }

    [Test]
    public void ShouldRefuseEachMalformedMessageWithItsReasonAndGoOn()
    {
        _pipeline.SendQuote();
        _pipeline.SendSignal(1);
        _pipeline.SendSignal(Spoilt(bytes => BitConverter.TryWriteBytes(bytes.AsSpan(2), (ushort)999)));
        _pipeline.SendSignal(Spoilt(bytes => BitConverter.TryWriteBytes(bytes.AsSpan(0), (ushort)8)));
        _pipeline.SendSignal(Spoilt(bytes => Put(bytes, TradeQualifiedLayout.PriceOffset, double.NaN)));
        _pipeline.SendSignal(Spoilt(bytes => Put(bytes, TradeQualifiedLayout.ConfidenceOffset, 1.5)));
        _pipeline.SendSignal(Spoilt(bytes => bytes[MessageHeader.SizeBytes + TradeQualifiedLayout.ActionOffset] = 9));
        _pipeline.SendSignal(Spoilt(bytes => Put(bytes, TradeQualifiedLayout.PriceOffset, 1e9)));
        _pipeline.SendSignal(new byte[3000]);
        _pipeline.SendSignal(2);

        _pipeline.Await(() => _pipeline.Host.Chain.Telemetry.SignalsSeen == 2);
        _pipeline.Await(() => _pipeline.Host.Ingress.Rejects.Total >= 8);
        _pipeline.Await(() => _pipeline.Received.GetValueOrDefault(ExecutionErrorLayout.TemplateId) >= 8);

        var rejects = _pipeline.Host.Ingress.Rejects;
        Assert.That(rejects[RejectReason.UnknownTemplate], Is.EqualTo(1));
        Assert.That(rejects[RejectReason.ShortBlock], Is.EqualTo(1));
        Assert.That(rejects[RejectReason.NotFinite], Is.EqualTo(1));
        Assert.That(rejects[RejectReason.OutOfRange], Is.EqualTo(2));
        Assert.That(rejects[RejectReason.UnknownAction], Is.EqualTo(1));
        Assert.That(rejects[RejectReason.Fragmented], Is.GreaterThanOrEqualTo(2));
        Assert.That(_pipeline.Host.Fault, Is.Null);
    }

    [Test]
    public void ShouldSendNoOrderWhileTheKillSwitchIsLatched()
    {
        _pipeline.SendQuote();
        _pipeline.SendCommand(CommandKind.Kill);
        _pipeline.Await(() => _pipeline.Host.Chain.Risk.IsKilled);
        _pipeline.SendSignal(1);
        _pipeline.Await(() => _pipeline.Host.Chain.Telemetry.SignalsSeen == 1);
        Assert.That(_pipeline.Host.Chain.Routing.OrdersSent, Is.Zero);

        _pipeline.SendCommand(CommandKind.Resume);
        _pipeline.Await(() => !_pipeline.Host.Chain.Risk.IsKilled);
        _pipeline.SendSignal(2);
        _pipeline.Await(() => _pipeline.Host.Chain.Telemetry.SignalsSeen == 2);
        Assert.That(_pipeline.Host.Chain.Routing.OrdersSent, Is.EqualTo(1));
    }

    [Test]
    public void ShouldBeFlatAfterACommandToCloseAll()
    {
        _pipeline.SendQuote();
        for (ulong id = 1; id <= 5; id++)
            _pipeline.SendSignal(id);

        _pipeline.Await(() => _pipeline.Host.Chain.Routing.Fills >= 5);
        _pipeline.SendCommand(CommandKind.CloseAll);
        _pipeline.Await(() => _pipeline.Host.Chain.Routing.Fills >= 10);
        _pipeline.Await(() => _pipeline.Received.GetValueOrDefault(TradeClosedLayout.TemplateId) == 5);
        _pipeline.Host.Stop(TimeSpan.FromSeconds(60));

        Assert.That(_pipeline.Host.Chain.Context.Portfolio.Position(0), Is.Zero);
    }

    [Test]
    public void ShouldDecideWithoutTheBackendWhenItHasBecomeSlow()
    {
        var chain = _pipeline.Host.Chain;
        for (var i = 0; i < 20; i++)
            chain.Pace.Observe(long.MaxValue);
        for (ulong id = 1; id <= 20; id++)
            _pipeline.SendSignal(id);

        _pipeline.Await(() => chain.Telemetry.SignalsSeen == 20);

        Assert.That(chain.Inference.Late, Is.EqualTo(20));
        Assert.That(chain.Telemetry.Tally.Of(DecisionLateness.SlowBackend), Is.EqualTo(10), "those after the warm-up");
    }

    private static byte[] Spoilt(Action<byte[]> spoil)
    {
        var bytes = new byte[TradeQualifiedEncoder.EncodedLength];
        _ = new TradeQualifiedEncoder(bytes)
        {
            SignalId = 99,
            InstrumentId = 1,
            Action = TradeAction.Long,
            Confidence = 0.8,
            SynergyStrength = 0.5,
            Urgency = 0.5,
            Price = 4800.25,
            SignalTimeNs = 1_700_000_000_000_000_000,
            IntendedSendTimeNs = 1_700_000_000_000_000_000,
            SendTimeNs = 1_700_000_000_000_000_000,
        };
        spoil(bytes);
        return bytes;
    }

    private static void Put(byte[] bytes, int fieldOffset, double value) =>
        BitConverter.TryWriteBytes(bytes.AsSpan(MessageHeader.SizeBytes + fieldOffset), value);
}
