using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>
/// A register's worth of float32 lanes. A layer's columns lie in lanes and its rows are added one after the other, so
/// what a lane holds does not depend on how many there are: every width gives the same bits. Multiplication and
/// addition are fused everywhere, in software where the processor cannot.
/// </summary>
internal interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    static abstract int Count { get; }

    static abstract TSelf Load(ref readonly float source, int offset);

    /// <summary>The bfloat16 numbers in the lower halves of the lanes' words.</summary>
    static abstract TSelf LoadLowHalves(ref readonly float source, int offset);

    /// <summary>The bfloat16 numbers in the upper halves of the lanes' words.</summary>
    static abstract TSelf LoadHighHalves(ref readonly float source, int offset);

    static abstract TSelf Broadcast(float value);

    static abstract TSelf Add(TSelf left, TSelf right);

    /// <summary>left * right + addend, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    /// <summary>Adds left * right to the sum, rounded once.</summary>
    static abstract void Accumulate(ref TSelf sum, TSelf left, TSelf right);

    void Store(ref float target, int offset);

    /// <summary>Sets lanes that are not above 0 to 0.</summary>
    /// <param name="lanes">NaN stays NaN.</param>
    /// <param name="active">A bit for each of the other lanes, NaN among them; lane 0 is bit 0.</param>
    static abstract TSelf Rectify(TSelf lanes, out ulong active);
}

/// <summary>The registers that linear layers are computed with. All give the same bits.</summary>
internal enum LaneWidth
{
    /// <summary>Every processor.</summary>
    Bits128 = 128,

    /// <summary>AVX2.</summary>
    Bits256 = 256,

    /// <summary>AVX-512.</summary>
    Bits512 = 512,
}

/// <summary>Four lanes: every processor that the runtime knows.</summary>
internal struct Lanes128 : ILanes<Lanes128>
{
    private Vector128<float> _lanes;

    private Lanes128(Vector128<float> lanes) => _lanes = lanes;

    public static int Count => Vector128<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(ref readonly float source, int offset) =>
        new(Vector128.LoadUnsafe(in source, (nuint)offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadLowHalves(ref readonly float source, int offset) =>
        new((Vector128.LoadUnsafe(in source, (nuint)offset).AsUInt32() << Bfloat16.Bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadHighHalves(ref readonly float source, int offset) =>
        new(Vector128.LoadUnsafe(in source, (nuint)offset) & Vector128.Create(Bfloat16.HighHalf).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Add(Lanes128 left, Lanes128 right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MultiplyAdd(Lanes128 left, Lanes128 right, Lanes128 addend) =>
        new(Vector128.FusedMultiplyAdd(left._lanes, right._lanes, addend._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Lanes128 sum, Lanes128 left, Lanes128 right) =>
        sum._lanes = Vector128.FusedMultiplyAdd(left._lanes, right._lanes, sum._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(ref float target, int offset) => _lanes.StoreUnsafe(ref target, (nuint)offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Rectify(Lanes128 lanes, out ulong active)
    {
        var idle = Vector128.LessThanOrEqual(lanes._lanes, Vector128<float>.Zero);
        active = ~(ulong)Vector128.ExtractMostSignificantBits(idle) & 0xF;
        return new Lanes128(Vector128.AndNot(lanes._lanes, idle));
    }
}

/// <summary>Eight lanes: AVX2 with FMA.</summary>
internal struct Lanes256 : ILanes<Lanes256>
{
    private Vector256<float> _lanes;

    private Lanes256(Vector256<float> lanes) => _lanes = lanes;

    public static int Count => Vector256<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(ref readonly float source, int offset) =>
        new(Vector256.LoadUnsafe(in source, (nuint)offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadLowHalves(ref readonly float source, int offset) =>
        new((Vector256.LoadUnsafe(in source, (nuint)offset).AsUInt32() << Bfloat16.Bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadHighHalves(ref readonly float source, int offset) =>
        new(Vector256.LoadUnsafe(in source, (nuint)offset) & Vector256.Create(Bfloat16.HighHalf).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Add(Lanes256 left, Lanes256 right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 left, Lanes256 right, Lanes256 addend) =>
        new(Vector256.FusedMultiplyAdd(left._lanes, right._lanes, addend._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Lanes256 sum, Lanes256 left, Lanes256 right) =>
        sum._lanes = Vector256.FusedMultiplyAdd(left._lanes, right._lanes, sum._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(ref float target, int offset) => _lanes.StoreUnsafe(ref target, (nuint)offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Rectify(Lanes256 lanes, out ulong active)
    {
        var idle = Vector256.LessThanOrEqual(lanes._lanes, Vector256<float>.Zero);
        active = ~(ulong)Vector256.ExtractMostSignificantBits(idle) & byte.MaxValue;
        return new Lanes256(Vector256.AndNot(lanes._lanes, idle));
    }
}

/// <summary>Sixteen lanes: AVX-512.</summary>
internal struct Lanes512 : ILanes<Lanes512>
{
    private Vector512<float> _lanes;

    private Lanes512(Vector512<float> lanes) => _lanes = lanes;

    public static int Count => Vector512<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(ref readonly float source, int offset) =>
        new(Vector512.LoadUnsafe(in source, (nuint)offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadLowHalves(ref readonly float source, int offset) =>
        new((Vector512.LoadUnsafe(in source, (nuint)offset).AsUInt32() << Bfloat16.Bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadHighHalves(ref readonly float source, int offset) =>
        new(Vector512.LoadUnsafe(in source, (nuint)offset) & Vector512.Create(Bfloat16.HighHalf).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Add(Lanes512 left, Lanes512 right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 left, Lanes512 right, Lanes512 addend) =>
        new(Vector512.FusedMultiplyAdd(left._lanes, right._lanes, addend._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Lanes512 sum, Lanes512 left, Lanes512 right) =>
        sum._lanes = Vector512.FusedMultiplyAdd(left._lanes, right._lanes, sum._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(ref float target, int offset) => _lanes.StoreUnsafe(ref target, (nuint)offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Rectify(Lanes512 lanes, out ulong active)
    {
        var idle = Vector512.LessThanOrEqual(lanes._lanes, Vector512<float>.Zero);
        active = ~(ulong)Vector512.ExtractMostSignificantBits(idle) & ushort.MaxValue;
        return new Lanes512(Vector512.AndNot(lanes._lanes, idle));
    }
}
