namespace ExecutionPipeline.Benchmarks.Rings;

/// <summary>A handler whose work can be checked.</summary>
public interface ICheckedHandler
{
    /// <summary>The sum of what was read.</summary>
    long Total { get; }
}
