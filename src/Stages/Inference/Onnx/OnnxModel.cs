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
