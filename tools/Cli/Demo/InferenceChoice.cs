namespace ExecutionPipeline.Cli.Demo;

/// <summary>Who decides.</summary>
public enum InferenceChoice
{
    /// <summary>The ONNX models, run by ONNX Runtime.</summary>
    OnnxRuntime,

    /// <summary>The rule-based policy that the models were fitted to.</summary>
    Rules,
}
