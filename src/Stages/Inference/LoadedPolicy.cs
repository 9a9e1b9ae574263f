using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>A backend that was opened and checked.</summary>
/// <param name="Backend">Decides. Disposed of by who opened it, if it can be.</param>
/// <param name="Name">As reports name it.</param>
/// <param name="Problem">Why what was asked for does not decide; null: it does.</param>
public sealed record LoadedPolicy(IPolicyBackend Backend, string Name, string? Problem) : IDisposable
{
    private const string SeparateSuffix = "-separate";

    /// <summary>Of the models that decide.</summary>
    public ModelVersion Version { get; init; }

    /// <summary>The rule-based policy, which needs no file.</summary>
    /// <param name="problem">Why it decides in another's place; null: it was asked for.</param>
    public static LoadedPolicy Rules(string? problem = null) =>
        new(new RuleBasedPolicy(new RuleBasedPolicyOptions()), "rules", problem);

    /// <summary>ONNX Runtime.</summary>
    /// <param name="models">The folder of models.</param>
    /// <param name="isSeparate">From the actors' own files, and not from the one with all three.</param>
    /// <exception cref="ModelFileException">A file is not as it should be, or the runtime refuses it.</exception>
    public static LoadedPolicy OpenOnnxRuntime(ModelDirectory models, bool isSeparate)
    {
        IPolicyBackend backend = isSeparate ? SeparateOnnxRuntimePolicy.Load(models) : OnnxRuntimePolicy.Load(models);
        return new LoadedPolicy(backend, Named("onnxruntime", isSeparate), null);
    }

    /// <summary>
    /// The compiled backend, if it compiles the graphs and agrees with ONNX Runtime on every one of many contexts;
    /// else ONNX Runtime, and why.
    /// </summary>
    /// <param name="models">The folder of models.</param>
    /// <param name="isSeparate">From the actors' own files, and not from the one with all three.</param>
    /// <exception cref="ModelFileException">A file is not as it should be, or the runtime refuses it.</exception>
    public static LoadedPolicy OpenCompiled(ModelDirectory models, bool isSeparate)
    {
        var reference = OpenOnnxRuntime(models, isSeparate);
        try
        {
            var compiled = CompiledPolicy.Load(models, isSeparate);
            if (!PolicyParity.TryMatch(reference.Backend, compiled, out var difference))
                return reference with { Problem = $"it disagrees with ONNX Runtime: {difference}" };

            reference.Dispose();
            return new LoadedPolicy(compiled, Named("compiled", isSeparate), null);
        }
        catch (ModelFileException problem)
        {
            return reference with { Problem = problem.Message };
        }
    }

    public void Dispose() => (Backend as IDisposable)?.Dispose();

    private static string Named(string name, bool isSeparate) => isSeparate ? name + SeparateSuffix : name;
}
