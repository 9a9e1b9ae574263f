namespace ExecutionPipeline.Benchmarks.Streams;

/// <summary>A stream on which nothing is sent: what the driver does then is what it costs idle.</summary>
public sealed class Rest : StreamPattern
{
    /// <summary>Opens a stream.</summary>
    public Rest(string directory)
        : base(directory)
    {
        Open(1, "1m");
    }

    /// <inheritdoc/>
    /// <returns>Nothing: there is no message to time.</returns>
    public override double[] Run(TimeSpan time)
    {
        Thread.Sleep(time);
        return [];
    }
}
