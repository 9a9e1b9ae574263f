namespace ExecutionPipeline.Benchmarks.Histograms;

/// <summary>Calls of one class of histogram; a struct, so that the loop around it is compiled for that class.</summary>
public interface IRecordingCalls
{
    /// <summary>How many values have been recorded.</summary>
    long TotalCount { get; }

    /// <summary>Records a value.</summary>
    void Record(long value);
}
