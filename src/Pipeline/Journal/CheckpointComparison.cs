namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>
/// Compares the results' hash that a run reaches with those that a journal's checkpoints hold, in whatever order the
/// two become known. Two threads may add.
/// </summary>
public sealed class CheckpointComparison
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, ulong> _reached = [];
    private readonly Dictionary<long, ulong> _expected = [];
    private long _lastExpected;
    private long _agreedTo;
    private long? _differsBefore;

    /// <summary>Events up to which both agree.</summary>
    public long AgreedTo
    {
        get
        {
            lock (_lock)
                return _differsBefore is { } differs ? Math.Min(_agreedTo, differs - 1) : _agreedTo;
        }
    }

    /// <summary>The first checkpoint at which they do not; null: none.</summary>
    public long? DiffersBefore
    {
        get
        {
            lock (_lock)
                return _differsBefore;
        }
    }

    /// <summary>A checkpoint of the journal; the same one, or none (0), may be given again.</summary>
    public void AddExpected(long sequence, ulong hash)
    {
        if (sequence == _lastExpected)
            return;

        _lastExpected = sequence;
        lock (_lock)
        {
            if (_reached.Remove(sequence, out var reached))
                Compare(sequence, hash, reached);
            else
                _expected[sequence] = hash;
        }
    }

    /// <summary>What the run has reached.</summary>
    public void AddReached(long sequence, ulong hash)
    {
        lock (_lock)
        {
            if (_expected.Remove(sequence, out var expected))
                Compare(sequence, expected, hash);
            else
                _reached[sequence] = hash;
        }
    }

    private void Compare(long sequence, ulong expected, ulong reached)
    {
        if (expected == reached)
            _agreedTo = Math.Max(_agreedTo, sequence);
        else if (_differsBefore is null || sequence < _differsBefore)
            _differsBefore = sequence;
    }
}
