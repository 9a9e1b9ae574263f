namespace ExecutionPipeline.Benchmarks.Rings;

/// <summary>A handler whose work can be checked.</summary>
public interface ICheckedHandler
{
    /// <summary>The sum of what was read.</summary>
    long Total { get; }
}

/// <summary>Reads one word of each event.</summary>
public sealed class FirstWordHandler<T>(ChunkClock clock) : IValueEventHandler<T>, ICheckedHandler
    where T : struct, IWords
{
    public long Total { get; private set; }

    public void OnEvent(ref T data, long sequence, bool endOfBatch)
    {
        Total += data.First;
        clock.OnEvent(sequence);
    }
}

/// <summary>Reads every word of each event.</summary>
public sealed class AllWordsHandler<T>(ChunkClock clock) : IValueEventHandler<T>, ICheckedHandler
    where T : struct, IWords
{
    public long Total { get; private set; }

    public void OnEvent(ref T data, long sequence, bool endOfBatch)
    {
        Total += data.Sum();
        clock.OnEvent(sequence);
    }
}
