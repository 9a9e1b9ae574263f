using ExecutionPipeline.Audit.Records;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Audit.Recording;

/// <summary>
/// Turns what the stages made of an event into entries, in the order in which it came about. It keeps nothing between
/// two events, so a replay that begins later gives the same entries.
/// </summary>
public sealed class EventRecorder
{
    private readonly RecordedRun _run;
    private readonly RiskChecks _checks;
    private readonly DecisionDocument _decisions;
    private readonly LifeDocuments _lives;
    private readonly OperationDocuments _operations;
    private readonly Sentences _sentences;

    /// <param name="options">Of the run.</param>
    /// <param name="ids">Of its instruments.</param>
    /// <param name="initial">The version of the models that decide where the journal names none.</param>
    public EventRecorder(PipelineOptions options, InstrumentIds ids, ModelVersion initial)
    {
        ArgumentNullException.ThrowIfNull(options);
        var writer = new DocumentWriter();
        _run = new RecordedRun(options, ids, initial);
        _checks = new RiskChecks(options, new ViolationFigures(_run.Instruments, options.Limits));
        _decisions = new DecisionDocument(_run, _checks, writer);
        _lives = new LifeDocuments(_run, writer);
        _operations = new OperationDocuments(_run, writer);
        _sentences = new Sentences(_run, _checks);
    }

    /// <summary>The names of the policies' inputs, in their order.</summary>
    public static IReadOnlyList<string> FeatureNames => DecisionDocument.FeatureNames;

    /// <summary>Adds the entries of an event that all stages have handled.</summary>
    /// <param name="e">With what the stages wrote.</param>
    /// <param name="actions">Holds what routing did beside.</param>
    /// <param name="sequence">The event's number in its journal.</param>
    /// <param name="limits">What was in force as the event came; a command may have changed it since.</param>
    /// <param name="entries">Is added to.</param>
    public void Record(
        in PipelineEvent e, ActionLog actions, long sequence, RiskLimits limits, ICollection<AuditEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(actions);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(entries);
        _checks.SetLimits(limits);
        switch (e.Header.Kind)
        {
            case EventKind.TradeQualified when e.Signal.IsRepeated:
                entries.Add(RepeatOf(in e, sequence));
                break;
            case EventKind.TradeQualified:
                entries.Add(DecisionOf(in e, sequence));
                break;
            case EventKind.ExecutionReport:
                AddReport(in e, sequence, entries);
                break;
            case EventKind.Command when e.Payload.Command.Kind != CommandKind.Query:
                entries.Add(CommandOf(in e, sequence));
                break;
            case EventKind.Model when e.Header.InstrumentIndex == 0:
                entries.Add(ModelOf(in e, sequence));
                break;
        }

        for (var i = 0; i < e.Routing.ActionCount; i++)
            AddAction(in e, actions[e.Routing.FirstAction + i], sequence, entries);
        if (e.Verdict.Changes != RiskChanges.None)
            entries.Add(RiskOf(in e, sequence));
    }

    /// <summary>The entry of the configuration that a journal was made with.</summary>
    /// <param name="timeNs">Of its first event.</param>
    /// <param name="before">The configuration of the journal before, as JSON; null: there is none.</param>
    /// <param name="beforeHash">Its hash.</param>
    /// <param name="author">Who changed it and why.</param>
    public AuditEntry ConfigurationOf(long timeNs, string? before, string? beforeHash, ChangeAuthor author)
    {
        var after = System.Text.Encoding.UTF8.GetString(PipelineConfiguration.DecisiveOf(_run.Options));
        var changes = before is null ? [] : ConfigurationChange.Between(before, after);
        var who = author.Who ?? "Nobody has said who";
        var explanation = before is null
            ? $"The journal is of configuration {_run.ConfigurationHash}, the first in this store."
            : changes.Count == 0
                ? $"The journal is of the same configuration as the one before, {_run.ConfigurationHash}."
                : $"{who} changed the configuration{(author.Why is null ? "" : $" ({author.Why})")}: "
                    + string.Join("; ", changes.Select(static one => $"{one.Key} from {one.Before} to {one.After}"))
                    + ".";
        return new AuditEntry
        {
            Sequence = 0,
            TimeUs = timeNs / 1_000,
            Kind = AuditKind.Configuration,
            Outcome = before is null ? "first" : changes.Count == 0 ? "same" : "changed",
            Explanation = explanation,
            Document = _operations.WriteConfiguration(timeNs, changes, beforeHash, author),
        };
    }

    /// <summary>The entry of a failure that ended trading.</summary>
    public AuditEntry FaultOf(in PipelineEvent e, long sequence, string message) => Entry(
        in e, sequence, AuditKind.Fault, 0, "trading_ended", $"Trading ended: {message}",
        _operations.WriteFault(in e, sequence, message));

    private AuditEntry DecisionOf(in PipelineEvent e, long sequence) => Entry(
        in e, sequence, AuditKind.Decision, e.Header.CorrelationId, Words.KeyOf(e.Routing.Outcome),
        _sentences.OfDecision(in e), _decisions.Write(in e, sequence));

    private AuditEntry RepeatOf(in PipelineEvent e, long sequence) => Entry(
        in e, sequence, AuditKind.Repeat, e.Header.CorrelationId, Words.KeyOf(e.Routing.Outcome),
        Sentences.OfRepeat(in e), _lives.WriteRepeat(in e, sequence));

    private AuditEntry CommandOf(in PipelineEvent e, long sequence) => Entry(
        in e, sequence, AuditKind.Command, 0, Words.KeyOf(e.Payload.Command.Kind), _sentences.OfCommand(in e),
        _operations.WriteCommand(in e, sequence, _checks.Limits));

    private AuditEntry ModelOf(in PipelineEvent e, long sequence) => Entry(
        in e, sequence, AuditKind.Model, 0, Words.KeyOf(e.Payload.Command.Kind), Sentences.OfModel(in e),
        _operations.WriteModel(in e, sequence));

    private AuditEntry RiskOf(in PipelineEvent e, long sequence) => Entry(
        in e, sequence, AuditKind.Risk, 0, Words.KeyOf(Words.BitsOf(e.Verdict.Changes).First()),
        Sentences.OfRisk(in e), _operations.WriteRisk(in e, sequence));

    private void AddReport(in PipelineEvent e, long sequence, ICollection<AuditEntry> entries)
    {
        ref readonly var report = ref e.Payload.ExecutionReport;
        if (report.Kind is ExecutionReportKind.VenueLost or ExecutionReportKind.VenueBack)
        {
            entries.Add(Entry(
                in e, sequence, AuditKind.Venue, 0, Words.KeyOf(report.Kind), Sentences.OfVenue(in e),
                _operations.WriteVenue(in e, sequence)));
        }
        else if (report.IsOfOrder)
        {
            entries.Add(Entry(
                in e, sequence, AuditKind.Order, e.Routing.Order.SignalId, Words.KeyOf(e.Routing.Order.Status),
                _sentences.OfReport(in e), _lives.WriteReport(in e, sequence)));
        }
    }

    private void AddAction(
        in PipelineEvent e, in RoutingAction action, long sequence, ICollection<AuditEntry> entries)
    {
        var timeNs = e.Header.TimeNs;
        switch (action.Kind)
        {
            case RoutingActionKind.OrderSent:
                entries.Add(EntryOf(
                    in e, sequence, AuditKind.Order, action.Order.SignalId, "sent", _sentences.OfSent(in action.Order),
                    _lives.WriteSent(in action.Order, timeNs, sequence), action.Order.InstrumentIndex));
                break;
            case RoutingActionKind.ParentEnded:
                entries.Add(EntryOf(
                    in e, sequence, AuditKind.Parent, action.Parent.SignalId, Words.KeyOf(action.Parent.EndReason),
                    _sentences.OfParent(in action.Parent), _lives.WriteParent(in action.Parent, timeNs, sequence),
                    action.Parent.InstrumentIndex));
                break;
            case RoutingActionKind.TradeClosed:
                entries.Add(EntryOf(
                    in e, sequence, AuditKind.Trade, action.Trade.SignalId, Words.KeyOf(action.Trade.ExitReason),
                    _sentences.OfTrade(in action.Trade), _lives.WriteTrade(in action.Trade, sequence),
                    action.Trade.InstrumentIndex));
                break;
        }
    }

    private AuditEntry Entry(
        in PipelineEvent e, long sequence, AuditKind kind, ulong signalId, string outcome, string explanation,
        string document) =>
        EntryOf(in e, sequence, kind, signalId, outcome, explanation, document, e.Header.InstrumentIndex);

    private AuditEntry EntryOf(
        in PipelineEvent e, long sequence, AuditKind kind, ulong signalId, string outcome, string explanation,
        string document, int instrument) => new()
        {
            Sequence = sequence,
            TimeUs = e.Header.TimeNs / 1_000,
            Kind = kind,
            InstrumentId = kind is AuditKind.Model or AuditKind.Venue or AuditKind.Fault ? 0 : _run.Ids[instrument],
            SignalId = signalId,
            Outcome = outcome,
            Explanation = explanation,
            Document = document,
        };
}
