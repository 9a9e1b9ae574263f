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

/// <summary>
/// e^x in float32, to 1e-7 of the result: x = n ln 2 + r with |r| at most half of ln 2, ln 2 in two parts (Cody and
/// Waite, "Software Manual for the Elementary Functions", 1980), and Taylor's series to the seventh power, whose
/// remainder is below 6e-9. The same bits on every processor, which <see cref="MathF.Exp"/> does not promise.
/// </summary>
internal static class VectorExp
{
    /// <summary>Below it a result would not be a normal number; it becomes the smallest one's neighbour.</summary>
    private const float Min = -87f;

    /// <summary>Above it a result would leave float32's range.</summary>
    private const float Max = 88f;

    private const float Log2E = 1.44269504f;

    /// <summary>The first 15 bits of ln 2, so that a small integer's product with it is exact.</summary>
    private const float Ln2High = 0.693145752f;

    private const float Ln2Low = 1.42860677e-6f;
    private const int ExponentBias = 127;
    private const int MantissaBits = 23;

    /// <summary>NaN stays NaN; beyond [-87, 88] the result is that of the nearer end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Of(Vector128<float> x)
    {
        var clamped = Vector128.Max(Vector128.Min(x, Vector128.Create(Max)), Vector128.Create(Min));
        var n = Vector128.Round(clamped * Log2E);
        var r = Vector128.FusedMultiplyAdd(n, Vector128.Create(-Ln2High), clamped);
        r = Vector128.FusedMultiplyAdd(n, Vector128.Create(-Ln2Low), r);
        var sum = Vector128.Create(1f / 5040f);
        sum = Vector128.FusedMultiplyAdd(sum, r, Vector128.Create(1f / 720f));
        sum = Vector128.FusedMultiplyAdd(sum, r, Vector128.Create(1f / 120f));
        sum = Vector128.FusedMultiplyAdd(sum, r, Vector128.Create(1f / 24f));
        sum = Vector128.FusedMultiplyAdd(sum, r, Vector128.Create(1f / 6f));
        sum = Vector128.FusedMultiplyAdd(sum, r, Vector128.Create(0.5f));
        sum = Vector128.FusedMultiplyAdd(sum, r, Vector128<float>.One);
        sum = Vector128.FusedMultiplyAdd(sum, r, Vector128<float>.One);
        var exponent = Vector128.ConvertToInt32(n) + Vector128.Create(ExponentBias);
        return sum * (exponent << MantissaBits).AsSingle();
    }
}
