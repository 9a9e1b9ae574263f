namespace ExecutionPipeline.Stages.Inference.Onnx;

/// <summary>
/// A named constant, row-major. Of float32 and int64 it has the values; of another type, or in a file of its own, it
/// has its name and shape alone.
/// </summary>
public sealed class OnnxTensor
{
    /// <summary>A constant of float32.</summary>
    /// <exception cref="OnnxFormatException">The number of values is not that of the shape.</exception>
    public OnnxTensor(string name, IReadOnlyList<long> dims, float[] values)
        : this(name, dims, OnnxFields.Tensor.DataTypeFloat, (long?)values.Length) => Values = values;

    /// <summary>A constant of int64.</summary>
    /// <exception cref="OnnxFormatException">The number of values is not that of the shape.</exception>
    public OnnxTensor(string name, IReadOnlyList<long> dims, long[] values)
        : this(name, dims, OnnxFields.Tensor.DataTypeInteger, (long?)values.Length) => Integers = values;

    /// <summary>A constant whose values are not read.</summary>
    /// <exception cref="OnnxFormatException">The shape is none.</exception>
    public OnnxTensor(
        string name, IReadOnlyList<long> dims, long dataType, IReadOnlyDictionary<string, string> external)
        : this(name, dims, dataType, (long?)null) => External = external;

    private OnnxTensor(string name, IReadOnlyList<long> dims, long dataType, long? values)
    {
        if (!TryCountElements(dims, out var count) || count != (values ?? count))
        {
            throw new OnnxFormatException(
                $"initializer '{name}' of shape [{string.Join(",", dims)}] holds {values} values");
        }

        (Name, Dims, DataType, Count) = (name, dims, dataType, count);
    }

    public string Name { get; }

    public IReadOnlyList<long> Dims { get; }

    /// <summary>The number that ONNX has for the type of its elements.</summary>
    public long DataType { get; }

    /// <summary>How many elements it has.</summary>
    public long Count { get; }

    /// <summary>The values when <see cref="IsFloat"/>, else none.</summary>
    public float[] Values { get; } = [];

    /// <summary>The values of int64; null: it is of another type.</summary>
    public IReadOnlyList<long>? Integers { get; }

    /// <summary>Where its values are, when they are in another file: location, offset and length.</summary>
    public IReadOnlyDictionary<string, string> External { get; } = new Dictionary<string, string>();

    /// <summary>Whether its values are here, as float32.</summary>
    public bool IsFloat => DataType == OnnxFields.Tensor.DataTypeFloat && !IsExternal;

    /// <summary>Whether its values are in another file.</summary>
    public bool IsExternal => External.Count > 0;

    /// <summary>The same values under another name and shape, which has as many elements.</summary>
    public OnnxTensor Renamed(string name, IReadOnlyList<long> dims) =>
        IsFloat ? new OnnxTensor(name, dims, Values)
        : Integers is long[] integers ? new OnnxTensor(name, dims, integers)
        : new OnnxTensor(name, dims, DataType, External);

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
