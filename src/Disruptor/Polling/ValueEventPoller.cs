namespace ExecutionPipeline.Disruptor;

/// <summary>
/// A consumer without a thread of its own: whoever calls <see cref="Poll"/> handles the events that are there.
/// </summary>
/// <typeparam name="T">The type of the events.</typeparam>
public class ValueEventPoller<T>
    where T : struct
{
    private readonly IValueDataProvider<T> _dataProvider;
    private readonly ISequencer _sequencer;
    private readonly DependentSequenceGroup _dependentSequences;

    /// <summary>Creates a poller that starts after <paramref name="sequence"/>.</summary>
    public ValueEventPoller(
        IValueDataProvider<T> dataProvider,
        ISequencer sequencer,
        Sequence sequence,
        DependentSequenceGroup dependentSequences)
    {
        _dataProvider = dataProvider;
        _sequencer = sequencer;
        Sequence = sequence;
        _dependentSequences = dependentSequences;
    }

    /// <summary>The last handled event. To be added as a gating sequence for producers to wait for it.</summary>
    public Sequence Sequence { get; }

    /// <summary>Handles the events that are there, until there is none or the handler returns false.</summary>
    public EventPoller.PollState Poll(EventPoller.ValueHandler<T> eventHandler)
    {
        var nextSequence = Sequence.Value + 1;
        var availableSequence = _sequencer.GetHighestPublishedSequence(nextSequence, _dependentSequences.Value);
        if (nextSequence <= availableSequence)
        {
            HandleEvents(eventHandler, nextSequence, availableSequence);
            return EventPoller.PollState.Processing;
        }

        return _sequencer.Cursor >= nextSequence ? EventPoller.PollState.Gating : EventPoller.PollState.Idle;
    }

    private void HandleEvents(EventPoller.ValueHandler<T> eventHandler, long nextSequence, long availableSequence)
    {
        var handledSequence = nextSequence - 1;
        try
        {
            bool shouldGoOn;
            do
            {
                ref var evt = ref _dataProvider[nextSequence];
                shouldGoOn = eventHandler(ref evt, nextSequence, nextSequence == availableSequence);
                handledSequence = nextSequence++;
            }
            while (nextSequence <= availableSequence && shouldGoOn);
        }
        finally
        {
            // An event at which the handler threw stays the next one.
            Sequence.SetValue(handledSequence);
        }
    }
}
