using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Native;
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
        catch
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

/// <summary>
/// A session whose input and outputs are bound, once, to memory that the caller keeps. A run crosses into the native
/// library one time and allocates nothing. The calling thread does all the work: there is no pool.
/// </summary>
internal sealed class BoundSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _runOptions;
    private readonly List<OrtValue> _values = [];

    // Before the first session, since the runtime looks at the switch only once.
    static BoundSession() => OnnxRuntimeTelemetry.Disable();

    /// <param name="model">An ONNX file's bytes.</param>
    /// <param name="buffers">The memory that is bound; must outlive this session.</param>
    /// <param name="outputs">The outputs that the graph has.</param>
    /// <exception cref="OnnxRuntimeException">The runtime refuses the model.</exception>
    public BoundSession(byte[] model, PolicyBuffers buffers, params ReadOnlySpan<PolicyOutputSlice> outputs)
    {
        using var options = CreateOptions();
        _session = new InferenceSession(model, options);
        _binding = _session.CreateIoBinding();
        _runOptions = new RunOptions();
        try
        {
            BindAll(buffers, outputs);
            // A graph whose shapes are not those of the buffers fails now, at load, and not on an event.
            Run();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Run() => _session.RunWithBinding(_runOptions, _binding);

    public void Dispose()
    {
        _binding.Dispose();
        foreach (var value in _values) value.Dispose();
        _runOptions.Dispose();
        _session.Dispose();
    }

    private void BindAll(PolicyBuffers buffers, ReadOnlySpan<PolicyOutputSlice> outputs)
    {
        _binding.BindInput(PolicyModels.ContextInput, Bind(buffers.Input, ContextFeatures.Count));
        foreach (var output in outputs)
        {
            _binding.BindOutput(output.Name, Bind(buffers.Outputs.Slice(output.Offset, output.Count), output.Count));
        }
    }

    private OrtValue Bind(Memory<float> memory, int columns)
    {
        var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, [1, columns]);
        _values.Add(value);
        return value;
    }

    private static SessionOptions CreateOptions()
    {
        var options = new SessionOptions
        {
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            // With shapes fixed, one block from the arena holds every intermediate value of a run.
            EnableMemoryPattern = true,
            EnableCpuMemArena = true,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        options.AddFreeDimensionOverrideByName(PolicyModels.BatchDimension, 1);
        return options;
    }
}

/// <summary>
/// Input and outputs of one context, in the ring event's own layout, in memory that the collector never moves.
/// </summary>
internal sealed class PolicyBuffers
{
    private readonly float[] _input = GC.AllocateArray<float>(ContextFeatures.Count, pinned: true);
    private readonly float[] _outputs = GC.AllocateArray<float>(PolicyOutputs.Count, pinned: true);

    public Memory<float> Input => _input;

    public Memory<float> Outputs => _outputs;

    public void Load(ref readonly ContextFeatures features) =>
        ((ReadOnlySpan<float>)features)[..ContextFeatures.Count].CopyTo(_input);

    public void Store(ref PolicyOutputs outputs) => _outputs.AsSpan().CopyTo(outputs);

    /// <summary>Marks outputs that no run filled.</summary>
    public static void Invalidate(ref PolicyOutputs outputs) => ((Span<float>)outputs).Fill(float.NaN);
}

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
