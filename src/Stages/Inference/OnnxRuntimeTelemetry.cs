using ExecutionPipeline.Native;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>
/// ONNX Runtime's official build reports its use to its maker: it keeps a database of events under the user's home and
/// sends it when it can. A trading process writes and connects nowhere unasked, so this is switched off.
/// </summary>
public static class OnnxRuntimeTelemetry
{
    /// <summary>The variable that the native library reads, once, when its environment is created.</summary>
    public const string DisablingVariable = "ORT_DISABLE_TELEMETRY";

    /// <summary>
    /// Switches the reports off for this process. Call it before the first use of the runtime: later it has no effect.
    /// </summary>
    public static void Disable() => ProcessEnvironment.Set(DisablingVariable, "1");
}
