namespace ExecutionPipeline.Benchmarks.Rings;

/// <summary>An event of so many eight-byte words.</summary>
public interface IWords
{
    /// <summary>The first word.</summary>
    long First { get; set; }

    /// <summary>Writes every word.</summary>
    void Fill(long value);

    /// <summary>Reads every word.</summary>
    long Sum();
}
