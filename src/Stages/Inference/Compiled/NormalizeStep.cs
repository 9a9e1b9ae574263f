using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>Layer normalisation on its own, where no linear layer can take it in.</summary>
internal sealed class NormalizeStep : PlanStep
{
    private readonly int _input;
    private readonly int _output;
    private readonly int _count;
    private readonly int _gain;
    private readonly int _shift;
    private readonly int _moments;

    /// <param name="input">What is normalised.</param>
    /// <param name="output">Of the same length.</param>
    /// <param name="gain">Multiplies the normalised elements.</param>
    /// <param name="shift">Is added to them.</param>
    /// <param name="moments">Of the input, as <see cref="MomentsStep"/> has them.</param>
    public NormalizeStep(PlanValue input, PlanValue output, int gain, int shift, PlanValue moments)
    {
        _input = input.Offset;
        _output = output.Offset;
        _count = input.Count;
        _gain = gain;
        _shift = shift;
        _moments = moments.Offset;
    }

    public override void Run(ref float floats, ref ulong masks)
    {
        ref var input = ref Unsafe.Add(ref floats, _input);
        var mean = Unsafe.Add(ref floats, _moments + MomentsStep.Mean);
        var scale = Unsafe.Add(ref floats, _moments + MomentsStep.Scale);
        for (var i = 0; i < _count; i++)
        {
            var normalized = (Unsafe.Add(ref input, i) - mean) * scale;
            Unsafe.Add(ref floats, _output + i) = MathF.FusedMultiplyAdd(
                normalized, Unsafe.Add(ref floats, _gain + i), Unsafe.Add(ref floats, _shift + i));
        }
    }
}

/// <summary>Where a step for layer normalisation leaves what it found, in floats from where it was told to.</summary>
internal static class MomentsStep
{
    public const int Mean = 0;

    /// <summary>One over the standard deviation.</summary>
    public const int Scale = 1;

    public const int Count = 2;
}

/// <summary>
/// What layer normalisation takes from its input: the mean, and one over the standard deviation. Sums are kept in 16
/// lanes, whatever a register holds, so that the order of additions is always the same. They are sums of differences
/// from the first input, so that nearly equal inputs do not cancel out.
/// </summary>
internal sealed class MomentsStep<TLanes> : PlanStep
    where TLanes : struct, ILanes<TLanes>
{
    private const int SumLanes = 16;
    private readonly int _input;
    private readonly int _count;
    private readonly int _whole;
    private readonly int _output;
    private readonly float _part;
    private readonly float _epsilon;

    public MomentsStep(PlanValue input, PlanValue output, float epsilon)
    {
        _input = input.Offset;
        _count = input.Count;
        _whole = input.Count / SumLanes * SumLanes;
        _output = output.Offset;
        _part = 1f / input.Count;
        _epsilon = epsilon;
    }

    public override void Run(ref float floats, ref ulong masks)
    {
        Unsafe.SkipInit(out Sums sums);
        Unsafe.SkipInit(out Sums squares);
        ref var input = ref Unsafe.Add(ref floats, _input);
        var minusPivot = TLanes.Broadcast(-input);
        for (var lane = 0; lane < SumLanes; lane += TLanes.Count)
        {
            TLanes sum = default, square = default;
            for (var i = lane; i < _whole; i += SumLanes)
            {
                var difference = TLanes.Add(TLanes.Load(ref input, i), minusPivot);
                sum = TLanes.Add(sum, difference);
                square = TLanes.MultiplyAdd(difference, difference, square);
            }

            sum.Store(ref Unsafe.As<Sums, float>(ref sums), lane);
            square.Store(ref Unsafe.As<Sums, float>(ref squares), lane);
        }

        if (_whole < _count) AddRest(ref input, ref sums, ref squares);
        var shift = Total(ref sums) * _part;
        var mean = input + shift;
        var variance = MathF.FusedMultiplyAdd(-shift, shift, Total(ref squares) * _part);
        ref var output = ref Unsafe.Add(ref floats, _output);
        Unsafe.Add(ref output, MomentsStep.Mean) = mean;
        Unsafe.Add(ref output, MomentsStep.Scale) = 1f / MathF.Sqrt(MathF.Max(variance, 0f) + _epsilon);
    }

    private void AddRest(ref float input, ref Sums sums, ref Sums squares)
    {
        for (var i = _whole; i < _count; i++)
        {
            var difference = Unsafe.Add(ref input, i) - input;
            sums[i - _whole] += difference;
            squares[i - _whole] = MathF.FusedMultiplyAdd(difference, difference, squares[i - _whole]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
