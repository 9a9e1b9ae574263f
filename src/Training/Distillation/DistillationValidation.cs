using System.Numerics.Tensors;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Training.Networks;
using ExecutionPipeline.Training.Teacher;

namespace ExecutionPipeline.Training.Distillation;

/// <summary>
/// Measures fitted actors against the teacher, and against what they were before their weights were rounded, on
/// contexts that the fitting never saw.
/// </summary>
internal sealed class DistillationValidation
{
    private const int ValidationStream = 2;
    private readonly TeacherBatch _batch;
    private readonly IReadOnlyList<PolicyActor> _actors;
    private readonly IReadOnlyList<PolicyActor>? _unrounded;
    private readonly float[][] _outputs;
    private readonly float[][] _unroundedOutputs;
    private readonly int _contexts;
    private readonly double[] _agreements = new double[2];
    private readonly double[] _divergences = new double[2];
    private readonly double[] _errors = new double[2];
    private readonly double[] _same = new double[2];
    private double _maxError;
    private double _maxRounding;

    public DistillationValidation(
        DistillationOptions options,
        RuleBasedPolicy teacher,
        IReadOnlyList<PolicyActor> actors,
        IReadOnlyList<PolicyActor>? unrounded)
    {
        var rows = Math.Min(options.BatchSize, options.ValidationContexts);
        // Whole batches: the count is rounded up to the next one.
        _contexts = (options.ValidationContexts + rows - 1) / rows * rows;
        _batch = new TeacherBatch(new ContextSampler(options.Seed, ValidationStream), teacher, rows);
        _actors = actors;
        _unrounded = unrounded;
        _outputs = [.. actors.Select(actor => new float[rows * actor.Architecture.OutputCount])];
        _unroundedOutputs = [.. _outputs.Select(static outputs => new float[outputs.Length])];
    }

    public ModelValidation Run()
    {
        for (var done = 0; done < _contexts; done += _batch.Rows)
        {
            _batch.Draw();
            for (var i = 0; i < _actors.Count; i++)
            {
                _actors[i].Forward(_batch.Contexts, _outputs[i], _batch.Rows);
                _unrounded?[i].Forward(_batch.Contexts, _unroundedOutputs[i], _batch.Rows);
            }

            for (var row = 0; row < _batch.Rows; row++)
            {
                CompareDistributions(0, row);
                CompareDistributions(1, row);
                CompareBrackets(row);
            }
        }

        return new ModelValidation
        {
            Contexts = _contexts,
            Size = Distribution(0),
            Strategy = Distribution(1),
            Brackets = new BracketValidation
            {
                StopMeanAbsoluteErrorAtr = Rounded(_errors[0] / _contexts),
                TargetMeanAbsoluteErrorAtr = Rounded(_errors[1] / _contexts),
                MaxAbsoluteErrorAtr = Rounded(_maxError),
            },
            Rounding = _unrounded is null ? null : new RoundingValidation
            {
                SameSize = Rounded(_same[0] / _contexts),
                SameStrategy = Rounded(_same[1] / _contexts),
                BracketsMaxDifferenceAtr = Rounded(_maxRounding),
            },
        };
    }

    private void CompareDistributions(int actor, int row)
    {
        var columns = _actors[actor].Architecture.OutputCount;
        var fitted = _outputs[actor].AsSpan(row * columns, columns);
        var target = _batch.Targets[actor].AsSpan(row * columns, columns);
        for (var i = 0; i < columns; i++)
        {
            if (target[i] > 0f) _divergences[actor] += target[i] * Math.Log(target[i] / Math.Max(fitted[i], 1e-30));
        }

        var best = TensorPrimitives.IndexOfMax(fitted);
        if (best == TensorPrimitives.IndexOfMax(target)) _agreements[actor]++;
        var unrounded = _unroundedOutputs[actor].AsSpan(row * columns, columns);
        if (best == TensorPrimitives.IndexOfMax(unrounded)) _same[actor]++;
    }

    private void CompareBrackets(int row)
    {
        for (var i = 0; i < 2; i++)
        {
            var error = Math.Abs(_outputs[2][row * 2 + i] - _batch.Targets[2][row * 2 + i]);
            _errors[i] += error;
            _maxError = Math.Max(_maxError, error);
            var rounding = Math.Abs(_outputs[2][row * 2 + i] - _unroundedOutputs[2][row * 2 + i]);
            _maxRounding = Math.Max(_maxRounding, rounding);
        }
    }

    private DistributionValidation Distribution(int actor) => new()
    {
        Accuracy = Rounded(_agreements[actor] / _contexts),
        MeanKlNats = Rounded(_divergences[actor] / _contexts),
    };

    private static double Rounded(double value) => Math.Round(value, 6);
}
