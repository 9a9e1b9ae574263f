using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Allocation.Tests;

/// <summary>The hot paths of the libraries, one by one.</summary>
internal static class HotPaths
{
    private const int RingSize = 1024;
    private const long MaxNs = 1_000_000_000;

    public static IEnumerable<HotPath> All =>
    [
        new("ring: claim, publish, poll", Ring),
        new("histogram: record", Histogram),
        new("engine: encode a signal", Encode),
        new("ingress: read a message", Read),
        new("hiccup meter: record", Hiccups),
    ];

    private static Action<int> Ring()
    {
        var ring = ValueRingBuffer<PipelineEvent>.CreateSingleProducer(
            static () => default, RingSize, new YieldingWaitStrategy());
        var poller = ring.NewPoller();
        ring.AddGatingSequences(poller.Sequence);
        long sum = 0;
        EventPoller.ValueHandler<PipelineEvent> onEvent = (ref PipelineEvent e, long sequence, bool endOfBatch) =>
        {
            sum += e.Header.TimeNs + sequence;
            return true;
        };
        return index =>
        {
            var sequence = ring.Next();
            ring[sequence].Header.TimeNs = index;
            ring.Publish(sequence);
            poller.Poll(onEvent);
        };
    }

    private static Action<int> Histogram()
    {
        var histogram = new LongHistogram(1, MaxNs, 3);
        return index => histogram.RecordValue(1 + index * 7919L % MaxNs);
    }

    private static Action<int> Encode()
    {
        var (messages, buffer, market) = NewSignals();
        return index => messages.Write(buffer, (ulong)index + 1, in market, index + 1, index + 2);
    }

    private static Action<int> Read()
    {
        var (messages, buffer, market) = NewSignals();
        var reader = new MessageReader(new InstrumentIds(1));
        var header = default(EventHeader);
        var payload = default(EventPayload);
        return index =>
        {
            var length = messages.Write(buffer, (ulong)index + 1, in market, index + 1, index + 2);
            // Every fourth is malformed: refusing must not allocate either.
            if (index % 4 == 0)
                length = SignalMessages.Spoil(buffer, MalformedPlan.KindOf(index / 4));
            var isAdmitted = reader.TryRead(
                buffer.AsSpan(0, length), InboundMessages.Signals, index + 3, ref header, ref payload, out _);
            if (isAdmitted == (index % 4 == 0))
                throw new InvalidOperationException($"message {index} was wrongly judged");
        };
    }

    private static Action<int> Hiccups()
    {
        var meter = new HiccupMeter();
        meter.Resume(0);
        return index => meter.TryRecord(index * 7_000L);
    }

    private static (SignalMessages Messages, byte[] Buffer, MarketUpdate Market) NewSignals() => (
        new SignalMessages(1, new SignalMix(42)),
        new byte[TradeQualifiedEncoder.EncodedLength],
        new MarketUpdate
        {
            BidPriceE9 = 4_800_000_000_000,
            AskPriceE9 = 4_800_250_000_000,
            BidQuantity = 10,
            AskQuantity = 10,
        });
}
