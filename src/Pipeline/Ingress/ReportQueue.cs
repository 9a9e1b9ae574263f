using System.Numerics;
using System.Runtime.CompilerServices;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>
/// Carries execution reports from the thread that talks to the venue back to ingress, which is the ring's only writer.
/// One writer, one reader.
/// </summary>
public sealed class ReportQueue : IReportSink
{
    /// <summary>
    /// What an event gives rise to beside a market order's fill at each level behind the touch: an acknowledgement, the
    /// fill at the touch, an expiry. The fourth is the share of what waits already when ingress stops at the mark.
    /// </summary>
    private const int ReportsBesideLevels = 4;

    private readonly ValueRingBuffer<ExecutionReport> _ring;
    private readonly ValueEventPoller<ExecutionReport> _poller;
    private readonly EventPoller.ValueHandler<ExecutionReport> _onReport;
    private readonly int _highWater;
    private IReportReceiver? _receiver;

    /// <param name="ringSize">
    /// Slots of the event ring. The queue holds what a full ring can give rise to beyond its high water mark, and
    /// ingress admits no signal above the mark, so that it never overflows.
    /// </param>
    /// <param name="protectionTicks">How many levels beyond the touch a market order may trade at.</param>
    public ReportQueue(int ringSize, int protectionTicks)
    {
        var reportsPerEvent = (int)BitOperations.RoundUpToPowerOf2((uint)(protectionTicks + ReportsBesideLevels));
        _highWater = ringSize;
        _ring = ValueRingBuffer<ExecutionReport>.CreateSingleProducer(
            static () => default, ringSize * reportsPerEvent, new YieldingWaitStrategy());
        _poller = _ring.NewPoller();
        _ring.AddGatingSequences(_poller.Sequence);
        _onReport = IsReadyAfter;
    }

    /// <summary>Whether so many reports wait that ingress should take them before anything new.</summary>
    public bool IsAboveHighWater => _ring.BufferSize - _ring.GetRemainingCapacity() > _highWater;

    /// <exception cref="InvalidOperationException">The queue is full: a report must never be lost.</exception>
    public void OnReport(in ExecutionReport report)
    {
        if (!_ring.TryNext(out var sequence))
            ThrowFull();

        _ring[sequence] = report;
        _ring.Publish(sequence);
    }

    /// <summary>
    /// Hands waiting reports to <paramref name="receiver"/> until it says stop. Returns whether there were any.
    /// </summary>
    public bool TryDrain(IReportReceiver receiver)
    {
        _receiver = receiver;
        return _poller.Poll(_onReport) == EventPoller.PollState.Processing;
    }

    private bool IsReadyAfter(ref ExecutionReport report, long sequence, bool endOfBatch) =>
        _receiver!.IsReadyAfter(in report);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowFull() =>
        throw new InvalidOperationException("the venue's report queue is full: ingress has stopped taking reports");
}
