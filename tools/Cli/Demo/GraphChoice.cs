namespace ExecutionPipeline.Cli.Demo;

/// <summary>Whether the three actors are one ONNX graph or three.</summary>
public enum GraphChoice
{
    Merged,
    Separate,
}
