using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Training.Networks;
using ExecutionPipeline.Training.Teacher;

namespace ExecutionPipeline.Training.Distillation;

/// <summary>The fitting loop: the three actors, step by step, on the same fresh contexts.</summary>
internal sealed class DistillationFit
{
    /// <summary>Streams of the seed: what is fitted on is never what is measured on.</summary>
    private const int FittingStream = 1;

    private const double WarmUpShare = 0.05;
    private readonly DistillationOptions _options;
    private readonly TeacherBatch _batch;
    private readonly AdamOptimizer[] _optimizers;
    private readonly float[][] _outputs;
    private readonly double[] _losses;

    public DistillationFit(DistillationOptions options, RuleBasedPolicy teacher)
    {
        _options = options;
        _batch = new TeacherBatch(new ContextSampler(options.Seed, FittingStream), teacher, options.BatchSize);
        Actors = [.. ActorArchitecture.All.Select(a => new PolicyActor(a, options.Seed, options.BatchSize))];
        _optimizers = [.. Actors.Select(static actor => new AdamOptimizer(actor.Parameters))];
        _outputs = [.. Actors.Select(actor => new float[options.BatchSize * actor.Architecture.OutputCount])];
        _losses = new double[Actors.Count];
    }

    public IReadOnlyList<PolicyActor> Actors { get; }

    /// <exception cref="OperationCanceledException">Cancelled between two steps.</exception>
    public void Run(Action<DistillationProgress>? progress, CancellationToken cancellation)
    {
        var interval = Math.Max(1, _options.Steps / 100);
        var reported = 0;
        for (var step = 1; step <= _options.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            Step(LearningRate(step));
            if (step % interval != 0 && step != _options.Steps) continue;

            var steps = step - reported;
            progress?.Invoke(new DistillationProgress(
                step, _options.Steps, _losses[0] / steps, _losses[1] / steps, _losses[2] / steps));
            Array.Clear(_losses);
            reported = step;
        }
    }

    private void Step(float learningRate)
    {
        _batch.Draw();
        for (var i = 0; i < Actors.Count; i++)
        {
            Actors[i].Forward(_batch.Contexts, _outputs[i], _batch.Rows);
            _losses[i] += Actors[i].Backward(_batch.Targets[i], _batch.Rows);
            _optimizers[i].Step(learningRate);
        }
    }

    // Up in a line, down along half a cosine: the end of the way averages what the noise of small batches leaves.
    private float LearningRate(int step)
    {
        var warmUp = Math.Max(1.0, WarmUpShare * _options.Steps);
        if (step < warmUp) return (float)(_options.LearningRate * step / warmUp);
        var done = (step - warmUp) / Math.Max(1.0, _options.Steps - warmUp);
        return (float)(_options.LearningRate * 0.5 * (1.0 + Math.Cos(Math.PI * done)));
    }
}
