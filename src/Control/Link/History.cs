namespace ExecutionPipeline.Control.Link;

/// <summary>A message that is kept.</summary>
/// <param name="Sequence">Its number in the event log.</param>
/// <param name="Message">Header and block.</param>
public sealed record KeptMessage(long Sequence, byte[] Message);

/// <summary>A page of messages, newest first.</summary>
/// <param name="Items">What was found.</param>
/// <param name="Next">What to give as "before" for the page after this one; null: there is none.</param>
public sealed record MessagePage(IReadOnlyList<KeptMessage> Items, long? Next);

/// <summary>
/// The last messages of a kind by the order of their arrival; those with the same key take one another's place. The
/// oldest go when there are too many.
/// </summary>
/// <param name="capacity">Messages that are kept.</param>
public sealed class History(int capacity)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, (ulong Key, byte[] Message)> _bySequence = [];
    private readonly Dictionary<ulong, long> _byKey = [];

    /// <summary>Messages that are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _bySequence.Count;
        }
    }

    /// <summary>Keeps a message instead of the one with its key before it.</summary>
    public void Put(ulong key, long sequence, ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            if (_byKey.Remove(key, out var before))
                _bySequence.Remove(before);
            _bySequence[sequence] = (key, message.ToArray());
            _byKey[key] = sequence;
            if (_bySequence.Count <= capacity)
                return;

            var oldest = _bySequence.First();
            _bySequence.Remove(oldest.Key);
            _byKey.Remove(oldest.Value.Key);
        }
    }

    /// <summary>The message of a key; null: none is kept.</summary>
    public KeptMessage? Find(ulong key)
    {
        lock (_gate)
            return _byKey.TryGetValue(key, out var at) ? new KeptMessage(at, _bySequence[at].Message) : null;
    }

    /// <summary>What is kept, newest first.</summary>
    /// <param name="isWanted">Which messages are.</param>
    /// <param name="before">Only messages with a smaller number; null: all.</param>
    /// <param name="limit">How many at most.</param>
    public MessagePage Page(Func<byte[], bool> isWanted, long? before, int limit)
    {
        List<KeptMessage> all;
        // What is looked through is copied, so that the thread that fills it does not wait for a filter.
        lock (_gate)
        {
            all = [.. _bySequence.Where(one => before is null || one.Key < before)
                .Select(static one => new KeptMessage(one.Key, one.Value.Message))];
        }

        all.Reverse();
        var found = all.Where(one => isWanted(one.Message)).Take(limit + 1).ToList();
        return found.Count <= limit
            ? new MessagePage(found, null)
            : new MessagePage([.. found.Take(limit)], found[limit - 1].Sequence);
    }
}
