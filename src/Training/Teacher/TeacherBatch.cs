using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Training.Teacher;

/// <summary>
/// Contexts and what the teacher makes of them, as matrices. Filled again and again without allocating.
/// </summary>
internal sealed class TeacherBatch
{
    private readonly ContextSampler _sampler;
    private readonly RuleBasedPolicy _teacher;

    public TeacherBatch(ContextSampler sampler, RuleBasedPolicy teacher, int rows)
    {
        _sampler = sampler;
        _teacher = teacher;
        Rows = rows;
        Contexts = new float[rows * ContextFeatures.Count];
        Targets =
        [
            new float[rows * PolicyOutputs.SizeCount],
            new float[rows * PolicyOutputs.StrategyCount],
            new float[rows * (PolicyOutputs.Count - PolicyOutputs.StopLossOffset)],
        ];
    }

    public int Rows { get; }

    /// <summary>[rows, 15].</summary>
    public float[] Contexts { get; }

    /// <summary>[rows, outputs] for each actor, in the order of the ring event.</summary>
    public float[][] Targets { get; }

    public void Draw()
    {
        var features = default(ContextFeatures);
        var outputs = default(PolicyOutputs);
        for (var row = 0; row < Rows; row++)
        {
            _sampler.Next(ref features);
            _teacher.Run(in features, ref outputs);
            ((ReadOnlySpan<float>)features)[..ContextFeatures.Count]
                .CopyTo(Contexts.AsSpan(row * ContextFeatures.Count));
            var offset = 0;
            foreach (var target in Targets)
            {
                var columns = target.Length / Rows;
                ((ReadOnlySpan<float>)outputs).Slice(offset, columns).CopyTo(target.AsSpan(row * columns));
                offset += columns;
            }
        }
    }
}
