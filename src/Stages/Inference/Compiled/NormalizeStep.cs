using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>Layer normalisation on its own, where no linear layer can take it in.</summary>
internal sealed class NormalizeStep : PlanStep
{
    private readonly int _input;
    private readonly int _output;
    private readonly int _count;
    private readonly int _gain;
    private readonly int _shift;
    private readonly int _moments;

    /// <param name="input">What is normalised.</param>
    /// <param name="output">Of the same length.</param>
    /// <param name="gain">Multiplies the normalised elements.</param>
    /// <param name="shift">Is added to them.</param>
    /// <param name="moments">Of the input, as <see cref="MomentsStep"/> has them.</param>
    public NormalizeStep(PlanValue input, PlanValue output, int gain, int shift, PlanValue moments)
    {
        _input = input.Offset;
        _output = output.Offset;
        _count = input.Count;
        _gain = gain;
        _shift = shift;
        _moments = moments.Offset;
    }

    public override void Run(ref float floats, ref ulong masks)
    {
        ref var input = ref Unsafe.Add(ref floats, _input);
        var mean = Unsafe.Add(ref floats, _moments + MomentsStep.Mean);
        var scale = Unsafe.Add(ref floats, _moments + MomentsStep.Scale);
        for (var i = 0; i < _count; i++)
        {
            var normalized = (Unsafe.Add(ref input, i) - mean) * scale;
            Unsafe.Add(ref floats, _output + i) = MathF.FusedMultiplyAdd(
                normalized, Unsafe.Add(ref floats, _gain + i), Unsafe.Add(ref floats, _shift + i));
        }
    }
}
