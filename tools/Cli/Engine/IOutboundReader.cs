namespace ExecutionPipeline.Cli.Engine;

/// <summary>The way back: what the pipeline publishes.</summary>
public interface IOutboundReader
{
    /// <summary>Takes a few messages that are there and counts them. Returns how many; does not wait.</summary>
    int Poll();
}
