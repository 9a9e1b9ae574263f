using System.Numerics;
using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>
/// A linear layer over the rows that a mask names, with what comes before and after it fused in: the normalisation of
/// its input, and the rectifier, which leaves the mask of its active columns to the next layer. A row whose input is 0
/// adds nothing, so its weights are never loaded: it is loading them that takes the time. For the same reason weights
/// that are exactly bfloat16 are kept as such, with the same results.
/// </summary>
internal sealed class DenseStep<TLanes, TWeights> : PlanStep
    where TLanes : struct, ILanes<TLanes>
    where TWeights : struct, IWeights
{
    private readonly DenseLayout _layout;
    private readonly int _vectors;

    public DenseStep(DenseLayout layout)
    {
        _layout = layout;
        _vectors = layout.PaddedColumns / TLanes.Count;
    }

    public override void Run(ref float floats, ref ulong masks)
    {
        ref var input = ref Unsafe.Add(ref floats, _layout.Input);
        ref var mask = ref Unsafe.Add(ref masks, _layout.InputMask);
        ref var weights = ref Unsafe.Add(ref floats, _layout.Weights);
        var finish = new DenseFinish<TLanes>(_layout, ref floats, ref masks);
        var column = 0;
        for (var vectors = _vectors; vectors > 0;)
        {
            var tile = DenseTiles.WidthOf(vectors);
            switch (tile)
            {
                case 8: Multiply8(ref input, ref mask, ref weights, column, ref finish); break;
                case 4: Multiply4(ref input, ref mask, ref weights, column, ref finish); break;
                case 2: Multiply2(ref input, ref mask, ref weights, column, ref finish); break;
                default: Multiply1(ref input, ref mask, ref weights, column, ref finish); break;
            }

            weights = ref Unsafe.Add(ref weights, TWeights.FloatsOf(tile * TLanes.Count) * _layout.InputCount);
            column += tile * TLanes.Count;
            vectors -= tile;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Multiply8(
        ref float input, ref ulong mask, ref float weights, int column, ref DenseFinish<TLanes> finish)
    {
        TLanes s0 = default, s1 = default, s2 = default, s3 = default;
        TLanes s4 = default, s5 = default, s6 = default, s7 = default;
        for (var first = 0; first < _layout.InputCount; first += DenseTiles.MaskBits)
        {
            for (var bits = mask; bits != 0; bits &= bits - 1)
            {
                var row = first + BitOperations.TrailingZeroCount(bits);
                var x = TLanes.Broadcast(Unsafe.Add(ref input, row));
                ref var w = ref Unsafe.Add(ref weights, row * TWeights.FloatsOf(8 * TLanes.Count));
                s0 = TLanes.MultiplyAdd(x, TWeights.Load<TLanes>(ref w, 0), s0);
                s1 = TLanes.MultiplyAdd(x, TWeights.Load<TLanes>(ref w, 1), s1);
                s2 = TLanes.MultiplyAdd(x, TWeights.Load<TLanes>(ref w, 2), s2);
                s3 = TLanes.MultiplyAdd(x, TWeights.Load<TLanes>(ref w, 3), s3);
                s4 = TLanes.MultiplyAdd(x, TWeights.Load<TLanes>(ref w, 4), s4);
                s5 = TLanes.MultiplyAdd(x, TWeights.Load<TLanes>(ref w, 5), s5);
                s6 = TLanes.MultiplyAdd(x, TWeights.Load<TLanes>(ref w, 6), s6);
                s7 = TLanes.MultiplyAdd(x, TWeights.Load<TLanes>(ref w, 7), s7);
            }

            mask = ref Unsafe.Add(ref mask, 1);
        }

        finish.Write(s0, column);
        finish.Write(s1, column + TLanes.Count);
        finish.Write(s2, column + 2 * TLanes.Count);
        finish.Write(s3, column + 3 * TLanes.Count);
        finish.Write(s4, column + 4 * TLanes.Count);
        finish.Write(s5, column + 5 * TLanes.Count);
        finish.Write(s6, column + 6 * TLanes.Count);
        finish.Write(s7, column + 7 * TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Multiply4(
        ref float input, ref ulong mask, ref float weights, int column, ref DenseFinish<TLanes> finish)
    {
        TLanes s0 = default, s1 = default, s2 = default, s3 = default;
        for (var first = 0; first < _layout.InputCount; first += DenseTiles.MaskBits)
        {
            for (var bits = mask; bits != 0; bits &= bits - 1)
            {
                var row = first + BitOperations.TrailingZeroCount(bits);
                var x = TLanes.Broadcast(Unsafe.Add(ref input, row));
                ref var w = ref Unsafe.Add(ref weights, row * TWeights.FloatsOf(4 * TLanes.Count));
                s0 = TLanes.MultiplyAdd(x, TWeights.Load<TLanes>(ref w, 0), s0);
                s1 = TLanes.MultiplyAdd(x, TWeights.Load<TLanes>(ref w, 1), s1);
                s2 = TLanes.MultiplyAdd(x, TWeights.Load<TLanes>(ref w, 2), s2);
                s3 = TLanes.MultiplyAdd(x, TWeights.Load<TLanes>(ref w, 3), s3);
            }

            mask = ref Unsafe.Add(ref mask, 1);
        }

        finish.Write(s0, column);
        finish.Write(s1, column + TLanes.Count);
        finish.Write(s2, column + 2 * TLanes.Count);
        finish.Write(s3, column + 3 * TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Multiply2(
        ref float input, ref ulong mask, ref float weights, int column, ref DenseFinish<TLanes> finish)
    {
        TLanes s0 = default, s1 = default;
        for (var first = 0; first < _layout.InputCount; first += DenseTiles.MaskBits)
        {
            for (var bits = mask; bits != 0; bits &= bits - 1)
            {
                var row = first + BitOperations.TrailingZeroCount(bits);
                var x = TLanes.Broadcast(Unsafe.Add(ref input, row));
                ref var w = ref Unsafe.Add(ref weights, row * TWeights.FloatsOf(2 * TLanes.Count));
                s0 = TLanes.MultiplyAdd(x, TWeights.Load<TLanes>(ref w, 0), s0);
                s1 = TLanes.MultiplyAdd(x, TWeights.Load<TLanes>(ref w, 1), s1);
            }

            mask = ref Unsafe.Add(ref mask, 1);
        }

        finish.Write(s0, column);
        finish.Write(s1, column + TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Multiply1(
        ref float input, ref ulong mask, ref float weights, int column, ref DenseFinish<TLanes> finish)
    {
        TLanes sum = default;
        for (var first = 0; first < _layout.InputCount; first += DenseTiles.MaskBits)
        {
            for (var bits = mask; bits != 0; bits &= bits - 1)
            {
                var row = first + BitOperations.TrailingZeroCount(bits);
                var x = TLanes.Broadcast(Unsafe.Add(ref input, row));
                ref var w = ref Unsafe.Add(ref weights, row * TLanes.Count);
                sum = TLanes.MultiplyAdd(x, TLanes.Load(ref w, 0), sum);
            }

            mask = ref Unsafe.Add(ref mask, 1);
        }

        finish.Write(sum, column);
    }
}

/// <summary>
/// What a linear layer does with its sums: scale * (sum - mean * columnSum) + bias, or sum + bias, and the rectifier.
/// </summary>
internal readonly ref struct DenseFinish<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private const int HalfByteBits = 4;
    private readonly TLanes _scale;
    private readonly TLanes _minusMean;
    private readonly ref float _output;
    private readonly ref float _bias;
    private readonly ref float _columnSums;
    private readonly ref byte _mask;
    private readonly bool _isNormalized;
    private readonly bool _isRectified;

    public DenseFinish(DenseLayout layout, ref float floats, ref ulong masks)
    {
        ref var moments = ref Unsafe.Add(ref floats, layout.Moments);
        _minusMean = TLanes.Broadcast(-Unsafe.Add(ref moments, MomentsStep.Mean));
        _scale = TLanes.Broadcast(Unsafe.Add(ref moments, MomentsStep.Scale));
        _output = ref Unsafe.Add(ref floats, layout.Output);
        _bias = ref Unsafe.Add(ref floats, layout.Bias);
        _columnSums = ref Unsafe.Add(ref floats, layout.ColumnSums);
        _mask = ref Unsafe.As<ulong, byte>(ref Unsafe.Add(ref masks, layout.OutputMask));
        _isNormalized = layout.IsNormalized;
        _isRectified = layout.IsRectified;
    }

    /// <summary>The sums of as many columns as there are lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(TLanes sums, int column)
    {
        var value = TLanes.Load(ref _bias, column);
        if (_isNormalized)
        {
            var centred = TLanes.MultiplyAdd(_minusMean, TLanes.Load(ref _columnSums, column), sums);
            value = TLanes.MultiplyAdd(_scale, centred, value);
        }
        else
        {
            value = TLanes.Add(sums, value);
        }

        if (_isRectified)
        {
            value = TLanes.Rectify(value, out var active);
            WriteMask(active, column);
        }

        value.Store(ref _output, column);
    }

    // The bits of a register are whole bytes, or half of one: only then is there something beside them to keep.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteMask(ulong active, int column)
    {
        ref var target = ref Unsafe.Add(ref _mask, column / (2 * HalfByteBits));
        if (TLanes.Count == 4 * HalfByteBits) Unsafe.WriteUnaligned(ref target, (ushort)active);
        else if (TLanes.Count == 2 * HalfByteBits) target = (byte)active;
        else if (column % (2 * HalfByteBits) == 0) target = (byte)active;
        else target |= (byte)(active << HalfByteBits);
    }
}
