using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Disruptor;

/// <summary>
/// What rings in unmanaged memory have in common, whatever their events are. Its fields are read on every event and
/// never written, so they are kept off the lines of whatever lies beside them.
/// </summary>
[StructLayout(LayoutKind.Explicit)]
public abstract class UnmanagedRingBuffer : ICursored
{
    /// <summary>
    /// Keeps the memory from being released while the ring is in use; null when its owner sees to that.
    /// </summary>
    [FieldOffset(CacheLayout.FieldPaddingBytes)]
    private protected readonly object? _memory;

    [FieldOffset(CacheLayout.FieldPaddingBytes + 8)]
    private protected readonly long _indexMask;

    /// <summary>The first slot.</summary>
    [FieldOffset(CacheLayout.FieldPaddingBytes + 16)]
    private protected readonly nint _pointer;

    [FieldOffset(CacheLayout.FieldPaddingBytes + 24)]
    private protected readonly SequencerDispatcher _dispatcher;

    /// <summary>From one slot to the next, in bytes.</summary>
    [FieldOffset(CacheLayout.FieldPaddingBytes + 48)]
    private protected readonly int _eventSize;

    [FieldOffset(CacheLayout.FieldPaddingBytes + 52)]
    private readonly int _bufferSize;

    // The runtime cuts a class off after its last field, whatever size is declared.
#pragma warning disable CS0169, IDE0051
    [FieldOffset(2 * CacheLayout.FieldPaddingBytes + 48)]
    private readonly long _lastPaddingWord;
#pragma warning restore CS0169, IDE0051

    private protected UnmanagedRingBuffer(ISequencer sequencer, nint pointer, int eventSize, object? memory)
    {
        if (eventSize < 1)
            throw new ArgumentException("eventSize must not be less than 1");

        ThrowHelper.ThrowIfNotRingSize(sequencer.BufferSize);

        _bufferSize = sequencer.BufferSize;
        _indexMask = _bufferSize - 1;
        _dispatcher = new SequencerDispatcher(sequencer);
        _pointer = pointer;
        _eventSize = eventSize;
        _memory = memory;
    }

    /// <inheritdoc cref="ISequenced.BufferSize"/>
    public int BufferSize => _bufferSize;

    /// <inheritdoc/>
    public long Cursor => _dispatcher.Sequencer.Cursor;

    /// <inheritdoc cref="ISequenced.HasAvailableCapacity"/>
    public bool HasAvailableCapacity(int requiredCapacity)
    {
        return _dispatcher.Sequencer.HasAvailableCapacity(requiredCapacity);
    }

    /// <inheritdoc cref="ISequenced.GetRemainingCapacity"/>
    public long GetRemainingCapacity() => _dispatcher.Sequencer.GetRemainingCapacity();

    /// <inheritdoc cref="ISequenced.Next()"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Next() => _dispatcher.Next();

    /// <inheritdoc cref="ISequenced.Next(int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Next(int n)
    {
        if ((uint)(n - 1) >= (uint)_bufferSize)
            ThrowHelper.ThrowClaimSizeOutOfRange();

        return _dispatcher.Next(n);
    }

    /// <inheritdoc cref="ISequenced.TryNext(out long)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNext(out long sequence) => _dispatcher.TryNext(out sequence);

    /// <inheritdoc cref="ISequenced.TryNext(int, out long)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNext(int n, out long sequence)
    {
        if ((uint)(n - 1) >= (uint)_bufferSize)
            ThrowHelper.ThrowClaimSizeOutOfRange();

        return _dispatcher.TryNext(n, out sequence);
    }

    /// <inheritdoc cref="ISequenced.Publish(long)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(long sequence) => _dispatcher.Publish(sequence);

    /// <inheritdoc cref="ISequenced.Publish(long, long)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(long lo, long hi) => _dispatcher.Publish(lo, hi);

    /// <inheritdoc cref="ISequencer.AddGatingSequences"/>
    public void AddGatingSequences(params Sequence[] gatingSequences)
    {
        _dispatcher.Sequencer.AddGatingSequences(gatingSequences);
    }

    /// <inheritdoc cref="ISequencer.RemoveGatingSequence"/>
    public bool RemoveGatingSequence(Sequence sequence) => _dispatcher.Sequencer.RemoveGatingSequence(sequence);

    /// <inheritdoc cref="ISequencer.GetMinimumSequence"/>
    public long GetMinimumGatingSequence() => _dispatcher.Sequencer.GetMinimumSequence();

    /// <inheritdoc cref="ISequencer.NewBarrier"/>
    public SequenceBarrier NewBarrier(SequenceWaiterOwner owner, params Sequence[] sequencesToTrack)
    {
        return _dispatcher.Sequencer.NewBarrier(owner, sequencesToTrack);
    }
}
