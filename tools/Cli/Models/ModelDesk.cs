using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Control.Api;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Cli.Models;

/// <summary>A store of models for the control plane, which refers to no stage itself.</summary>
/// <param name="folder">The store.</param>
public sealed class ModelDesk(string folder) : IModelDesk
{
    private const double LatencyMaxUs = 200;

    public IReadOnlyList<ModelInfo> List() => Named(() =>
    {
        var store = new ModelStore(folder);
        var history = store.History();
        return (IReadOnlyList<ModelInfo>)
        [
            .. store.List().Select(model => new ModelInfo(
                model.Version.ToString(),
                ModelStoreRunner.RoleOf(history, model.Version),
                model.Manifest?.Lineage?.Created,
                model.Manifest?.Lineage?.Parent,
                ModelStoreRunner.AccuracyOf(model),
                model.Problem)),
        ];
    });

    public ModelMeasurement Measure(string version, CancellationToken cancel) => Named(() =>
    {
        var checks = ModelChecks.Run(
            new ModelStoreOptions
            {
                Action = ModelStoreAction.Validate,
                StoreDirectory = folder,
                Version = version,
                Inference = InferenceChoice.Auto,
                LatencyMaxUs = LatencyMaxUs,
            },
            cancel);
        return new ModelMeasurement(checks.Version.ToString(), checks.IsPassed, checks.Figures);
    });

    private static T Named<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception problem) when (problem is ModelFileException or UsageException)
        {
            throw new BadFieldException("version", problem.Message);
        }
    }
}
