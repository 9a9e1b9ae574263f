namespace ExecutionPipeline.HdrHistogram;

/// <summary>Reads logs of the versions before tags, of which some have other column names.</summary>
public interface IHistogramLogV1Reader
{
    /// <summary>Reads the log's histograms one by one.</summary>
    IEnumerable<HistogramBase> ReadHistograms();
}
