using ExecutionPipeline.HdrHistogram.Utilities;

namespace ExecutionPipeline.HdrHistogram.Encoding;

/// <summary>A format that histograms are written in.</summary>
public interface IEncoder
{
    /// <summary>Writes the data at the buffer's position and moves past it.</summary>
    /// <returns>How many bytes were written.</returns>
    int Encode(IRecordedData data, ByteBuffer buffer);
}
