using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Stages.Inference.Compiled;

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
