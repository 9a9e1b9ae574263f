using System.Numerics.Tensors;

namespace ExecutionPipeline.Training.Networks;

/// <summary>The parameterless layers.</summary>
internal static class Activations
{
    /// <summary>max(x, 0), in place.</summary>
    public static void Relu(Span<float> values) => TensorPrimitives.Max(values, 0f, values);

    /// <summary>Clears the gradient where the output, and so the slope, is 0; in place.</summary>
    public static void ReluBackward(ReadOnlySpan<float> output, Span<float> gradient)
    {
        for (var i = 0; i < gradient.Length; i++)
        {
            if (!(output[i] > 0f)) gradient[i] = 0f;
        }
    }

    /// <summary>Softmax over each row of <paramref name="width"/>, in place.</summary>
    public static void Softmax(Span<float> values, int width)
    {
        for (var start = 0; start < values.Length; start += width)
        {
            var row = values.Slice(start, width);
            // Relative to the row's largest, nothing overflows.
            TensorPrimitives.Subtract(row, TensorPrimitives.Max<float>(row), row);
            TensorPrimitives.Exp(row, row);
            TensorPrimitives.Divide(row, TensorPrimitives.Sum<float>(row), row);
        }
    }

    /// <summary>1 / (1 + exp(-x)), in place.</summary>
    public static void Sigmoid(Span<float> values) => TensorPrimitives.Sigmoid(values, values);
}
