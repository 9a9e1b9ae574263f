using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference.Models;
using Microsoft.ML.OnnxRuntime;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>
/// The three actors as a graph and a session each, run one after the other by ONNX Runtime on the calling thread: an
/// actor's file can be replaced alone, at the price of three crossings into the native library.
/// </summary>
public sealed class SeparateOnnxRuntimePolicy : IPolicyBackend, IDisposable
{
    private readonly PolicyBuffers _buffers = new();
    private readonly BoundSession? _size;
    private readonly BoundSession? _strategy;
    private readonly BoundSession? _risk;

    private SeparateOnnxRuntimePolicy(ModelDirectory models)
    {
        _size = Open(models, PolicyModels.PositionSizing, PolicyOutputSlice.Size);
        _strategy = Open(models, PolicyModels.ExecutionTiming, PolicyOutputSlice.Strategy);
        _risk = Open(models, PolicyModels.RiskManagement, PolicyOutputSlice.Risk);
    }

    public DecisionSource Source => DecisionSource.OnnxRuntime;

    /// <summary>Runs that the runtime gave up with an error.</summary>
    public long Failures { get; private set; }

    /// <exception cref="ModelFileException">A file is not what the manifest says, or the runtime refuses
    /// it.</exception>
    public static SeparateOnnxRuntimePolicy Load(ModelDirectory models)
    {
        ArgumentNullException.ThrowIfNull(models);
        return new SeparateOnnxRuntimePolicy(models);
    }

    /// <inheritdoc />
    public void Run(ref readonly ContextFeatures features, ref PolicyOutputs outputs)
    {
        _buffers.Load(in features);
        try
        {
            _size!.Run();
            _strategy!.Run();
            _risk!.Run();
            _buffers.Store(ref outputs);
        }
        catch (OnnxRuntimeException)
        {
            GiveUp(ref outputs);
        }
    }

    public void Dispose()
    {
        _size?.Dispose();
        _strategy?.Dispose();
        _risk?.Dispose();
    }

    private BoundSession Open(ModelDirectory models, string name, PolicyOutputSlice output)
    {
        try
        {
            return models.Open(name, model => new BoundSession(model, _buffers, output));
        }
        catch (ModelFileException)
        {
            // What was opened before the file that is refused.
            Dispose();
            throw;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GiveUp(ref PolicyOutputs outputs)
    {
        Failures++;
        PolicyBuffers.Invalidate(ref outputs);
    }
}
