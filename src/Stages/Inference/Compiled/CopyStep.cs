using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>Writes a vector into a part of a longer one.</summary>
internal sealed class CopyStep : PlanStep
{
    private readonly int _input;
    private readonly int _count;
    private readonly int _output;

    /// <param name="input">What is copied.</param>
    /// <param name="output">In floats from the start of the plan's memory.</param>
    public CopyStep(PlanValue input, int output)
    {
        _input = input.Offset;
        _count = input.Count;
        _output = output;
    }

    public override void Run(ref float floats, ref ulong masks)
    {
        var source = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref floats, _input), _count);
        source.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref floats, _output), _count));
    }
}
