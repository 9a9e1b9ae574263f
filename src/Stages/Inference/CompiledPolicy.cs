using System.Runtime.Intrinsics;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference.Compiled;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Stages.Inference.Onnx;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>
/// The actors' graphs compiled into a plan of fused steps over vectors, run on the calling thread without leaving
/// managed code. Its sums are in one order on every processor, so its outputs are the same bits everywhere, which ONNX
/// Runtime's are not.
/// </summary>
public sealed class CompiledPolicy : IPolicyBackend
{
    private static readonly PolicyOutputSlice[] Outputs =
        [PolicyOutputSlice.Size, PolicyOutputSlice.Strategy, PolicyOutputSlice.Risk];

    private readonly Plan _plan;

    private CompiledPolicy(Plan plan) => _plan = plan;

    public DecisionSource Source => DecisionSource.Compiled;

    /// <summary>Compiles what the manifest lists.</summary>
    /// <param name="models">The folder of models.</param>
    /// <param name="isSeparate">From the actors' own files, and not from the one with all three.</param>
    /// <exception cref="ModelFileException">
    /// A file is not what the manifest says, or has something that is not compiled.
    /// </exception>
    public static CompiledPolicy Load(ModelDirectory models, bool isSeparate = false)
    {
        ArgumentNullException.ThrowIfNull(models);
        string[] names = isSeparate
            ? [PolicyModels.PositionSizing, PolicyModels.ExecutionTiming, PolicyModels.RiskManagement]
            : [PolicyModels.Merged];
        var areBfloat16 = models.Manifest.Models.Any(
            model => names.Contains(model.Name) && model.Weights == ModelEntry.Bfloat16Weights);
        return Compile([.. names.Select(models.ReadVerified)], WidestLanes, areBfloat16);
    }

    /// <exception cref="ModelFileException">The bytes are no model, or one that is not compiled.</exception>
    internal static CompiledPolicy Compile(
        IReadOnlyList<byte[]> models, LaneWidth width, bool mustBeBfloat16 = false)
    {
        try
        {
            var graphs = models.Select(static model => OnnxModelReader.Read(model).Graph).ToList();
            var plan = GraphCompiler.Compile(
                graphs, PolicyModels.ContextInput, ContextFeatures.Count, Outputs, width, mustBeBfloat16);
            return new CompiledPolicy(plan);
        }
        catch (Exception e) when (e is UnsupportedGraphException or OnnxFormatException)
        {
            throw new ModelFileException($"cannot be compiled: {e.Message}", e);
        }
    }

    /// <inheritdoc />
    public void Run(ref readonly ContextFeatures features, ref PolicyOutputs outputs)
    {
        ((ReadOnlySpan<float>)features)[..ContextFeatures.Count].CopyTo(_plan.Input);
        _plan.Run();
        Span<float> target = outputs;
        _plan.Output(0).CopyTo(target[PolicyOutputs.SizeOffset..]);
        _plan.Output(1).CopyTo(target[PolicyOutputs.StrategyOffset..]);
        _plan.Output(2).CopyTo(target[PolicyOutputs.StopLossOffset..]);
    }

    internal static LaneWidth WidestLanes =>
        Vector512.IsHardwareAccelerated ? LaneWidth.Bits512
        : Vector256.IsHardwareAccelerated ? LaneWidth.Bits256
        : LaneWidth.Bits128;
}
