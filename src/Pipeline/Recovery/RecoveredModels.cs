using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Models;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Stages.Inference.Swap;

namespace ExecutionPipeline.Pipeline.Recovery;

/// <summary>
/// Loads the models that a journal or a snapshot names, before the event that lets them decide. Where no event can be
/// under way.
/// </summary>
internal sealed class RecoveredModels
{
    private readonly ModelSource? _source;
    private readonly ModelSwitch _models;

    /// <param name="source">Where they are; null: the journal must name none.</param>
    /// <param name="models">Of the chain.</param>
    public RecoveredModels(ModelSource? source, ModelSwitch models)
    {
        _source = source;
        _models = models;
        models.Open = Open;
        if (source is not null)
            models.HoldAtStart(source.Initial.Prefix);
    }

    /// <summary>Lays ready what the event deploys. The slot that it had in the run means nothing here.</summary>
    /// <exception cref="InvalidDataException">There are no such models.</exception>
    public void Prepare(ref PipelineEvent e)
    {
        if (e.Header.Kind != EventKind.Model)
            return;

        ref var command = ref e.Payload.Command;
        if (!command.NamesModels)
            return;

        // What decided at the start of the run is here already, if the store has not moved on meanwhile.
        var isAtStart = command.ModelSlot == PolicySlots.None;
        if (isAtStart && (_source is null || command.ModelVersion == _source.Initial.Prefix))
            return;

        if (!_models.Slots.TryPrepare(Open(command.ModelVersion), out command.ModelSlot))
            throw new InvalidDataException($"no slot is free for the models {command.ModelVersion:x16} of the journal");
    }

    private LoadedPolicy Open(ulong version)
    {
        if (version == ModelVersion.Rules.Prefix)
            return LoadedPolicy.Rules();
        if (_source is null)
        {
            throw new InvalidDataException(
                $"the journal needs the models {version:x16}, and there is no store of models: name it");
        }

        try
        {
            return PolicyChain.OpenProbed(_source.Store.Open(new ModelVersion(version)), _source.Open);
        }
        catch (ModelFileException problem)
        {
            throw new InvalidDataException(
                $"the journal needs the models {version:x16}: {problem.Message}", problem);
        }
    }
}
