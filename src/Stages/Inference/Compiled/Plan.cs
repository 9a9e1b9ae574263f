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

/// <summary>
/// One fused operation of a compiled graph, over memory that all steps of a plan share. Steps know where their operands
/// are; a step whose level is lower than another's never reads what that one writes.
/// </summary>
internal abstract class PlanStep
{
    /// <summary>The linear layer that the step is; null: it is none.</summary>
    public virtual DenseLayout? Layer => null;

    /// <param name="floats">Where weights and values begin.</param>
    /// <param name="masks">Where the masks of rows that may not be 0 begin.</param>
    public abstract void Run(ref float floats, ref ulong masks);
}

/// <summary>
/// A value that a plan computes: a vector of floats that is 0 behind its end, up to a multiple of 16.
/// </summary>
/// <param name="Offset">In floats from the start of the plan's memory.</param>
/// <param name="Count">How many floats.</param>
/// <param name="Mask">A bit for each element that may not be 0, in words from the start of the masks.</param>
/// <param name="Level">Above that of every value it is made from.</param>
/// <param name="Strand">Which of the networks over the input it belongs to, from 1; 0: all of them.</param>
internal sealed record PlanValue(int Offset, int Count, int Mask, int Level, int Strand);
