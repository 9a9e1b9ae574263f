namespace ExecutionPipeline.Stages.Inference.Onnx;

/// <summary>A file is not an ONNX model that can be used here; the message says what was found, in one line.</summary>
public sealed class OnnxFormatException : Exception
{
    public OnnxFormatException(string message) : base(message)
    {
    }
}
