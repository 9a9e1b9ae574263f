namespace ExecutionPipeline.Disruptor.Tests.Model;

/// <summary>
/// The naive reference beside the sequencers: it remembers every sequence and every consumer in plain lists and works
/// each answer out anew.
/// </summary>
internal sealed class ModelRing(int bufferSize)
{
    private readonly HashSet<long> _published = [];

    public List<long> Consumers { get; } = [];

    public long Claimed { get; private set; } = -1;

    public long Remaining => bufferSize - (Claimed - LowestConsumer(Claimed));

    /// <summary>The highest sequence before the first gap.</summary>
    public long HighestPublished => HighestPublishedFrom(0);

    /// <summary>The highest sequence before the first gap at or after <paramref name="first"/>.</summary>
    public long HighestPublishedFrom(long first)
    {
        var sequence = first - 1;
        while (_published.Contains(sequence + 1))
            sequence++;

        return sequence;
    }

    public bool TryClaim(int n, out long sequence)
    {
        sequence = Claimed + n;
        if (n > Remaining)
            return false;

        Claimed = sequence;
        return true;
    }

    public void Publish(long sequence) => _published.Add(sequence);

    public bool IsPublished(long sequence) => _published.Contains(sequence);

    public long LowestConsumer(long otherwise) => Consumers.Count == 0 ? otherwise : Consumers.Min();
}
