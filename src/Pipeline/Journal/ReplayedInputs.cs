using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Stages.Inference.Swap;

namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>
/// Prepares journalled events for the stages of a replay: what ingress would refuse is refused, and the models that an
/// event lets decide are opened before it.
/// </summary>
/// <param name="instruments">Of the run.</param>
/// <param name="slots">Of the chain that replays.</param>
/// <param name="openModels">Opens the versions that the journal names; null: it must name none.</param>
public sealed class ReplayedInputs(
    InstrumentTable instruments, PolicySlots slots, Func<ModelVersion, LoadedPolicy>? openModels)
{
    private readonly EventCheck _check = new(instruments.Count);
    private readonly PriceCheck _prices = new(instruments);
    private long _lastTimeNs;

    /// <summary>Prepares the next event.</summary>
    /// <param name="e">With header and payload; of a deployment the slot is replaced.</param>
    /// <param name="number">Of the event in its journal.</param>
    /// <param name="whileFull">Called again and again while no slot is free; throws to give up.</param>
    /// <exception cref="InvalidDataException">
    /// The edge would have refused the event, or it names models that are not there.
    /// </exception>
    public void Prepare(ref PipelineEvent e, long number, Action whileFull)
    {
        Check(in e, number);
        if (e.Header.Kind == EventKind.Model)
            LoadModels(ref e.Payload.Command, number, whileFull);
    }

    /// <summary>
    /// A journalled event is held to what ingress holds messages and reports to: stages do not check again.
    /// </summary>
    private void Check(in PipelineEvent e, long number)
    {
        if (e.Header.TimeNs < _lastTimeNs)
            throw new InvalidDataException($"event {number} is earlier than the event before it");

        _lastTimeNs = e.Header.TimeNs;
        if (IsInitialModel(in e))
            return;

        if (!_check.IsInput(in e.Header, in e.Payload, out var rejection)
            || !_prices.IsBelievable(in e.Header, in e.Payload, out rejection))
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"event {number} ({e.Header.Kind} {e.Header.CorrelationId}) would have been refused at the edge: ")
                + FormattableString.Invariant($"{rejection.Field} is {rejection.Value} ({rejection.Reason})"));
        }
    }

    /// <summary>What decides at the start may be the rules, which no message can name.</summary>
    private static bool IsInitialModel(in PipelineEvent e) =>
        e.Header is { Kind: EventKind.Model, InstrumentIndex: 0 }
        && e.Payload.Command is { Kind: CommandKind.DeployModel, Reason: CommandReason.Host, ModelVersion: 0 };

    /// <summary>
    /// What was loaded beside the run is loaded here, before the event that lets it decide. The slot was that
    /// run's: nothing that comes out depends on it.
    /// </summary>
    private void LoadModels(ref Command command, long number, Action whileFull)
    {
        if (!command.NamesModels)
            return;

        var policy = Open(openModels, new ModelVersion(command.ModelVersion), number);
        while (!slots.TryPrepare(policy, out command.ModelSlot))
            whileFull();
    }

    /// <summary>Opens a version that a journal or a state of it names.</summary>
    /// <param name="openModels">Opens what is stored; null: nothing is at hand.</param>
    /// <param name="version">Which.</param>
    /// <exception cref="ModelFileException">It is not there, or cannot be used.</exception>
    public static LoadedPolicy Open(Func<ModelVersion, LoadedPolicy>? openModels, ModelVersion version) =>
        version == ModelVersion.Rules
            ? LoadedPolicy.Rules()
            : openModels?.Invoke(version)
                ?? throw new ModelFileException("name the store of models that the run had");

    /// <summary>The same of a version that an event deploys.</summary>
    /// <exception cref="InvalidDataException">It is not there, or cannot be used; the message names the event.
    /// </exception>
    public static LoadedPolicy Open(Func<ModelVersion, LoadedPolicy>? openModels, ModelVersion version, long number)
    {
        try
        {
            return Open(openModels, version);
        }
        catch (ModelFileException problem)
        {
            throw new InvalidDataException($"event {number} deploys models {version}: {problem.Message}", problem);
        }
    }
}
