namespace ExecutionPipeline.Stages.Inference.Onnx;

/// <summary>A scalar attribute: a float or an integer.</summary>
public sealed record OnnxAttribute
{
    private OnnxAttribute(string name, bool isFloat, float floatValue, long integerValue)
    {
        Name = name;
        IsFloat = isFloat;
        FloatValue = floatValue;
        IntegerValue = integerValue;
    }

    public string Name { get; }

    public bool IsFloat { get; }

    /// <summary>The value when <see cref="IsFloat"/>, else 0.</summary>
    public float FloatValue { get; }

    /// <summary>The value when not <see cref="IsFloat"/>, else 0.</summary>
    public long IntegerValue { get; }

    public static OnnxAttribute Of(string name, float value) => new(name, isFloat: true, value, 0);

    public static OnnxAttribute Of(string name, long value) => new(name, isFloat: false, 0, value);
}
