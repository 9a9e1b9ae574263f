namespace ExecutionPipeline.Benchmarks.Rings;

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
