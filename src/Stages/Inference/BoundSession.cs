using ExecutionPipeline.Messages.Events;
using Microsoft.ML.OnnxRuntime;

namespace ExecutionPipeline.Stages.Inference;

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
        catch (OnnxRuntimeException)
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
