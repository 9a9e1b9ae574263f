using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExecutionPipeline.Disruptor.Dsl;

namespace ExecutionPipeline.Disruptor;

/// <summary>
/// Sequences for a ring that several threads write. The cursor is the highest claimed sequence; for each slot, the lap
/// that was last published in it tells whether the event there has been written.
/// </summary>
public sealed class MultiProducerSequencer : ISequencer
{
    private readonly IWaitStrategy _waitStrategy;
    private readonly Sequence _cursor = new();
    private readonly int _bufferSize;
    private readonly int _indexMask;
    private readonly int _lapShift;
    private readonly bool _isBlockingWaitStrategy;

    // One lap number a slot. A producer stays less than a lap ahead of the consumers, so a slot's lap is wrong only by
    // being the one before, and equality is all that need be asked.
    private readonly int[] _publishedLaps;

    // Replaced as a whole by whoever adds or removes a sequence: read it with Volatile.Read.
    private Sequence[] _gatingSequences = [];

    // A sequence that every consumer is known to have reached. Any producer may write it, an older value too: it only
    // makes the next one look again.
    private readonly Sequence _knownConsumed = new();

    /// <inheritdoc cref="MultiProducerSequencer(int, IWaitStrategy)"/>
    public MultiProducerSequencer(int bufferSize)
        : this(bufferSize, SequencerFactory.DefaultWaitStrategy())
    {
    }

    /// <summary>Creates the sequences of a ring of <paramref name="bufferSize"/> events.</summary>
    /// <exception cref="ArgumentException">The size is not a power of two.</exception>
    public MultiProducerSequencer(int bufferSize, IWaitStrategy waitStrategy)
    {
        ThrowHelper.ThrowIfNotRingSize(bufferSize);

        _bufferSize = bufferSize;
        _waitStrategy = waitStrategy;
        _isBlockingWaitStrategy = waitStrategy.IsBlockingStrategy;
        _indexMask = bufferSize - 1;
        _lapShift = DisruptorUtil.Log2(bufferSize);
        _publishedLaps = new int[bufferSize];
        _publishedLaps.AsSpan().Fill(-1);
    }

    /// <inheritdoc/>
    public int BufferSize => _bufferSize;

    /// <inheritdoc/>
    public long Cursor => _cursor.Value;

    /// <inheritdoc/>
    public SequenceBarrier NewBarrier(SequenceWaiterOwner owner, params Sequence[] sequencesToTrack)
    {
        var dependentSequences = new DependentSequenceGroup(_cursor, sequencesToTrack);
        var waiter = _waitStrategy.NewSequenceWaiter(owner, dependentSequences);
        return new SequenceBarrier(this, waiter, dependentSequences);
    }

    /// <inheritdoc/>
    public ValueEventPoller<T> NewPoller<T>(IValueDataProvider<T> provider, params Sequence[] gatingSequences)
        where T : struct
    {
        return EventPoller.Create(provider, this, new Sequence(), _cursor, gatingSequences);
    }

    /// <inheritdoc/>
    public bool HasAvailableCapacity(int requiredCapacity)
    {
        var claimed = _cursor.Value;
        return IsFree(claimed + requiredCapacity, claimed);
    }

    /// <inheritdoc/>
    public long GetRemainingCapacity()
    {
        var claimed = _cursor.Value;
        return _bufferSize - (claimed - GetMinimumGating(claimed));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Next() => NextUnchecked(1);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Next(int n)
    {
        if ((uint)(n - 1) >= (uint)_bufferSize)
            ThrowHelper.ThrowClaimSizeOutOfRange();

        return NextUnchecked(n);
    }

    /// <inheritdoc/>
    public bool TryNext(out long sequence) => TryNextUnchecked(1, out sequence);

    /// <inheritdoc/>
    public bool TryNext(int n, out long sequence)
    {
        if ((uint)(n - 1) >= (uint)_bufferSize)
            ThrowHelper.ThrowClaimSizeOutOfRange();

        return TryNextUnchecked(n, out sequence);
    }

    /// <inheritdoc/>
    public void Claim(long sequence)
    {
        _cursor.SetValue(sequence);
        // Below every sequence: the next claim looks at the consumers.
        _knownConsumed.SetValue(long.MinValue);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(long sequence)
    {
        MarkPublished(sequence);
        if (_isBlockingWaitStrategy)
            _waitStrategy.SignalAllWhenBlocking();
    }

    /// <inheritdoc/>
    public void Publish(long lo, long hi)
    {
        for (var sequence = lo; sequence <= hi; sequence++)
            MarkPublished(sequence);

        if (_isBlockingWaitStrategy)
            _waitStrategy.SignalAllWhenBlocking();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsAvailable(long sequence)
    {
        // Acquire: pairs with the release in MarkPublished, so the event's bytes are there when its lap is.
        return Volatile.Read(ref PublishedLap(sequence)) == LapOf(sequence);
    }

    /// <inheritdoc/>
    public long GetHighestPublishedSequence(long nextSequence, long availableSequence)
    {
        for (var sequence = nextSequence; sequence <= availableSequence; sequence++)
        {
            if (!IsAvailable(sequence))
                return sequence - 1;
        }

        return availableSequence;
    }

    /// <inheritdoc/>
    public void AddGatingSequences(params Sequence[] gatingSequences)
    {
        SequenceGroups.AddSequences(ref _gatingSequences, this, gatingSequences);
    }

    /// <inheritdoc/>
    public bool RemoveGatingSequence(Sequence sequence)
    {
        return SequenceGroups.TryRemoveSequence(ref _gatingSequences, sequence);
    }

    /// <inheritdoc/>
    public long GetMinimumSequence() => GetMinimumGating(_cursor.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long NextUnchecked(int n)
    {
        var next = _cursor.AddAndGet(n);
        if (next - _bufferSize > _knownConsumed.Value)
            WaitForCapacity(next, next - n);

        return next;
    }

    internal bool TryNextUnchecked(int n, out long sequence)
    {
        while (true)
        {
            var claimed = _cursor.Value;
            sequence = claimed + n;
            if (!IsFree(sequence, claimed))
            {
                sequence = 0;
                return false;
            }

            if (_cursor.CompareAndSet(claimed, sequence))
                return true;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WaitForCapacity(long next, long claimed)
    {
        var spinWait = default(AggressiveSpinWait);
        while (!IsFree(next, claimed))
            spinWait.SpinOnce();
    }

    private bool IsFree(long next, long claimed)
    {
        var wrapPoint = next - _bufferSize;
        if (wrapPoint <= _knownConsumed.Value)
            return true;

        var consumed = GetMinimumGating(claimed);
        _knownConsumed.SetValue(consumed);
        return wrapPoint <= consumed;
    }

    private long GetMinimumGating(long minimum)
    {
        // Acquire: pairs with the exchange in SequenceGroups, whoever added or removed a consumer.
        return DisruptorUtil.GetMinimumSequence(Volatile.Read(ref _gatingSequences), minimum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MarkPublished(long sequence)
    {
        // Release: pairs with the acquire in IsAvailable.
        Volatile.Write(ref PublishedLap(sequence), LapOf(sequence));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int LapOf(long sequence) => (int)((ulong)sequence >> _lapShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref int PublishedLap(long sequence)
    {
        // The mask keeps the index inside the array: its length is the mask plus one.
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_publishedLaps), (int)sequence & _indexMask);
    }
}
