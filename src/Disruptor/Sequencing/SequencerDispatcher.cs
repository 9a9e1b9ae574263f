using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Disruptor;

/// <summary>
/// Calls a sequencer. With one producer the call is inlined to a few instructions; every other sequencer is called out
/// of line, where it costs the caller no registers.
/// </summary>
public readonly struct SequencerDispatcher
{
    /// <summary>The sequencer, if it is one for a single producer.</summary>
    private readonly SingleProducerSequencer? _single;

    /// <summary>The cursor, if setting it is all there is to publishing: one producer, and nobody to wake.</summary>
    private readonly Sequence? _plainCursor;

    /// <summary>Creates a dispatcher to <paramref name="sequencer"/>.</summary>
    public SequencerDispatcher(ISequencer sequencer)
    {
        Sequencer = sequencer;
        _single = sequencer as SingleProducerSequencer;
        _plainCursor = _single?.PlainCursor;
    }

    /// <summary>The sequencer that is called.</summary>
    public readonly ISequencer Sequencer;

    /// <inheritdoc cref="ISequenced.Next()"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Next()
    {
        var single = _single;
        return single != null ? single.NextUnchecked(1) : NextOfOther(1);
    }

    /// <summary>Claims <paramref name="n"/> events, which the caller has checked to be no more than the ring.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Next(int n)
    {
        var single = _single;
        return single != null ? single.NextUnchecked(n) : NextOfOther(n);
    }

    /// <inheritdoc cref="ISequenced.TryNext(out long)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNext(out long sequence)
    {
        var single = _single;
        return single != null ? single.TryNextUnchecked(1, out sequence) : TryNextOfOther(1, out sequence);
    }

    /// <summary>Claims <paramref name="n"/> events, which the caller has checked to be no more than the ring.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNext(int n, out long sequence)
    {
        var single = _single;
        return single != null ? single.TryNextUnchecked(n, out sequence) : TryNextOfOther(n, out sequence);
    }

    /// <inheritdoc cref="ISequenced.Publish(long)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(long sequence)
    {
        var cursor = _plainCursor;
        if (cursor != null)
            cursor.SetValue(sequence);
        else
            PublishToOther(sequence, sequence);
    }

    /// <inheritdoc cref="ISequenced.Publish(long, long)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(long lo, long hi)
    {
        var cursor = _plainCursor;
        if (cursor != null)
            cursor.SetValue(hi);
        else
            PublishToOther(lo, hi);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long NextOfOther(int n)
    {
        if (Sequencer is MultiProducerSequencer multi)
            return multi.NextUnchecked(n);

        return n == 1 ? Sequencer.Next() : Sequencer.Next(n);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryNextOfOther(int n, out long sequence)
    {
        if (Sequencer is MultiProducerSequencer multi)
            return multi.TryNextUnchecked(n, out sequence);

        return n == 1 ? Sequencer.TryNext(out sequence) : Sequencer.TryNext(n, out sequence);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PublishToOther(long lo, long hi)
    {
        if (_single != null)
            _single.Publish(hi);
        else if (Sequencer is MultiProducerSequencer multi)
            multi.Publish(lo, hi);
        else if (lo == hi)
            Sequencer.Publish(lo);
        else
            Sequencer.Publish(lo, hi);
    }
}
