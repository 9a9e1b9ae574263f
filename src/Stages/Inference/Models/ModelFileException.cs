namespace ExecutionPipeline.Stages.Inference.Models;

/// <summary>A model folder cannot be used; the message names the file and what is wrong with it, in one line.</summary>
public sealed class ModelFileException : Exception
{
    public ModelFileException(string message) : base(message)
    {
    }

    public ModelFileException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
