using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Training.Networks;
using ExecutionPipeline.Training.Teacher;

namespace ExecutionPipeline.Training.Distillation;

/// <summary>
/// The fitting loop: the three actors, step by step, on the same fresh contexts. First they learn from the teacher;
/// then their weights are rounded to bfloat16, and what was fitted before is the teacher of what comes of that.
/// </summary>
internal sealed class DistillationFit
{
    /// <summary>Streams of the seed: what is fitted on is never what is measured on.</summary>
    private const int FittingStream = 1;

    private const double WarmUpShare = 0.05;

    /// <summary>Weights that are nearly right move by a rounding's step at most.</summary>
    private const double RoundingRate = 0.0002;

    private readonly DistillationOptions _options;
    private readonly TeacherBatch _batch;
    private readonly float[][] _outputs;
    private readonly double[] _losses;
    private AdamOptimizer[] _optimizers;
    private int _reported;

    public DistillationFit(DistillationOptions options, RuleBasedPolicy teacher)
    {
        _options = options;
        _batch = new TeacherBatch(new ContextSampler(options.Seed, FittingStream), teacher, options.BatchSize);
        Actors = [.. ActorArchitecture.All.Select(a => new PolicyActor(a, options.Seed, options.BatchSize))];
        _optimizers = OptimizersOf(Actors);
        _outputs = [.. Actors.Select(actor => new float[options.BatchSize * actor.Architecture.OutputCount])];
        _losses = new double[Actors.Count];
    }

    /// <summary>What the fit has come to.</summary>
    public IReadOnlyList<PolicyActor> Actors { get; private set; }

    /// <summary>The actors before their weights were rounded; null: they were not.</summary>
    public IReadOnlyList<PolicyActor>? Unrounded { get; private set; }

    /// <exception cref="OperationCanceledException">Cancelled between two steps.</exception>
    public void Run(Action<DistillationProgress>? progress, CancellationToken cancellation)
    {
        Run(1, _options.Steps, _options.LearningRate, progress, cancellation);
        if (_options.RoundingSteps == 0) return;

        Unrounded = Actors;
        Actors = [.. Actors.Select(static actor => actor.Round())];
        _optimizers = OptimizersOf(Actors);
        Run(_options.Steps + 1, _options.RoundingSteps, RoundingRate, progress, cancellation);
        foreach (var actor in Actors) actor.KeepRoundedWeights();
    }

    private static AdamOptimizer[] OptimizersOf(IReadOnlyList<PolicyActor> actors) =>
        [.. actors.Select(static actor => new AdamOptimizer(actor.Parameters))];

    private void Run(
        int first, int steps, double rate, Action<DistillationProgress>? progress, CancellationToken cancellation)
    {
        var all = _options.Steps + _options.RoundingSteps;
        var interval = Math.Max(1, all / 100);
        for (var done = 1; done <= steps; done++)
        {
            cancellation.ThrowIfCancellationRequested();
            Step(LearningRate(rate, done, steps));
            var step = first - 1 + done;
            if (step % interval != 0 && done != steps) continue;

            var since = step - _reported;
            progress?.Invoke(new DistillationProgress(
                step, all, _losses[0] / since, _losses[1] / since, _losses[2] / since));
            Array.Clear(_losses);
            _reported = step;
        }
    }

    private void Step(float learningRate)
    {
        _batch.Draw();
        for (var i = 0; i < Actors.Count; i++)
        {
            Unrounded?[i].Forward(_batch.Contexts, _batch.Targets[i], _batch.Rows);
            Actors[i].Forward(_batch.Contexts, _outputs[i], _batch.Rows);
            _losses[i] += Actors[i].Backward(_batch.Targets[i], _batch.Rows);
            _optimizers[i].Step(learningRate);
        }
    }

    // Up in a line, down along half a cosine: the end of the way averages what the noise of small batches leaves.
    private static float LearningRate(double rate, int step, int steps)
    {
        var warmUp = Math.Max(1.0, WarmUpShare * steps);
        if (step < warmUp) return (float)(rate * step / warmUp);
        var done = (step - warmUp) / Math.Max(1.0, steps - warmUp);
        return (float)(rate * 0.5 * (1.0 + Math.Cos(Math.PI * done)));
    }
}
