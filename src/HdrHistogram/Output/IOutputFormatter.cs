using ExecutionPipeline.HdrHistogram.Iteration;

namespace ExecutionPipeline.HdrHistogram.Output;

/// <summary>How a percentile distribution is written.</summary>
internal interface IOutputFormatter
{
    void WriteHeader();

    void WriteValue(HistogramIterationValue value);

    void WriteFooter(HistogramBase histogram);
}
