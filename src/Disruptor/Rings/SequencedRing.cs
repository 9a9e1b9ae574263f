using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Disruptor;

/// <summary>
/// What all rings do with their sequencer. With one producer and room in the ring, claiming and publishing are inlined
/// to a few instructions; all else is done out of line, where it costs the caller no registers. The fields are read on
/// every event and never written, so they are kept off the lines of whatever lies beside them.
/// </summary>
[StructLayout(LayoutKind.Explicit)]
public abstract class SequencedRing : ICursored
{
    /// <summary>The single producer's claims; for every other sequencer claims that are never enough.</summary>
    [FieldOffset(CacheLayout.FieldPaddingBytes)]
    private readonly ProducerClaims _claims;

    /// <summary>The cursor, if setting it is all there is to publishing: one producer, and nobody to wake.</summary>
    [FieldOffset(CacheLayout.FieldPaddingBytes + 8)]
    private readonly Sequence? _plainCursor;

    /// <summary>The array that holds the slots, or what keeps them allocated; null when the caller does.</summary>
    [FieldOffset(CacheLayout.FieldPaddingBytes + 16)]
    private protected readonly object? _memory;

    /// <summary>The first slot: in managed memory from the array's first byte, else its address.</summary>
    [FieldOffset(CacheLayout.FieldPaddingBytes + 24)]
    private protected readonly nint _firstSlot;

    [FieldOffset(CacheLayout.FieldPaddingBytes + 32)]
    private protected readonly long _indexMask;

    [FieldOffset(CacheLayout.FieldPaddingBytes + 40)]
    private protected readonly ISequencer _sequencer;

    /// <summary>From one slot to the next, in bytes.</summary>
    [FieldOffset(CacheLayout.FieldPaddingBytes + 48)]
    private protected readonly int _slotBytes;

    // The runtime cuts a class off after its last field, whatever size is declared.
#pragma warning disable CS0169, IDE0051
    [FieldOffset(2 * CacheLayout.FieldPaddingBytes + 48)]
    private readonly long _lastPaddingWord;
#pragma warning restore CS0169, IDE0051

    private protected SequencedRing(ISequencer sequencer, object? memory, nint firstSlot, int slotBytes)
    {
        ThrowHelper.ThrowIfNotRingSize(sequencer.BufferSize);

        var single = sequencer as SingleProducerSequencer;
        _claims = single?.Claims ?? ProducerClaims.None;
        _plainCursor = single?.PlainCursor;
        _sequencer = sequencer;
        _memory = memory;
        _firstSlot = firstSlot;
        _slotBytes = slotBytes;
        _indexMask = sequencer.BufferSize - 1;
    }

    /// <inheritdoc cref="ISequenced.BufferSize"/>
    public int BufferSize => (int)_indexMask + 1;

    /// <inheritdoc/>
    public long Cursor => _sequencer.Cursor;

    /// <inheritdoc cref="ISequenced.HasAvailableCapacity"/>
    public bool HasAvailableCapacity(int requiredCapacity)
    {
        return _sequencer.HasAvailableCapacity(requiredCapacity);
    }

    /// <inheritdoc cref="ISequenced.GetRemainingCapacity"/>
    public long GetRemainingCapacity() => _sequencer.GetRemainingCapacity();

    /// <inheritdoc cref="ISequenced.Next()"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Next() => NextUnchecked(1);

    /// <inheritdoc cref="ISequenced.Next(int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Next(int n)
    {
        if ((ulong)(n - 1L) > (ulong)_indexMask)
            ThrowHelper.ThrowClaimSizeOutOfRange();

        return NextUnchecked(n);
    }

    /// <inheritdoc cref="ISequenced.TryNext(out long)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNext(out long sequence) => TryNextUnchecked(1, out sequence);

    /// <inheritdoc cref="ISequenced.TryNext(int, out long)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNext(int n, out long sequence)
    {
        if ((ulong)(n - 1L) > (ulong)_indexMask)
            ThrowHelper.ThrowClaimSizeOutOfRange();

        return TryNextUnchecked(n, out sequence);
    }

    /// <inheritdoc cref="ISequenced.Publish(long)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(long sequence)
    {
        var cursor = _plainCursor;
        if (cursor != null)
            cursor.SetValue(sequence);
        else
            PublishOutOfLine(sequence, sequence);
    }

    /// <inheritdoc cref="ISequenced.Publish(long, long)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(long lo, long hi)
    {
        var cursor = _plainCursor;
        if (cursor != null)
            cursor.SetValue(hi);
        else
            PublishOutOfLine(lo, hi);
    }

    /// <inheritdoc cref="ISequencer.AddGatingSequences"/>
    public void AddGatingSequences(params Sequence[] gatingSequences)
    {
        _sequencer.AddGatingSequences(gatingSequences);
    }

    /// <inheritdoc cref="ISequencer.RemoveGatingSequence"/>
    public bool RemoveGatingSequence(Sequence sequence) => _sequencer.RemoveGatingSequence(sequence);

    /// <inheritdoc cref="ISequencer.GetMinimumSequence"/>
    public long GetMinimumGatingSequence() => _sequencer.GetMinimumSequence();

    /// <inheritdoc cref="ISequencer.NewBarrier"/>
    public SequenceBarrier NewBarrier(SequenceWaiterOwner owner, params Sequence[] sequencesToTrack)
    {
        return _sequencer.NewBarrier(owner, sequencesToTrack);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long NextUnchecked(int n) => _claims.TryClaim(n, out var sequence) ? sequence : NextOutOfLine(n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryNextUnchecked(int n, out long sequence)
    {
        return _claims.TryClaim(n, out sequence) || TryNextOutOfLine(n, out sequence);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long NextOutOfLine(int n) => _sequencer switch
    {
        SingleProducerSequencer single => single.NextUnchecked(n),
        MultiProducerSequencer multi => multi.NextUnchecked(n),
        _ => n == 1 ? _sequencer.Next() : _sequencer.Next(n),
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryNextOutOfLine(int n, out long sequence) => _sequencer switch
    {
        SingleProducerSequencer single => single.TryNextUnchecked(n, out sequence),
        MultiProducerSequencer multi => multi.TryNextUnchecked(n, out sequence),
        _ => n == 1 ? _sequencer.TryNext(out sequence) : _sequencer.TryNext(n, out sequence),
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PublishOutOfLine(long lo, long hi)
    {
        if (_sequencer is SingleProducerSequencer single)
            single.Publish(hi);
        else if (_sequencer is MultiProducerSequencer multi)
            multi.Publish(lo, hi);
        else if (lo == hi)
            _sequencer.Publish(lo);
        else
            _sequencer.Publish(lo, hi);
    }
}
