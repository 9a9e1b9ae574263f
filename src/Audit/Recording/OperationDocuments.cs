using System.Text.Json;
using System.Text.Json.Nodes;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Audit.Recording;

/// <summary>What operators and the pipeline itself did beside trading, with who and why.</summary>
internal sealed class OperationDocuments(RecordedRun run, DocumentWriter writer)
{
    /// <summary>A command and what came of it.</summary>
    /// <param name="e">With what the stages wrote.</param>
    /// <param name="sequence">Its number in its journal.</param>
    /// <param name="before">The limits that were in force as it came.</param>
    public string WriteCommand(in PipelineEvent e, long sequence, RiskLimits before)
    {
        ref readonly var command = ref e.Payload.Command;
        BeginCommand(in e, sequence);
        if (command.Kind == CommandKind.SetLimit)
        {
            writer.Word("limit", command.Limit);
            writer.Number("limit_value", command.LimitValue);
            writer.Number("limit_value_before", ReloadableLimits.Of(before, command.Limit));
        }

        writer.Id("parent_id", command.ParentId);
        writer.Whole("quantity", command.Quantity);
        writer.Word("result", e.Routing.Outcome);
        writer.Whole("cancels_sent", e.Routing.CancelsSent);
        writer.Whole("approved_quantity", e.Verdict.ApprovedQuantity);
        writer.Flag("kill_switch", e.Verdict.KillSwitch != 0);
        writer.Flag("entries_stopped", e.Verdict.EntriesStopped != 0);
        writer.Whole("position", e.Portfolio.Position);
        writer.Whole("working_orders", e.Routing.WorkingOrders);
        return writer.End();
    }

    /// <summary>A command on the models.</summary>
    public string WriteModel(in PipelineEvent e, long sequence)
    {
        ref readonly var command = ref e.Payload.Command;
        BeginCommand(in e, sequence);
        var version = new ModelVersion(command.ModelVersion);
        writer.Text("model_version", version == ModelVersion.Rules ? null : version.ToString());
        writer.Whole("canary_share_bps", command.CanaryShareBps);
        return writer.End();
    }

    /// <summary>What an event changed in the state of risk.</summary>
    public string WriteRisk(in PipelineEvent e, long sequence)
    {
        ref readonly var verdict = ref e.Verdict;
        writer.Begin();
        writer.Time("timestamp", e.Header.TimeNs);
        writer.Whole("sequence", sequence);
        writer.Word("caused_by", e.Header.Kind);
        writer.Id("correlation_id", e.Header.CorrelationId);
        writer.BeginList("changes");
        foreach (var change in Words.BitsOf(verdict.Changes))
            writer.Item(Words.KeyOf(change));
        writer.EndList();
        writer.Flag("kill_switch", verdict.KillSwitch != 0);
        writer.Word("kill_cause", verdict.KillCause);
        writer.Word("volatility_regime", verdict.Volatility);
        writer.Word("market_regime", verdict.Regime);
        writer.Flag("entries_stopped", verdict.EntriesStopped != 0);
        writer.BeginObject("breakers");
        foreach (var breaker in Enum.GetValues<BreakerKind>())
            writer.Word(Words.KeyOf(breaker), verdict.BreakerStateOf(breaker));
        writer.EndObject();
        writer.BeginList("responses");
        foreach (var response in Words.BitsOf(verdict.Responses))
            writer.Item(Words.KeyOf(response));
        writer.EndList();
        return writer.End();
    }

    /// <summary>A venue that was lost or is back.</summary>
    public string WriteVenue(in PipelineEvent e, long sequence)
    {
        writer.Begin();
        writer.Time("timestamp", e.Header.TimeNs);
        writer.Whole("sequence", sequence);
        writer.Whole("venue", e.Payload.ExecutionReport.Venue);
        writer.Word("kind", e.Payload.ExecutionReport.Kind);
        return writer.End();
    }

    /// <summary>A failure that ended trading.</summary>
    public string WriteFault(in PipelineEvent e, long sequence, string message)
    {
        writer.Begin();
        writer.Time("timestamp", e.Header.TimeNs);
        writer.Whole("sequence", sequence);
        writer.Word("event", e.Header.Kind);
        writer.Id("correlation_id", e.Header.CorrelationId);
        writer.Text("message", message);
        return writer.End();
    }

    /// <summary>The configuration of a run, and what it changes of the one before.</summary>
    /// <param name="timeNs">Of the first event.</param>
    /// <param name="changes">Each key with what it was and is, as JSON.</param>
    /// <param name="before">The hash of the one before; null: there is none.</param>
    /// <param name="author">Who and why, as far as it is known.</param>
    public string WriteConfiguration(
        long timeNs, IReadOnlyList<ConfigurationChange> changes, string? before, ChangeAuthor author)
    {
        writer.Begin();
        writer.Time("timestamp", timeNs);
        writer.Text("configuration_hash", run.ConfigurationHash);
        writer.Text("previous_configuration_hash", before);
        writer.Text("changed_by", author.Who);
        writer.Text("reason", author.Why);
        writer.BeginList("changes");
        foreach (var change in changes)
        {
            writer.BeginObject();
            writer.Text("key", change.Key);
            writer.Raw("before", change.Before);
            writer.Raw("after", change.After);
            writer.EndObject();
        }

        writer.EndList();
        return writer.End();
    }

    private void BeginCommand(in PipelineEvent e, long sequence)
    {
        ref readonly var command = ref e.Payload.Command;
        writer.Begin();
        writer.Time("timestamp", e.Header.TimeNs);
        writer.Whole("sequence", sequence);
        writer.Whole("instrument_id", run.Ids[e.Header.InstrumentIndex]);
        writer.Text("symbol", run.SymbolOf(e.Header.InstrumentIndex));
        writer.Id("command_id", command.CommandId);
        writer.Word("command", command.Kind);
        writer.Id("operator_id", command.OperatorId);
        writer.Text("given_by", CommandWords.GiverOf(in command));
        writer.Whole("reason", command.Reason);
        writer.Time("sent_time", command.SendTimeNs);
    }
}

/// <summary>Who changed a configuration, and why; null where it is not said.</summary>
public readonly record struct ChangeAuthor(string? Who, string? Why);

/// <summary>A key of the configuration whose value is another one now; both as JSON.</summary>
internal readonly record struct ConfigurationChange(string Key, string Before, string After)
{
    /// <summary>The keys in which two configurations differ; lists count as one value.</summary>
    public static IReadOnlyList<ConfigurationChange> Between(string before, string after)
    {
        var changes = new List<ConfigurationChange>();
        Add(changes, "", JsonNode.Parse(before), JsonNode.Parse(after));
        return changes;
    }

    private static void Add(List<ConfigurationChange> changes, string key, JsonNode? before, JsonNode? after)
    {
        if (before is JsonObject lower && after is JsonObject upper)
        {
            foreach (var name in lower.Select(static pair => pair.Key).Union(upper.Select(static pair => pair.Key)))
                Add(changes, key.Length == 0 ? name : $"{key}.{name}", lower[name], upper[name]);
        }
        else if (!JsonNode.DeepEquals(before, after))
        {
            changes.Add(new ConfigurationChange(key, TextOf(before), TextOf(after)));
        }
    }

    private static string TextOf(JsonNode? node) => node?.ToJsonString(JsonSerializerOptions.Default) ?? "null";
}
