using System.Runtime.Intrinsics;

namespace ExecutionPipeline.Stages.Inference.Compiled;

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
