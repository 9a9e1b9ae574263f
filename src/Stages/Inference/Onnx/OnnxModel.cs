namespace ExecutionPipeline.Stages.Inference.Onnx;

/// <summary>An ONNX file's content, as far as a policy's graph needs it.</summary>
public sealed record OnnxModel
{
    public required long IrVersion { get; init; }

    /// <summary>Version of the default operator set.</summary>
    public required long OpsetVersion { get; init; }

    public string ProducerName { get; init; } = "";
    public string ProducerVersion { get; init; } = "";
    public required OnnxGraph Graph { get; init; }
}

/// <summary>Operators in topological order, the constants they use, and what goes in and out.</summary>
public sealed record OnnxGraph
{
    public required string Name { get; init; }
    public required IReadOnlyList<OnnxNode> Nodes { get; init; }
    public required IReadOnlyList<OnnxTensor> Initializers { get; init; }
    public required IReadOnlyList<OnnxValueInfo> Inputs { get; init; }
    public required IReadOnlyList<OnnxValueInfo> Outputs { get; init; }
}

/// <summary>A graph's input or output.</summary>
/// <param name="Name">The value's name.</param>
/// <param name="Shape">Its dimensions: a number, or a name where the size is free.</param>
public sealed record OnnxValueInfo(string Name, IReadOnlyList<string> Shape)
{
    /// <summary>The number that ONNX has for the type of its elements; 1 is float32.</summary>
    public long ElementType { get; init; } = OnnxFields.Tensor.DataTypeFloat;
}

/// <summary>One operator of a graph.</summary>
/// <param name="OpType">The operator's name in its set.</param>
/// <param name="Inputs">Names of graph inputs, initializers or other nodes' outputs; empty for an omitted one.</param>
/// <param name="Outputs">Names of the values it makes.</param>
/// <param name="Attributes">Its attributes.</param>
public sealed record OnnxNode(
    string OpType,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs,
    IReadOnlyList<OnnxAttribute> Attributes)
{
    /// <summary>Unique in its graph, or empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>The operator set that it is of; empty: ONNX's own.</summary>
    public string Domain { get; init; } = "";
}

/// <summary>An attribute of an operator. One of another kind than those here has its name alone.</summary>
public sealed record OnnxAttribute(string Name)
{
    public bool IsFloat { get; init; }

    public bool IsInteger { get; init; }

    /// <summary>The value when <see cref="IsFloat"/>, else 0.</summary>
    public float FloatValue { get; init; }

    /// <summary>The value when <see cref="IsInteger"/>, else 0.</summary>
    public long IntegerValue { get; init; }

    /// <summary>A list of integers; null: it is none.</summary>
    public IReadOnlyList<long>? Integers { get; init; }

    /// <summary>A constant; null: it is none.</summary>
    public OnnxTensor? Tensor { get; init; }

    public static OnnxAttribute Of(string name, float value) => new(name) { IsFloat = true, FloatValue = value };

    public static OnnxAttribute Of(string name, long value) => new(name) { IsInteger = true, IntegerValue = value };

    public static OnnxAttribute Of(string name, IReadOnlyList<long> values) => new(name) { Integers = values };

    public static OnnxAttribute Of(string name, OnnxTensor tensor) => new(name) { Tensor = tensor };
}

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

/// <summary>A file is not an ONNX model that can be used here; the message says what was found, in one line.</summary>
public sealed class OnnxFormatException : Exception
{
    public OnnxFormatException(string message) : base(message)
    {
    }
}
