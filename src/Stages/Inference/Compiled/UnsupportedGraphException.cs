namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>A graph has something that is not compiled; the message names it in one line.</summary>
internal sealed class UnsupportedGraphException : Exception
{
    public UnsupportedGraphException(string message) : base(message)
    {
    }
}
