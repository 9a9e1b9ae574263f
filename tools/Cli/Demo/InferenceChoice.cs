namespace ExecutionPipeline.Cli.Demo;

/// <summary>Who decides.</summary>
public enum InferenceChoice
{
    /// <summary>As <see cref="Compiled"/> where that can be done, else as <see cref="OnnxRuntime"/>.</summary>
    Auto,

    /// <summary>The ONNX models, compiled and held against ONNX Runtime first.</summary>
    Compiled,

    /// <summary>The ONNX models, run by ONNX Runtime.</summary>
    OnnxRuntime,

    /// <summary>The rule-based policy that the models were fitted to.</summary>
    Rules,
}
