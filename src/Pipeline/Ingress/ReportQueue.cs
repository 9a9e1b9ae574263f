using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>Takes execution reports off a <see cref="ReportQueue"/>.</summary>
public interface IReportReceiver
{
    /// <summary>Whether another report can be taken now.</summary>
    bool HasRoom { get; }

    /// <summary>Takes one report. Only while there is room.</summary>
    void OnReport(in ExecutionReport report);
}

/// <summary>
/// Carries execution reports from one thread to ingress, which is the ring's only writer: every thread that reports has
/// a queue of its own. It takes every report. What one event can cause fits into memory that is taken at the start;
/// what is beyond that waits in memory taken as needed, in order, and is counted.
/// </summary>
public sealed class ReportQueue : IReportSink
{
    /// <summary>
    /// What an event gives rise to beside a market order's fill at each level behind the touch: an acknowledgement, the
    /// fill at the touch, an expiry. The fourth is the share of what waits already when ingress stops at the mark.
    /// </summary>
    private const int ReportsBesideLevels = 4;

    private readonly ValueRingBuffer<ExecutionReport> _ring;
    private readonly ConcurrentQueue<ExecutionReport> _overflow = new();
    private readonly ValueEventPoller<ExecutionReport> _poller;
    private readonly EventPoller.ValueHandler<ExecutionReport> _onReport;
    private readonly int _highWater;
    private IReportReceiver? _receiver;
    private long _overflowed;
    private long _overflowTaken;

    /// <param name="ringSize">
    /// Slots of the event ring. The queue holds what a full ring can give rise to beyond its high water mark, and
    /// ingress admits no signal above the mark.
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
        _onReport = HandOver;
    }

    /// <summary>Whether so many reports wait that ingress should take them before anything new.</summary>
    public bool IsAboveHighWater => Waiting > _highWater;

    /// <summary>Reports that wait. Exact for the two threads at rest.</summary>
    public long Waiting => _ring.BufferSize - _ring.GetRemainingCapacity() + Overflowing;

    /// <summary>Reports so far for which the memory taken at the start was not enough.</summary>
    public long Overflowed => Volatile.Read(ref _overflowed);

    // Paired with the writes of Spill and DrainOverflow.
    private long Overflowing => Volatile.Read(ref _overflowed) - Volatile.Read(ref _overflowTaken);

    public void OnReport(in ExecutionReport report)
    {
        // What overflows comes before what would fit again.
        if (Overflowing == 0 && _ring.TryNext(out var sequence))
        {
            _ring[sequence] = report;
            _ring.Publish(sequence);
        }
        else
        {
            Spill(report);
        }
    }

    /// <summary>
    /// Hands waiting reports to <paramref name="receiver"/> while it has room. Returns whether there were any.
    /// </summary>
    public bool Drain(IReportReceiver receiver)
    {
        if (!receiver.HasRoom)
            return false;

        _receiver = receiver;
        var hasDrained = _poller.Poll(_onReport) == EventPoller.PollState.Processing;
        return Overflowing > 0 ? DrainOverflow(receiver) || hasDrained : hasDrained;
    }

    private bool HandOver(ref ExecutionReport report, long sequence, bool endOfBatch)
    {
        _receiver!.OnReport(in report);
        return _receiver.HasRoom;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Spill(in ExecutionReport report)
    {
        _overflow.Enqueue(report);
        // Paired with the read of Overflowing.
        Volatile.Write(ref _overflowed, _overflowed + 1);
    }

    /// <summary>The ring holds nothing that is younger: its producer leaves it alone until this is empty.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool DrainOverflow(IReportReceiver receiver)
    {
        var hasDrained = false;
        while (receiver.HasRoom && IsRingEmpty && _overflow.TryDequeue(out var report))
        {
            receiver.OnReport(in report);
            // Paired with the read of Overflowing.
            Volatile.Write(ref _overflowTaken, _overflowTaken + 1);
            hasDrained = true;
        }

        return hasDrained;
    }

    private bool IsRingEmpty => _ring.GetRemainingCapacity() == _ring.BufferSize;
}

/// <summary>The report queues of a pipeline, one for each thread that reports.</summary>
public sealed class ReportInbox(int ringSize, int protectionTicks)
{
    private ReportQueue[] _queues = [];

    /// <summary>Whether so many reports wait that ingress should take them before anything new.</summary>
    public bool IsAboveHighWater
    {
        get
        {
            foreach (var queue in _queues)
            {
                if (queue.IsAboveHighWater)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Reports that wait.</summary>
    public long Waiting
    {
        get
        {
            var waiting = 0L;
            foreach (var queue in _queues)
                waiting += queue.Waiting;
            return waiting;
        }
    }

    /// <summary>Reports so far for which the memory taken at the start was not enough.</summary>
    public long Overflowed => _queues.Sum(static queue => queue.Overflowed);

    /// <summary>A queue for one thread that reports. Before the pipeline starts.</summary>
    public IReportSink OpenQueue()
    {
        var queue = new ReportQueue(ringSize, protectionTicks);
        _queues = [.. _queues, queue];
        return queue;
    }

    /// <summary>
    /// Hands waiting reports to <paramref name="receiver"/> while it has room. Returns whether there were any.
    /// </summary>
    public bool Drain(IReportReceiver receiver)
    {
        var hasDrained = false;
        foreach (var queue in _queues)
            hasDrained |= queue.Drain(receiver);

        return hasDrained;
    }
}
