using System.Globalization;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Audit.Recording;

/// <summary>What holds for a whole run, and every record of it may say.</summary>
internal sealed class RecordedRun
{
    private static readonly string[] ContractsKeys =
        [.. SizeActions.Contracts.ToArray().Select(static c => c.ToString(CultureInfo.InvariantCulture))];

    private readonly string[] _symbols;
    private readonly ModelVersion _initial;

    /// <param name="options">Of the run.</param>
    /// <param name="ids">Of its instruments.</param>
    /// <param name="initial">Of the models that decide where events name none.</param>
    public RecordedRun(PipelineOptions options, InstrumentIds ids, ModelVersion initial)
    {
        Options = options;
        Ids = ids;
        _initial = initial;
        _symbols = [.. options.Instruments.Select(static one => one.Symbol)];
        Instruments = new InstrumentTable(
            options.Instruments, options.Calendars, new CurrencyRates(options.Account.Currency, options.Account.Rates));
        ConfigurationHash = PipelineConfiguration.HashOf(options).ToString();
    }

    public PipelineOptions Options { get; }

    public InstrumentIds Ids { get; }

    public InstrumentTable Instruments { get; }

    public string ConfigurationHash { get; }

    public string SymbolOf(int instrument) => _symbols[instrument];

    /// <summary>Whether the policies were asked, so that there is what they said.</summary>
    public static bool HasOutputs(in Decision decision) =>
        decision.Source is DecisionSource.OnnxRuntime or DecisionSource.Compiled or DecisionSource.RuleBased;

    /// <summary>What a decision is known by: its signal, and its event, since a signal may come twice.</summary>
    public static string ExecutionIdOf(ulong signalId, long sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{signalId}-{sequence}");

    /// <summary>The contracts of a size action, as a key.</summary>
    public static string ContractsKey(int action) => ContractsKeys[action];

    /// <summary>Who decided: a version of the models, or the rules; null: nobody.</summary>
    public string? ModelVersionOf(in Decision decision) => decision.Source switch
    {
        DecisionSource.OnnxRuntime or DecisionSource.Compiled =>
            (decision.ModelVersion == 0 ? _initial : new ModelVersion(decision.ModelVersion)).ToString(),
        DecisionSource.RuleBased => "rules",
        _ => null,
    };
}
