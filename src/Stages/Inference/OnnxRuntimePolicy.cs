using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference.Models;
using Microsoft.ML.OnnxRuntime;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>The three actors merged in one graph, run by ONNX Runtime on the calling thread.</summary>
public sealed class OnnxRuntimePolicy : IPolicyBackend, IDisposable
{
    private readonly PolicyBuffers _buffers = new();
    private readonly BoundSession _session;

    private OnnxRuntimePolicy(byte[] model)
    {
        _session = new BoundSession(
            model, _buffers, PolicyOutputSlice.Size, PolicyOutputSlice.Strategy, PolicyOutputSlice.Risk);
    }

    public DecisionSource Source => DecisionSource.OnnxRuntime;

    /// <summary>Runs that the runtime gave up with an error.</summary>
    public long Failures { get; private set; }

    /// <exception cref="ModelFileException">The file is not what the manifest says, or the runtime refuses
    /// it.</exception>
    public static OnnxRuntimePolicy Load(ModelDirectory models)
    {
        ArgumentNullException.ThrowIfNull(models);
        return models.Open(PolicyModels.Merged, static model => new OnnxRuntimePolicy(model));
    }

    /// <inheritdoc />
    public void Run(ref readonly ContextFeatures features, ref PolicyOutputs outputs)
    {
        _buffers.Load(in features);
        try
        {
            _session.Run();
            _buffers.Store(ref outputs);
        }
        catch (OnnxRuntimeException)
        {
            GiveUp(ref outputs);
        }
    }

    public void Dispose() => _session.Dispose();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GiveUp(ref PolicyOutputs outputs)
    {
        Failures++;
        PolicyBuffers.Invalidate(ref outputs);
    }
}
