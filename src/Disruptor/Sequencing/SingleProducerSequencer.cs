using System.Runtime.CompilerServices;
using ExecutionPipeline.Disruptor.Dsl;

namespace ExecutionPipeline.Disruptor;

/// <summary>
/// Sequences for a ring that one thread at a time writes. Claiming and publishing need no atomic operation; the cursor
/// is the highest published sequence.
/// </summary>
public sealed class SingleProducerSequencer : ISequencer
{
    private readonly IWaitStrategy _waitStrategy;
    private readonly Sequence _cursor = new();
    private readonly ProducerClaims _claims = new();
    private readonly int _bufferSize;
    private readonly bool _isBlockingWaitStrategy;

    // Replaced as a whole by whoever adds or removes a sequence: read it with Volatile.Read.
    private Sequence[] _gatingSequences = [];

    /// <inheritdoc cref="SingleProducerSequencer(int, IWaitStrategy)"/>
    public SingleProducerSequencer(int bufferSize)
        : this(bufferSize, SequencerFactory.DefaultWaitStrategy())
    {
    }

    /// <summary>Creates the sequences of a ring of <paramref name="bufferSize"/> events.</summary>
    /// <exception cref="ArgumentException">The size is not a power of two.</exception>
    public SingleProducerSequencer(int bufferSize, IWaitStrategy waitStrategy)
    {
        ThrowHelper.ThrowIfNotRingSize(bufferSize);

        _bufferSize = bufferSize;
        _waitStrategy = waitStrategy;
        _isBlockingWaitStrategy = waitStrategy.IsBlockingStrategy;
        Claim(Sequence.InitialCursorValue);
    }

    /// <inheritdoc/>
    public int BufferSize => _bufferSize;

    /// <inheritdoc/>
    public long Cursor => _cursor.Value;

    /// <summary>
    /// The cursor, when setting it is all there is to publishing; null when waiters must be woken as well.
    /// </summary>
    internal Sequence? PlainCursor => _isBlockingWaitStrategy ? null : _cursor;

    /// <summary>What the producer has claimed and may claim.</summary>
    internal ProducerClaims Claims => _claims;

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
    public bool HasAvailableCapacity(int requiredCapacity) => requiredCapacity <= GetRemainingCapacity();

    /// <inheritdoc/>
    public long GetRemainingCapacity()
    {
        // No order is needed between the two: a figure read while the producer runs is a moment old in any case.
        var claimed = Volatile.Read(ref _claims.Claimed);
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNext(out long sequence) => TryNextUnchecked(1, out sequence);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNext(int n, out long sequence)
    {
        if ((uint)(n - 1) >= (uint)_bufferSize)
            ThrowHelper.ThrowClaimSizeOutOfRange();

        return TryNextUnchecked(n, out sequence);
    }

    /// <inheritdoc/>
    public void Claim(long sequence)
    {
        _claims.Claimed = sequence;
        // Below every sequence: the next claim looks at the consumers.
        _claims.Limit = long.MinValue;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(long sequence)
    {
        _cursor.SetValue(sequence);
        if (_isBlockingWaitStrategy)
            _waitStrategy.SignalAllWhenBlocking();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(long lo, long hi) => Publish(hi);

    /// <inheritdoc/>
    public bool IsAvailable(long sequence)
    {
        var cursor = _cursor.Value;
        return sequence <= cursor && sequence > cursor - _bufferSize;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long GetHighestPublishedSequence(long nextSequence, long availableSequence) => availableSequence;

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
    internal long NextUnchecked(int n) => _claims.TryClaim(n, out var sequence) ? sequence : NextWhenFull(n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryNextUnchecked(int n, out long sequence)
    {
        return _claims.TryClaim(n, out sequence) || TryClaimBehindConsumers(n, out sequence);
    }

    /// <summary>
    /// All of the claim, so that a caller's registers need not survive a call that hardly ever happens.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private long NextWhenFull(int n)
    {
        var spinWait = default(AggressiveSpinWait);
        long sequence;
        while (!TryClaimBehindConsumers(n, out sequence))
            spinWait.SpinOnce();

        return sequence;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryClaimBehindConsumers(int n, out long sequence)
    {
        // What was published is seen before the consumers are looked at, so that one who comes meanwhile begins behind
        // it or is waited for: pairs with the exchange in SequenceGroups, after which the cursor is read.
        Interlocked.MemoryBarrier();
        _claims.Limit = GetMinimumGating(_claims.Claimed) + _bufferSize;
        if (_claims.TryClaim(n, out sequence))
            return true;

        sequence = 0;
        return false;
    }

    private long GetMinimumGating(long minimum)
    {
        // Acquire: pairs with the exchange in SequenceGroups, whoever added or removed a consumer.
        return DisruptorUtil.GetMinimumSequence(Volatile.Read(ref _gatingSequences), minimum);
    }
}
