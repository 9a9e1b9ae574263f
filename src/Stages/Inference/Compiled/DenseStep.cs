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
        ref var weights = ref Unsafe.Add(ref floats, _layout.Weights);
        var column = 0;
        for (var vectors = _vectors; vectors > 0;)
        {
            var tile = DenseTiles.WidthOf(vectors);
            switch (tile)
            {
                case 8: Multiply<Tile8<TLanes, TWeights>>(ref floats, ref masks, ref weights, column); break;
                case 4: Multiply<Tile4<TLanes, TWeights>>(ref floats, ref masks, ref weights, column); break;
                case 2: Multiply<Tile2<TLanes, TWeights>>(ref floats, ref masks, ref weights, column); break;
                default: Multiply<Tile1<TLanes, TWeights>>(ref floats, ref masks, ref weights, column); break;
            }

            weights = ref Unsafe.Add(ref weights, TWeights.FloatsOf(tile * TLanes.Count) * _layout.InputCount);
            column += tile * TLanes.Count;
            vectors -= tile;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Multiply<TTile>(ref float floats, ref ulong masks, ref float weights, int column)
        where TTile : struct, ITile<TLanes>
    {
        ref var input = ref Unsafe.Add(ref floats, _layout.Input);
        ref var mask = ref Unsafe.Add(ref masks, _layout.InputMask);
        TTile sums = default;
        for (var words = DenseTiles.WordsOf(_layout.InputCount); words > 0; words--)
        {
            DenseTiles.AddAll<TTile, TLanes>(ref sums, ref input, ref weights, mask);
            input = ref Unsafe.Add(ref input, DenseTiles.MaskBits);
            weights = ref Unsafe.Add(ref weights, DenseTiles.MaskBits * TTile.RowFloats);
            mask = ref Unsafe.Add(ref mask, 1);
        }

        sums.Finish(new DenseFinish<TLanes>(_layout, ref floats, ref masks), column);
    }
}

/// <summary>
/// Layers of three networks, each a single tile, row by row in turns: alone, a narrow one waits for each addition to a
/// register before the next one can begin. Each one's sums are added up as they are alone.
/// </summary>
internal sealed class DenseTrio<TLanes, TTwo, TThird>(DenseLayout[] layouts) : PlanStep
    where TLanes : struct, ILanes<TLanes>
    where TTwo : struct, ITile<TLanes>
    where TThird : struct, ITile<TLanes>
{
    private readonly DenseLayout _first = layouts[0];
    private readonly DenseLayout _second = layouts[1];
    private readonly DenseLayout _third = layouts[2];
    private readonly int _words = layouts.Max(static one => DenseTiles.WordsOf(one.InputCount));

    public override void Run(ref float floats, ref ulong masks)
    {
        ref var input1 = ref Unsafe.Add(ref floats, _first.Input);
        ref var input2 = ref Unsafe.Add(ref floats, _second.Input);
        ref var input3 = ref Unsafe.Add(ref floats, _third.Input);
        ref var weights1 = ref Unsafe.Add(ref floats, _first.Weights);
        ref var weights2 = ref Unsafe.Add(ref floats, _second.Weights);
        ref var weights3 = ref Unsafe.Add(ref floats, _third.Weights);
        TTwo sums1 = default, sums2 = default;
        TThird sums3 = default;
        for (var word = 0; word < _words; word++)
        {
            var bits1 = MaskOf(_first, ref masks, word);
            var bits2 = MaskOf(_second, ref masks, word);
            var bits3 = MaskOf(_third, ref masks, word);
            while (bits1 != 0 && bits2 != 0 && bits3 != 0)
            {
                sums1.Add(ref input1, ref weights1, DenseTiles.RowOf(bits1));
                sums2.Add(ref input2, ref weights2, DenseTiles.RowOf(bits2));
                sums3.Add(ref input3, ref weights3, DenseTiles.RowOf(bits3));
                bits1 &= bits1 - 1;
                bits2 &= bits2 - 1;
                bits3 &= bits3 - 1;
            }

            DenseTiles.AddAll<TTwo, TLanes>(ref sums1, ref input1, ref weights1, bits1);
            DenseTiles.AddAll<TTwo, TLanes>(ref sums2, ref input2, ref weights2, bits2);
            DenseTiles.AddAll<TThird, TLanes>(ref sums3, ref input3, ref weights3, bits3);
            input1 = ref Unsafe.Add(ref input1, DenseTiles.MaskBits);
            weights1 = ref Unsafe.Add(ref weights1, DenseTiles.MaskBits * TTwo.RowFloats);
            input2 = ref Unsafe.Add(ref input2, DenseTiles.MaskBits);
            weights2 = ref Unsafe.Add(ref weights2, DenseTiles.MaskBits * TTwo.RowFloats);
            input3 = ref Unsafe.Add(ref input3, DenseTiles.MaskBits);
            weights3 = ref Unsafe.Add(ref weights3, DenseTiles.MaskBits * TThird.RowFloats);
        }

        sums1.Finish(new DenseFinish<TLanes>(_first, ref floats, ref masks), 0);
        sums2.Finish(new DenseFinish<TLanes>(_second, ref floats, ref masks), 0);
        sums3.Finish(new DenseFinish<TLanes>(_third, ref floats, ref masks), 0);
    }

    private static ulong MaskOf(DenseLayout layout, ref ulong masks, int word) =>
        word < DenseTiles.WordsOf(layout.InputCount) ? Unsafe.Add(ref masks, layout.InputMask + word) : 0;
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
