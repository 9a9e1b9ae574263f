using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Disruptor;

/// <summary>Calls a sequencer, without an interface call when it is one of this library's.</summary>
public readonly struct SequencerDispatcher
{
    private readonly SingleProducerSequencer? _single;
    private readonly MultiProducerSequencer? _multi;

    /// <summary>Creates a dispatcher to <paramref name="sequencer"/>.</summary>
    public SequencerDispatcher(ISequencer sequencer)
    {
        Sequencer = sequencer;
        _single = sequencer as SingleProducerSequencer;
        _multi = sequencer as MultiProducerSequencer;
    }

    /// <summary>The sequencer that is called.</summary>
    public readonly ISequencer Sequencer;

    /// <inheritdoc cref="ISequenced.Next()"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Next()
    {
        if (_single != null)
            return _single.NextUnchecked(1);

        return _multi != null ? _multi.NextUnchecked(1) : Sequencer.Next();
    }

    /// <summary>Claims <paramref name="n"/> events, which the caller has checked to be no more than the ring.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Next(int n)
    {
        if (_single != null)
            return _single.NextUnchecked(n);

        return _multi != null ? _multi.NextUnchecked(n) : Sequencer.Next(n);
    }

    /// <inheritdoc cref="ISequenced.TryNext(out long)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNext(out long sequence)
    {
        if (_single != null)
            return _single.TryNextUnchecked(1, out sequence);

        return _multi != null ? _multi.TryNextUnchecked(1, out sequence) : Sequencer.TryNext(out sequence);
    }

    /// <summary>Claims <paramref name="n"/> events, which the caller has checked to be no more than the ring.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNext(int n, out long sequence)
    {
        if (_single != null)
            return _single.TryNextUnchecked(n, out sequence);

        return _multi != null ? _multi.TryNextUnchecked(n, out sequence) : Sequencer.TryNext(n, out sequence);
    }

    /// <inheritdoc cref="ISequenced.Publish(long)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(long sequence)
    {
        if (_single != null)
            _single.Publish(sequence);
        else if (_multi != null)
            _multi.Publish(sequence);
        else
            Sequencer.Publish(sequence);
    }

    /// <inheritdoc cref="ISequenced.Publish(long, long)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(long lo, long hi)
    {
        if (_single != null)
            _single.Publish(hi);
        else if (_multi != null)
            _multi.Publish(lo, hi);
        else
            Sequencer.Publish(lo, hi);
    }
}
