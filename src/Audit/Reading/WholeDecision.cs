using System.Text.Json.Nodes;
using ExecutionPipeline.Audit.Recording;
using ExecutionPipeline.Audit.Records;
using ExecutionPipeline.Audit.Store;

namespace ExecutionPipeline.Audit.Reading;

/// <summary>
/// A decision with its order's whole life in one document, put together from the records that name its signal: what was
/// known and said, what was checked, each step at the venue, how it ended, and all of it in sentences.
/// </summary>
public static class WholeDecision
{
    /// <summary>Those of a filter, in the order of the chain.</summary>
    public static IEnumerable<JsonObject> Read(AuditStore store, RecordFilter filter)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(filter);
        foreach (var decision in store.Read(filter with { Kind = AuditKind.Decision }))
            yield return Of(decision, store);
    }

    /// <summary>A decision's sentences with their times, and those of its order's life.</summary>
    public static IEnumerable<(long TimeUs, string Sentence)> Explain(AuditStore store, ulong signalId)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.Read(new RecordFilter { SignalId = signalId })
            .Select(static record => (record.Entry.TimeUs, record.Entry.Explanation));
    }

    private static JsonObject Of(AuditRecord decision, AuditStore store)
    {
        var whole = JsonNode.Parse(decision.Entry.Document)!.AsObject();
        // A signal that came twice was executed once: the life is that of the decision that has a parent order.
        var hasOrder = whole["routing"]?["parent_id"] is not null;
        var life = hasOrder
            ? store.Read(new RecordFilter { SignalId = decision.Entry.SignalId })
                .Where(record => record.Journal == decision.Journal && IsLife(record.Entry.Kind)).ToList()
            : [];
        var parent = life.Where(static record => record.Entry.Kind == AuditKind.Parent)
            .Select(DocumentOf).FirstOrDefault(static document => TextOf(document["purpose"]) == "entry");
        var trades = life.Where(static record => record.Entry.Kind == AuditKind.Trade).Select(DocumentOf).ToList();

        whole["execution_result"] = ResultOf(decision, hasOrder, parent);
        whole["order_life"] = new JsonArray([.. life.Select(StepOf)]);
        whole["trades_closed"] = new JsonArray([.. trades.Select(static trade => trade.DeepClone())]);
        whole["performance_metrics"] = MetricsOf(decision, whole, life, trades);
        whole["human_explanation"] =
            string.Join(' ', life.Prepend(decision).Select(static record => record.Entry.Explanation));
        whole["record"] = new JsonObject
        {
            ["id"] = decision.Id,
            ["journal"] = decision.Journal,
            ["previous"] = Convert.ToHexStringLower(decision.Previous.Span),
            ["hash"] = Convert.ToHexStringLower(decision.Hash.Span),
        };
        return whole;
    }

    private static bool IsLife(AuditKind kind) => kind is AuditKind.Order or AuditKind.Parent or AuditKind.Trade;

    private static JsonObject DocumentOf(AuditRecord record) => JsonNode.Parse(record.Entry.Document)!.AsObject();

    private static string TextOf(JsonNode? node) => node?.GetValue<string>() ?? "";

    private static JsonObject ResultOf(AuditRecord decision, bool hasOrder, JsonObject? parent)
    {
        var filled = parent?["quantity_filled"]?.GetValue<long>() ?? 0;
        var requested = parent?["quantity_requested"]?.GetValue<long>() ?? 0;
        var status = !hasOrder ? decision.Entry.Outcome
            : parent is null ? "working"
            : filled == requested ? "filled"
            : filled > 0 ? "partial"
            : "not_executed";
        return new JsonObject
        {
            ["status"] = status,
            ["quantity_requested"] = parent?["quantity_requested"]?.DeepClone(),
            ["quantity_filled"] = parent?["quantity_filled"]?.DeepClone(),
            ["execution_price"] = parent?["execution_price"]?.DeepClone(),
            ["execution_time_ms"] = parent?["execution_time_ms"]?.DeepClone(),
            ["slippage_bps"] = parent?["slippage_bps"]?.DeepClone(),
            ["end_reason"] = parent?["end_reason"]?.DeepClone(),
        };
    }

    private static JsonObject StepOf(AuditRecord record) => new()
    {
        ["id"] = record.Id,
        ["timestamp"] = Figures.Time(record.Entry.TimeUs),
        ["kind"] = RecordChain.NameOf(record.Entry.Kind),
        ["outcome"] = record.Entry.Outcome,
        ["explanation"] = record.Entry.Explanation,
        ["document"] = DocumentOf(record),
    };

    /// <summary>Times that the journal knows; those of the single stages it does not.</summary>
    private static JsonObject MetricsOf(
        AuditRecord decision, JsonObject whole, List<AuditRecord> life, List<JsonObject> trades)
    {
        var latency = whole["latency_us"]!.DeepClone().AsObject();
        whole.Remove("latency_us");
        latency["decision_to_first_report"] = SinceDecision(static record => record.Outcome != "sent");
        latency["decision_to_first_execution"] =
            SinceDecision(static record => record.Outcome is "filled" or "partially_filled");
        return new JsonObject
        {
            ["latency_breakdown_us"] = latency,
            ["quality_metrics"] = new JsonObject
            {
                ["fill_rate"] = trades.FirstOrDefault()?["fill_rate"]?.DeepClone(),
                ["execution_quality"] = trades.FirstOrDefault()?["execution_quality"]?.DeepClone(),
                ["pnl_net"] = trades.Count == 0
                    ? null
                    : JsonValue.Create(trades.Sum(static trade => trade["pnl_net"]!.GetValue<decimal>())),
            },
        };

        JsonValue? SinceDecision(Func<AuditEntry, bool> isIt) => life
            .Where(record => record.Entry.Kind == AuditKind.Order && isIt(record.Entry))
            .Select(record => JsonValue.Create(record.Entry.TimeUs - decision.Entry.TimeUs)).FirstOrDefault();
    }
}
