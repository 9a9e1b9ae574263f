using BenchmarkDotNet.Attributes;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Benchmarks.Micro;

/// <summary>All three actors over one context: ONNX Runtime with bound outputs, and the compiled plan.</summary>
[MemoryDiagnoser]
public class InferenceBenchmark : IDisposable
{
    private const string FolderName = "models-onnx";
    private const int Contexts = 256;
    private readonly ContextFeatures[] _contexts = new ContextFeatures[Contexts];
    private readonly LoadedPolicy _onnxRuntime;
    private readonly LoadedPolicy _compiled;
    private PolicyOutputs _outputs;
    private int _next;

    public InferenceBenchmark()
    {
        var models = ModelDirectory.Open(FindFolder());
        _onnxRuntime = LoadedPolicy.OpenOnnxRuntime(models, isSeparate: false);
        _compiled = LoadedPolicy.OpenCompiled(models, isSeparate: false);
        if (_compiled.Problem is { } problem) throw new InvalidOperationException(problem);
        var random = new Random(1);
        foreach (ref var context in _contexts.AsSpan())
        {
            for (var i = 0; i < ContextFeatures.Count; i++) context[i] = random.NextSingle();
        }
    }

    /// <summary>The reference.</summary>
    [Benchmark(Baseline = true)]
    public float OnnxRuntime() => Run(_onnxRuntime.Backend);

    /// <summary>The pipeline's own.</summary>
    [Benchmark]
    public float Compiled() => Run(_compiled.Backend);

    public void Dispose()
    {
        _onnxRuntime.Dispose();
        _compiled.Dispose();
        GC.SuppressFinalize(this);
    }

    private float Run(IPolicyBackend backend)
    {
        backend.Run(in _contexts[_next++ % Contexts], ref _outputs);
        return _outputs[0];
    }

    // Benchmarks run in a folder of their own, somewhere below the repository's.
    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, FolderName);
            if (Directory.Exists(candidate)) return candidate;
        }

        throw new DirectoryNotFoundException($"no {FolderName} above {AppContext.BaseDirectory}");
    }
}
