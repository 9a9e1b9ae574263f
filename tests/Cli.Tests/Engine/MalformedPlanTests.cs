using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;

namespace ExecutionPipeline.Cli.Tests.Engine;

public sealed class MalformedPlanTests
{
    [TestCase(1_000, 3)]
    [TestCase(7, 3, Description = "more malformed ones than signals")]
    [TestCase(1, 1)]
    public void ShouldSpreadEveryMessageOverTheSignals(long signals, int perKind)
    {
        var plan = new MalformedPlan(signals, perKind);
        var due = Enumerable.Range(0, (int)signals).Select(index => plan.DueAfter(index)).ToList();

        Assert.That(plan.Total, Is.EqualTo(perKind * 5));
        Assert.That(due, Is.Ordered);
        Assert.That(due[^1], Is.EqualTo(plan.Total));
        if (signals > plan.Total)
            Assert.That(due.Zip(due.Skip(1), (a, b) => b - a).Max(), Is.EqualTo(1), "never two together");
    }

    [TestCase(MalformedKind.WrongTemplate, RejectReason.UnknownTemplate)]
    [TestCase(MalformedKind.ShortBlock, RejectReason.ShortBlock)]
    [TestCase(MalformedKind.NanPrice, RejectReason.NotFinite)]
    [TestCase(MalformedKind.ConfidenceOutOfRange, RejectReason.OutOfRange)]
    [TestCase(MalformedKind.UnknownAction, RejectReason.UnknownAction)]
    public void ShouldBeRefusedForItsReasonWhenRead(MalformedKind kind, RejectReason expected)
    {
        var buffer = new byte[512];
        var messages = new SignalMessages(1, new SignalMix(42));
        var market = ListSource.Quote(0);
        var reader = new MessageReader(new InstrumentIds(1));
        var header = default(EventHeader);
        var payload = default(EventPayload);

        var length = messages.Write(buffer, 1, in market, 1_000, 1_001);
        Assert.That(
            reader.TryRead(
                buffer.AsSpan(0, length), InboundMessages.Signals, 2_000, ref header, ref payload, out _),
            Is.True,
            "before");
        length = SignalMessages.Spoil(buffer, kind);

        var isAdmitted = reader.TryRead(
            buffer.AsSpan(0, length), InboundMessages.Signals, 2_000, ref header, ref payload, out var rejection);
        Assert.That(isAdmitted, Is.False);
        Assert.That(rejection.Reason, Is.EqualTo(expected));
    }
}
