namespace ExecutionPipeline.Stages.Inference.Onnx;

/// <summary>A named float32 constant, row-major.</summary>
public sealed class OnnxTensor
{
    /// <exception cref="OnnxFormatException">The number of values is not that of the shape.</exception>
    public OnnxTensor(string name, IReadOnlyList<long> dims, float[] values)
    {
        if (TryCountElements(dims, out var count) && count == values.Length)
        {
            Name = name;
            Dims = dims;
            Values = values;
            return;
        }

        throw new OnnxFormatException(
            $"initializer '{name}' of shape [{string.Join(",", dims)}] holds {values.Length} values");
    }

    public string Name { get; }
    public IReadOnlyList<long> Dims { get; }
    public float[] Values { get; }

    private static bool TryCountElements(IReadOnlyList<long> dims, out long count)
    {
        count = 1;
        foreach (var dim in dims)
        {
            if (dim < 0 || dim > int.MaxValue) return false;
            count *= dim;
            if (count > int.MaxValue) return false;
        }

        return true;
    }
}
