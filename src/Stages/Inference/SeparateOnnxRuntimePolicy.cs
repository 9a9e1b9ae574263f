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
    private readonly PolicyBuffers _buffers;
    private readonly BoundSession[] _actors;

    private SeparateOnnxRuntimePolicy(PolicyBuffers buffers, BoundSession[] actors)
    {
        _buffers = buffers;
        _actors = actors;
    }

    public DecisionSource Source => DecisionSource.OnnxRuntime;

    /// <summary>Runs that the runtime gave up with an error.</summary>
    public long Failures { get; private set; }

    /// <exception cref="ModelFileException">
    /// A file is not what the manifest says, or the runtime refuses it.
    /// </exception>
    public static SeparateOnnxRuntimePolicy Load(ModelDirectory models)
    {
        ArgumentNullException.ThrowIfNull(models);
        var buffers = new PolicyBuffers();
        var actors = new List<BoundSession>();
        try
        {
            actors.Add(Open(models, PolicyModels.PositionSizing, buffers, PolicyOutputSlice.Size));
            actors.Add(Open(models, PolicyModels.ExecutionTiming, buffers, PolicyOutputSlice.Strategy));
            actors.Add(Open(models, PolicyModels.RiskManagement, buffers, PolicyOutputSlice.Risk));
            return new SeparateOnnxRuntimePolicy(buffers, [.. actors]);
        }
        catch (ModelFileException)
        {
            foreach (var actor in actors) actor.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Run(ref readonly ContextFeatures features, ref PolicyOutputs outputs)
    {
        _buffers.Load(in features);
        try
        {
            foreach (var actor in _actors) actor.Run();
            _buffers.Store(ref outputs);
        }
        catch (OnnxRuntimeException)
        {
            GiveUp(ref outputs);
        }
    }

    public void Dispose()
    {
        foreach (var actor in _actors) actor.Dispose();
    }

    private static BoundSession Open(
        ModelDirectory models,
        string name,
        PolicyBuffers buffers,
        PolicyOutputSlice output) => models.Open(name, model => new BoundSession(model, buffers, output));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GiveUp(ref PolicyOutputs outputs)
    {
        Failures++;
        PolicyBuffers.Invalidate(ref outputs);
    }
}
