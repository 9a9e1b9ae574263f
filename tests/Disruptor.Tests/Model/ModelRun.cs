namespace ExecutionPipeline.Disruptor.Tests.Model;

/// <summary>Runs a program, bytes that stand for calls and their arguments, on a sequencer and on the model.</summary>
internal sealed class ModelRun
{
    private const int BufferSize = 8;
    private const int MaxConsumers = 3;

    private readonly ModelRing _model;
    private readonly ISequencer _sequencer;
    private readonly bool _isSingle;
    private readonly List<Sequence> _consumers = [];
    private readonly List<long> _unpublished = [];

    public ModelRun(ProducerType producerType, int modelBufferSize = BufferSize)
    {
        _model = new ModelRing(modelBufferSize);
        _sequencer = SequencerFactory.Create(producerType, BufferSize, new BusySpinWaitStrategy());
        _isSingle = producerType == ProducerType.Single;
    }

    /// <exception cref="InvalidOperationException">The two have answered differently.</exception>
    public void Run(byte[] program)
    {
        for (var i = 0; i + 1 < program.Length; i += 2)
        {
            Step(program[i] % 6, program[i + 1]);
            Compare(program, i);
        }
    }

    private void Step(int call, byte argument)
    {
        switch (call)
        {
            case 0:
                TryClaim(1 + argument % BufferSize);
                break;
            case 1:
                ClaimIfThereIsRoom(1 + argument % BufferSize);
                break;
            case 2:
                PublishOne(argument);
                break;
            case 3:
                Consume(argument);
                break;
            case 4:
                RemoveConsumer(argument);
                break;
            default:
                AddConsumer();
                break;
        }
    }

    private void TryClaim(int n)
    {
        if (IsLapAheadOfUnpublished(n))
            return;

        var isClaimed = _sequencer.TryNext(n, out var sequence);
        if (isClaimed != _model.TryClaim(n, out var expected) || (isClaimed && sequence != expected))
            throw new InvalidOperationException($"TryNext({n}): {isClaimed} {sequence}, expected {expected}");

        if (isClaimed)
            NoteClaimed(n, sequence);
    }

    private void ClaimIfThereIsRoom(int n)
    {
        if (n > _model.Remaining || IsLapAheadOfUnpublished(n))
            return;

        _model.TryClaim(n, out var expected);
        var sequence = _sequencer.Next(n);
        if (sequence != expected)
            throw new InvalidOperationException($"Next({n}): {sequence}, expected {expected}");

        NoteClaimed(n, sequence);
    }

    /// <summary>
    /// Without consumers, nothing but the producers themselves keeps them from claiming a slot twice.
    /// </summary>
    private bool IsLapAheadOfUnpublished(int n)
    {
        return _unpublished.Count != 0 && _model.Claimed + n - _unpublished.Min() >= BufferSize;
    }

    private void NoteClaimed(int n, long hi)
    {
        for (var sequence = hi - n + 1; sequence <= hi; sequence++)
            _unpublished.Add(sequence);
    }

    /// <summary>A single producer publishes in order; several publish in any.</summary>
    private void PublishOne(byte argument)
    {
        if (_unpublished.Count == 0)
            return;

        var index = _isSingle ? 0 : argument % _unpublished.Count;
        var sequence = _unpublished[index];
        _unpublished.RemoveAt(index);
        _sequencer.Publish(sequence);
        _model.Publish(sequence);
    }

    private void Consume(byte argument)
    {
        if (_consumers.Count == 0)
            return;

        var index = argument % _consumers.Count;
        var next = Math.Min(_model.Consumers[index] + 1 + argument % 3, _model.HighestPublished);
        if (next <= _model.Consumers[index])
            return;

        _model.Consumers[index] = next;
        _consumers[index].SetValue(next);
    }

    private void RemoveConsumer(byte argument)
    {
        if (_consumers.Count == 0)
            return;

        var index = argument % _consumers.Count;
        if (!_sequencer.RemoveGatingSequence(_consumers[index]))
            throw new InvalidOperationException("RemoveGatingSequence: not found");

        _consumers.RemoveAt(index);
        _model.Consumers.RemoveAt(index);
    }

    /// <summary>A consumer is added where nothing is claimed and unpublished, so that it misses nothing.</summary>
    private void AddConsumer()
    {
        if (_unpublished.Count != 0 || _consumers.Count == MaxConsumers)
            return;

        var consumer = new Sequence();
        _sequencer.AddGatingSequences(consumer);
        _consumers.Add(consumer);
        _model.Consumers.Add(_model.Claimed);
    }

    private void Compare(byte[] program, int position)
    {
        var cursor = _isSingle ? _model.HighestPublished : _model.Claimed;
        var readable = Math.Min(_sequencer.Cursor, _model.Claimed);
        var isSame = _sequencer.Cursor == cursor
                     && _sequencer.GetRemainingCapacity() == _model.Remaining
                     && _sequencer.HasAvailableCapacity(1) == (_model.Remaining >= 1)
                     && _sequencer.GetMinimumSequence() == Math.Min(_model.LowestConsumer(cursor), cursor)
                     && IsSameHighestPublished(readable)
                     && IsSameAvailability();
        if (!isSame)
        {
            var calls = string.Join(' ', program.Take(position + 2));
            throw new InvalidOperationException($"The sequencer and the model differ after: {calls}");
        }
    }

    /// <summary>
    /// Consumers never ask about slots that have been overwritten, so the scan starts inside the ring.
    /// </summary>
    private bool IsSameHighestPublished(long readable)
    {
        var first = Math.Max(0, readable - BufferSize + 1);
        return _sequencer.GetHighestPublishedSequence(first, readable) == _model.HighestPublishedFrom(first);
    }

    private bool IsSameAvailability()
    {
        for (var sequence = Math.Max(0, _model.Claimed - BufferSize + 1); sequence <= _model.Claimed; sequence++)
        {
            if (_sequencer.IsAvailable(sequence) != _model.IsPublished(sequence))
                return false;
        }

        return true;
    }
}
