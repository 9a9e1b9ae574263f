using System.Collections;

namespace ExecutionPipeline.HdrHistogram.Iteration;

/// <summary>Starts a fresh iteration each time it is enumerated.</summary>
internal sealed class HistogramEnumerable(Func<HistogramEnumerator> start) : IEnumerable<HistogramIterationValue>
{
    public IEnumerator<HistogramIterationValue> GetEnumerator() => start();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
