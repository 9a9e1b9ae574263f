using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>
/// An operation on each element of one or two vectors. Operands are 0 behind their end, or what leaves a 0 there.
/// </summary>
internal sealed class ElementwiseStep<TOperation> : PlanStep
    where TOperation : struct, IElementwise
{
    private readonly int _left;
    private readonly int _right;
    private readonly int _output;
    private readonly int _count;

    public ElementwiseStep(int left, int right, PlanValue output)
    {
        _left = left;
        _right = right;
        _output = output.Offset;
        _count = output.Count;
    }

    public override void Run(ref float floats, ref ulong masks)
    {
        for (var i = 0; i < _count; i += Vector128<float>.Count)
        {
            var left = Vector128.LoadUnsafe(ref floats, (nuint)(_left + i));
            var right = Vector128.LoadUnsafe(ref floats, (nuint)(_right + i));
            TOperation.Apply(left, right).StoreUnsafe(ref floats, (nuint)(_output + i));
        }
    }
}

/// <summary>An operation on each element of two vectors, or of the first.</summary>
internal interface IElementwise
{
    static abstract Vector128<float> Apply(Vector128<float> left, Vector128<float> right);
}

/// <summary>The operations that ONNX's operators of the same names stand for.</summary>
internal static class Elementwise
{
    public readonly struct Add : IElementwise
    {
        public static Vector128<float> Apply(Vector128<float> left, Vector128<float> right) => left + right;
    }

    public readonly struct Sub : IElementwise
    {
        public static Vector128<float> Apply(Vector128<float> left, Vector128<float> right) => left - right;
    }

    public readonly struct Mul : IElementwise
    {
        public static Vector128<float> Apply(Vector128<float> left, Vector128<float> right) => left * right;
    }

    public readonly struct Div : IElementwise
    {
        public static Vector128<float> Apply(Vector128<float> left, Vector128<float> right) => left / right;
    }

    public readonly struct Relu : IElementwise
    {
        public static Vector128<float> Apply(Vector128<float> left, Vector128<float> right) =>
            Vector128.AndNot(left, Vector128.LessThanOrEqual(left, Vector128<float>.Zero));
    }

    public readonly struct Max : IElementwise
    {
        public static Vector128<float> Apply(Vector128<float> left, Vector128<float> right) =>
            Vector128.Max(left, right);
    }

    public readonly struct Min : IElementwise
    {
        public static Vector128<float> Apply(Vector128<float> left, Vector128<float> right) =>
            Vector128.Min(left, right);
    }

    /// <summary>1 / (1 + e^-x), times a vector of ones that keeps the end clean.</summary>
    public readonly struct Sigmoid : IElementwise
    {
        public static Vector128<float> Apply(Vector128<float> left, Vector128<float> right) =>
            right / (Vector128<float>.One + VectorExp.Of(-left));
    }
}

/// <summary>Writes a vector into a part of a longer one.</summary>
internal sealed class CopyStep : PlanStep
{
    private readonly int _input;
    private readonly int _count;
    private readonly int _output;

    /// <param name="input">What is copied.</param>
    /// <param name="output">In floats from the start of the plan's memory.</param>
    public CopyStep(PlanValue input, int output)
    {
        _input = input.Offset;
        _count = input.Count;
        _output = output;
    }

    public override void Run(ref float floats, ref ulong masks)
    {
        var source = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref floats, _input), _count);
        source.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref floats, _output), _count));
    }
}
