using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>
/// What layer normalisation takes from its input: the mean, and one over the standard deviation. Sums are kept in 16
/// lanes, whatever a register holds, so that the order of additions is always the same.
/// </summary>
internal sealed class MomentsStep<TLanes> : PlanStep
    where TLanes : struct, ILanes<TLanes>
{
    private const int SumLanes = 16;
    private readonly int _input;
    private readonly int _count;
    private readonly int _output;
    private readonly float _part;
    private readonly float _epsilon;

    public MomentsStep(PlanValue input, PlanValue output, float epsilon)
    {
        _input = input.Offset;
        _count = input.Count;
        _output = output.Offset;
        _part = 1f / input.Count;
        _epsilon = epsilon;
    }

    public override void Run(ref float floats, ref ulong masks)
    {
        Unsafe.SkipInit(out Sums sums);
        Unsafe.SkipInit(out Sums squares);
        ref var input = ref Unsafe.Add(ref floats, _input);
        for (var lane = 0; lane < SumLanes; lane += TLanes.Count)
        {
            TLanes sum = default, square = default;
            // The zeros behind the input's end change neither sum.
            for (var i = lane; i < _count; i += SumLanes)
            {
                var value = TLanes.Load(ref input, i);
                sum = TLanes.Add(sum, value);
                square = TLanes.MultiplyAdd(value, value, square);
            }

            sum.Store(ref Unsafe.As<Sums, float>(ref sums), lane);
            square.Store(ref Unsafe.As<Sums, float>(ref squares), lane);
        }

        var mean = Total(ref sums) * _part;
        var variance = MathF.FusedMultiplyAdd(-mean, mean, Total(ref squares) * _part);
        ref var output = ref Unsafe.Add(ref floats, _output);
        Unsafe.Add(ref output, MomentsStep.Mean) = mean;
        Unsafe.Add(ref output, MomentsStep.Scale) = 1f / MathF.Sqrt(MathF.Max(variance, 0f) + _epsilon);
    }

    private static float Total(ref Sums sums)
    {
        ref var first = ref Unsafe.As<Sums, float>(ref sums);
        var even = Vector128.LoadUnsafe(ref first) + Vector128.LoadUnsafe(ref first, 8);
        var odd = Vector128.LoadUnsafe(ref first, 4) + Vector128.LoadUnsafe(ref first, 12);
        var four = even + odd;
        return four[0] + four[2] + (four[1] + four[3]);
    }

    [InlineArray(SumLanes)]
    private struct Sums
    {
        private float _first;
    }
}
