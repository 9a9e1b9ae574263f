using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>
/// A compiled graph: its steps and one block of memory with weights, constants and values. The block begins on a page
/// and never moves. Of one thread at a time.
/// </summary>
internal sealed class Plan
{
    private const int PageBytes = 4096;
    private readonly PlanStep[] _steps;
    private readonly float[] _floats;
    private readonly ulong[] _masks;
    private readonly int _start;
    private readonly PlanValue _input;
    private readonly PlanValue[] _outputs;

    public Plan(
        PlanStep[] steps,
        List<float> floats,
        List<ulong> masks,
        PlanValue input,
        PlanValue[] outputs)
    {
        _steps = steps;
        _masks = [.. masks];
        _input = input;
        _outputs = outputs;
        _floats = GC.AllocateArray<float>(floats.Count + PageBytes / sizeof(float), pinned: true);
        var address = Marshal.UnsafeAddrOfPinnedArrayElement(_floats, 0);
        _start = (int)(-address & (PageBytes - 1)) / sizeof(float);
        CollectionsMarshal.AsSpan(floats).CopyTo(_floats.AsSpan(_start));
    }

    /// <summary>What is written before a run.</summary>
    public Span<float> Input => Values(_input);

    /// <summary>What a run leaves of the outputs, in the order that they were given in.</summary>
    public ReadOnlySpan<float> Output(int index) => Values(_outputs[index]);

    public void Run()
    {
        ref var floats = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_floats), _start);
        ref var masks = ref MemoryMarshal.GetArrayDataReference(_masks);
        foreach (var step in _steps) step.Run(ref floats, ref masks);
    }

    private Span<float> Values(PlanValue value) => _floats.AsSpan(_start + value.Offset, value.Count);
}
