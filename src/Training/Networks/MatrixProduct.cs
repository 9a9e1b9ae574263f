using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Training.Networks;

/// <summary>
/// c[r, j] (+)= sum over k of a[r, k] b[k, j], for row-major b and c. The strides of a are free, so the same code
/// multiplies by a transposed matrix. Four rows and two vectors of columns are kept in registers over the whole sum.
/// </summary>
internal static class MatrixProduct
{
    private const int RowBlock = 4;

    /// <param name="a">Element (r, k) is at r * <paramref name="aRowStride"/> + k *
    /// <paramref name="aDepthStride"/>.</param>
    /// <param name="aRowStride">Distance of rows, in elements.</param>
    /// <param name="aDepthStride">Distance of summands, in elements.</param>
    /// <param name="b">[depth, columns].</param>
    /// <param name="c">[rows, columns]: what is there is added to.</param>
    public static void Accumulate(
        ReadOnlySpan<float> a,
        int aRowStride,
        int aDepthStride,
        ReadOnlySpan<float> b,
        Span<float> c,
        int rows,
        int depth,
        int columns)
    {
        if (rows == 0 || depth == 0 || columns == 0) return;
        Require(a.Length > (rows - 1) * aRowStride + (depth - 1) * aDepthStride, nameof(a));
        Require(b.Length >= depth * columns, nameof(b));
        Require(c.Length >= rows * columns, nameof(c));

        var shape = new Shape(aRowStride, aDepthStride, depth, columns);
        ref var aStart = ref MemoryMarshal.GetReference(a);
        ref var bStart = ref MemoryMarshal.GetReference(b);
        ref var cStart = ref MemoryMarshal.GetReference(c);
        var row = 0;
        for (; row <= rows - RowBlock; row += RowBlock)
        {
            RowsOfFour(ref Unsafe.Add(ref aStart, row * aRowStride), ref bStart,
                ref Unsafe.Add(ref cStart, row * columns), shape);
        }

        for (; row < rows; row++)
        {
            SingleRow(ref Unsafe.Add(ref aStart, row * aRowStride), ref bStart,
                ref Unsafe.Add(ref cStart, row * columns), 0, shape);
        }
    }

    private static void RowsOfFour(ref float a, ref float b, ref float c, Shape shape)
    {
        var width = Vector<float>.Count;
        var column = 0;
        for (; column <= shape.Columns - 2 * width; column += 2 * width)
        {
            Tile(ref a, ref Unsafe.Add(ref b, column), ref Unsafe.Add(ref c, column), shape);
        }

        if (column == shape.Columns) return;
        for (var row = 0; row < RowBlock; row++)
        {
            SingleRow(ref Unsafe.Add(ref a, row * shape.ARowStride), ref b,
                ref Unsafe.Add(ref c, row * shape.Columns), column, shape);
        }
    }

    // Four rows by two vectors: eight sums in registers, each element of b loaded once for four rows.
    private static void Tile(ref float a, ref float b, ref float c, Shape shape)
    {
        var width = Vector<float>.Count;
        ref var c1 = ref Unsafe.Add(ref c, shape.Columns);
        ref var c2 = ref Unsafe.Add(ref c1, shape.Columns);
        ref var c3 = ref Unsafe.Add(ref c2, shape.Columns);
        Vector<float> s00 = Load(ref c, 0), s01 = Load(ref c, width);
        Vector<float> s10 = Load(ref c1, 0), s11 = Load(ref c1, width);
        Vector<float> s20 = Load(ref c2, 0), s21 = Load(ref c2, width);
        Vector<float> s30 = Load(ref c3, 0), s31 = Load(ref c3, width);
        for (var k = 0; k < shape.Depth; k++)
        {
            ref var bRow = ref Unsafe.Add(ref b, k * shape.Columns);
            ref var aColumn = ref Unsafe.Add(ref a, k * shape.ADepthStride);
            Vector<float> b0 = Load(ref bRow, 0), b1 = Load(ref bRow, width);
            var factor = new Vector<float>(aColumn);
            s00 = Vector.FusedMultiplyAdd(factor, b0, s00);
            s01 = Vector.FusedMultiplyAdd(factor, b1, s01);
            factor = new Vector<float>(Unsafe.Add(ref aColumn, shape.ARowStride));
            s10 = Vector.FusedMultiplyAdd(factor, b0, s10);
            s11 = Vector.FusedMultiplyAdd(factor, b1, s11);
            factor = new Vector<float>(Unsafe.Add(ref aColumn, 2 * shape.ARowStride));
            s20 = Vector.FusedMultiplyAdd(factor, b0, s20);
            s21 = Vector.FusedMultiplyAdd(factor, b1, s21);
            factor = new Vector<float>(Unsafe.Add(ref aColumn, 3 * shape.ARowStride));
            s30 = Vector.FusedMultiplyAdd(factor, b0, s30);
            s31 = Vector.FusedMultiplyAdd(factor, b1, s31);
        }

        Store(s00, s01, ref c);
        Store(s10, s11, ref c1);
        Store(s20, s21, ref c2);
        Store(s30, s31, ref c3);
    }

    private static void SingleRow(ref float a, ref float b, ref float c, int column, Shape shape)
    {
        var width = Vector<float>.Count;
        for (; column <= shape.Columns - width; column += width)
        {
            var sum = Load(ref c, column);
            for (var k = 0; k < shape.Depth; k++)
            {
                var factor = new Vector<float>(Unsafe.Add(ref a, k * shape.ADepthStride));
                sum = Vector.FusedMultiplyAdd(factor, Load(ref b, k * shape.Columns + column), sum);
            }

            sum.StoreUnsafe(ref c, (nuint)column);
        }

        for (; column < shape.Columns; column++)
        {
            var sum = Unsafe.Add(ref c, column);
            for (var k = 0; k < shape.Depth; k++)
            {
                sum = MathF.FusedMultiplyAdd(
                    Unsafe.Add(ref a, k * shape.ADepthStride), Unsafe.Add(ref b, k * shape.Columns + column), sum);
            }

            Unsafe.Add(ref c, column) = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Load(ref float start, int offset) => Vector.LoadUnsafe(ref start, (nuint)offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<float> first, Vector<float> second, ref float target)
    {
        first.StoreUnsafe(ref target);
        second.StoreUnsafe(ref target, (nuint)Vector<float>.Count);
    }

    private static void Require(bool isEnough, string name)
    {
        if (!isEnough) throw new ArgumentException("The span is shorter than its matrix.", name);
    }

    private readonly record struct Shape(int ARowStride, int ADepthStride, int Depth, int Columns);
}
