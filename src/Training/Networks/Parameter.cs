namespace ExecutionPipeline.Training.Networks;

/// <summary>A tensor that is fitted, with the gradient of the loss by it. Row-major.</summary>
public sealed class Parameter
{
    internal Parameter(string name, params int[] shape)
    {
        Name = name;
        Shape = shape;
        var count = 1;
        foreach (var size in shape) count *= size;
        Values = new float[count];
        Gradient = new float[count];
    }

    public string Name { get; }
    public IReadOnlyList<int> Shape { get; }
    public float[] Values { get; }
    public float[] Gradient { get; }

    internal void ClearGradient() => Array.Clear(Gradient);
}
