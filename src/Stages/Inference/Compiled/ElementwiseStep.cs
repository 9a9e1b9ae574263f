using System.Runtime.Intrinsics;

namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>
/// An operation on each element of one or two vectors. Operands are 0 behind their end, or what leaves a 0 there.
/// </summary>
internal sealed class ElementwiseStep<TOperation> : PlanStep
    where TOperation : struct, IElementwise
{
    private readonly int _left;
    private readonly int _right;
    private readonly int _output;
    private readonly int _count;

    public ElementwiseStep(int left, int right, PlanValue output)
    {
        _left = left;
        _right = right;
        _output = output.Offset;
        _count = output.Count;
    }

    public override void Run(ref float floats, ref ulong masks)
    {
        for (var i = 0; i < _count; i += Vector128<float>.Count)
        {
            var left = Vector128.LoadUnsafe(ref floats, (nuint)(_left + i));
            var right = Vector128.LoadUnsafe(ref floats, (nuint)(_right + i));
            TOperation.Apply(left, right).StoreUnsafe(ref floats, (nuint)(_output + i));
        }
    }
}
