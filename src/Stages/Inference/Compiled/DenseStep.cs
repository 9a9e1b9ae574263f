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

    public override DenseLayout? Layer => _layout;

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

        DenseFinish<TLanes>.Run(in _layout, ref floats, ref masks);
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

        sums.Store(ref Unsafe.Add(ref floats, _layout.Output + column));
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
            var bits1 = MaskOf(in _first, ref masks, word);
            var bits2 = MaskOf(in _second, ref masks, word);
            var bits3 = MaskOf(in _third, ref masks, word);
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

        sums1.Store(ref Unsafe.Add(ref floats, _first.Output));
        sums2.Store(ref Unsafe.Add(ref floats, _second.Output));
        sums3.Store(ref Unsafe.Add(ref floats, _third.Output));
        DenseFinish<TLanes>.Run(in _first, ref floats, ref masks);
        DenseFinish<TLanes>.Run(in _second, ref floats, ref masks);
        DenseFinish<TLanes>.Run(in _third, ref floats, ref masks);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MaskOf(in DenseLayout layout, ref ulong masks, int word) =>
        word < DenseTiles.WordsOf(layout.InputCount) ? Unsafe.Add(ref masks, layout.InputMask + word) : 0;
}

/// <summary>
/// What a linear layer does with its sums: scale * (sum - mean * columnSum) + bias, or sum + bias, and the rectifier.
/// </summary>
internal static class DenseFinish<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Turns the sums of all columns, which lie where the output is to be, into the output.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Run(in DenseLayout layout, ref float floats, ref ulong masks)
    {
        ref var output = ref Unsafe.Add(ref floats, layout.Output);
        ref var bias = ref Unsafe.Add(ref floats, layout.Bias);
        ref var columnSums = ref Unsafe.Add(ref floats, layout.ColumnSums);
        ref var moments = ref Unsafe.Add(ref floats, layout.Moments);
        ref var mask = ref Unsafe.Add(ref masks, layout.OutputMask);
        var minusMean = TLanes.Broadcast(-Unsafe.Add(ref moments, MomentsStep.Mean));
        var scale = TLanes.Broadcast(Unsafe.Add(ref moments, MomentsStep.Scale));
        var word = 0UL;
        for (var column = 0; column < layout.PaddedColumns; column += TLanes.Count)
        {
            var value = TLanes.Load(ref output, column);
            if (layout.IsNormalized)
            {
                var centred = TLanes.MultiplyAdd(minusMean, TLanes.Load(ref columnSums, column), value);
                value = TLanes.MultiplyAdd(scale, centred, TLanes.Load(ref bias, column));
            }
            else
            {
                value = TLanes.Add(value, TLanes.Load(ref bias, column));
            }

            if (layout.IsRectified)
            {
                value = TLanes.Rectify(value, out var active);
                word |= active << column;
                // Whole words alone: a load must wait for several stores to end, but not for one.
                var isLast = column + TLanes.Count == layout.PaddedColumns;
                if (isLast || (column + TLanes.Count) % DenseTiles.MaskBits == 0)
                {
                    Unsafe.Add(ref mask, column / DenseTiles.MaskBits) = word;
                    word = 0;
                }
            }

            value.Store(ref output, column);
        }
    }
}
