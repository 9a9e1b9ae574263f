using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Outbound;
using ExecutionPipeline.Messages.Tests.Outbound;
using ExecutionPipeline.Messages.Wire;
using WireSchema = ExecutionPipeline.Messages.Wire.Schema;

namespace ExecutionPipeline.Messages.Tests;

/// <summary>
/// Reading, refusing and encoding allocate nothing; a case that must allocate shows that the meter works.
/// </summary>
public class AllocationTests
{
    private const int Rounds = 20_000;

    private readonly byte[][] _messages =
    [
        SampleMessages.TradeQualified(), SampleMessages.MarketUpdate(), SampleMessages.Command(),
        SampleMessages.Command()[..20], [], new byte[40],
    ];

    private readonly InstrumentIds _instruments = new(7, SampleMessages.InstrumentId);
    private readonly RejectCounters _counters = new();
    private readonly byte[] _buffer = new byte[WireSchema.MaxEncodedLength];

    [Test]
    public void ShouldAllocateNothingWhenMessagesAreReadAndRefused()
    {
        var reader = new MessageReader(_instruments);
        var slot = new PipelineEvent[1];
        var admitted = 0;
        Assert.That(AllocatedBytes(() => admitted += ReadAll(reader, ref slot[0])), Is.Zero);
        Assert.That(admitted, Is.GreaterThanOrEqualTo(3 * 2 * Rounds));
        Assert.That(_counters.Total, Is.EqualTo(admitted));
    }

    [Test]
    public void ShouldAllocateNothingWhenOutboundMessagesAreEncoded()
    {
        PipelineEvent[] events = [SampleEvents.Signal(), SampleEvents.Execution()];
        var bytes = 0;
        var allocated = AllocatedBytes(() =>
        {
            foreach (ref readonly var e in events.AsSpan())
            {
                bytes += OutboundEncoder.EncodeDecision(in e, _instruments, _buffer);
                bytes += OutboundEncoder.EncodeOrderStatusChange(in e, _instruments, _buffer);
                bytes += OutboundEncoder.EncodePositionUpdate(in e, _instruments, _buffer);
                bytes += OutboundEncoder.EncodeTradeClosed(SampleEvents.Closed(), _instruments, _buffer);
                bytes += RefusalEncoder.EncodeExecutionError(in e, _instruments, _buffer);
            }
        });
        Assert.That(allocated, Is.Zero);
        Assert.That(bytes, Is.GreaterThan(0));
    }

    [Test]
    public void ShouldSeeTheBytesWhenSomethingIsAllocated()
    {
        var kept = new object[1];
        var allocated = AllocatedBytes(() => kept[0] = new byte[1]);
        Assert.That(allocated, Is.GreaterThanOrEqualTo(Rounds * 24L));
    }

    private int ReadAll(MessageReader reader, ref PipelineEvent e)
    {
        var admitted = 0;
        foreach (var message in _messages)
        {
            if (reader.TryRead(message, InboundMessages.All, 1, ref e.Header, ref e.Payload, out var rejection))
            {
                admitted++;
                continue;
            }

            _counters.Count(rejection.Reason);
            RefusalEncoder.EncodeRejection(in rejection, 1, _buffer);
        }

        return admitted;
    }

    private static long AllocatedBytes(Action action) =>
        AllocationMeter.FewestBytesOf(_ => action(), warmUp: Rounds, measured: Rounds);
}
