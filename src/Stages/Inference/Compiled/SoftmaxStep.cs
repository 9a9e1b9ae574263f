using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>
/// e^x over its sum, relative to the largest x, so that nothing overflows. A NaN makes all of it NaN.
/// </summary>
internal sealed class SoftmaxStep : PlanStep
{
    private readonly int _input;
    private readonly int _output;
    private readonly int _count;

    public SoftmaxStep(PlanValue input, PlanValue output)
    {
        _input = input.Offset;
        _output = output.Offset;
        _count = input.Count;
    }

    public override void Run(ref float floats, ref ulong masks)
    {
        ref var input = ref Unsafe.Add(ref floats, _input);
        ref var output = ref Unsafe.Add(ref floats, _output);
        var max = input;
        for (var i = 1; i < _count; i++) max = MathF.Max(max, Unsafe.Add(ref input, i));
        for (var i = 0; i < _count; i += Vector128<float>.Count)
        {
            var scores = Vector128.LoadUnsafe(ref input, (nuint)i) - Vector128.Create(max);
            VectorExp.Of(scores).StoreUnsafe(ref output, (nuint)i);
        }

        var sum = 0f;
        for (var i = 0; i < _count; i++) sum += Unsafe.Add(ref output, i);
        for (var i = 0; i < _count; i++) Unsafe.Add(ref output, i) /= sum;
        for (var i = _count; i % Vector128<float>.Count != 0; i++) Unsafe.Add(ref output, i) = 0f;
    }
}
