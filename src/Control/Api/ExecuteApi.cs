using System.Text.Json;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Messages.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ExecutionPipeline.Control.Api;

/// <summary>
/// POST /execute: a signal, through the ring as any other. One with an id that was decided already is not sent again.
/// What became of it is told by the end of its parent order, since its first order may be one of several. The portfolio
/// that a client tells of is not used: the pipeline has its own.
/// </summary>
internal sealed class ExecuteApi(
    Commander commander, PipelineRecords records, CounterWatch counters, PipelineLink link)
{
    private const string Accepted = "accepted";
    private const string Ended = "ended";
    private const double MostPrice = 1e9;
    private const double MostRatio = 1e6;
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);
    private static readonly string[] Actions = ["hold", "long", "short"];

    public void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/execute", (Delegate)ExecuteAsync).RequireAuthorization(Access.Trade)
        .WithSummary(
            "Gives the pipeline a signal; answers with the decision and, where all its orders have ended in time, the "
            + "result. The status is executed, rejected, hold, accepted while orders work (202), or ended where they "
            + "have ended and this control plane has not heard how.");

    private async Task<IResult> ExecuteAsync(HttpContext context)
    {
        var signal = Read(await RequestBody.ReadAsync(context.Request).ConfigureAwait(false));
        var kept = records.Decisions.Find(signal.Id);
        // Another signal's parent order may have its parent's id by now.
        if (kept is not null && records.IsOfBefore(kept))
            return Answer(kept.Message, hasEnded: true, end: null, latency: null);

        var decided = kept?.Message;
        var isFirst = decided is null;
        byte[]? latency = null;
        if (decided is null)
        {
            var reply = await commander.SendSignalAsync(signal.Id, signal.Encode).ConfigureAwait(false);
            if (!reply.IsSent)
                return Problem.Unreachable(link.Problem);
            if (reply.Answer?.Refusal is { } refusal)
                return Refusals.Of(refusal, TradeQualifiedLayout.TemplateId);

            (decided, latency) = (reply.Answer?.Decision, reply.Answer?.Latency);
        }

        if (decided is null)
            return Undecided(context, signal.Id);

        var (hasEnded, end) = await AwaitEndAsync(decided, isFirst, context.RequestAborted).ConfigureAwait(false);
        return Answer(decided, hasEnded, end, latency);
    }

    /// <summary>
    /// Whether the parent order has ended, and the word of its end; null: there is no parent, it still works after a
    /// while, or its end was not heard. One whose first order leaves later is not waited for.
    /// </summary>
    private async Task<(bool HasEnded, byte[]? End)> AwaitEndAsync(
        byte[] decided, bool isFirst, CancellationToken cancel)
    {
        var decision = PipelineMessages.Decision(decided);
        if (!HasParent(decision.Outcome))
            return default;

        var (signal, parent, instrument) = (decision.SignalId, decision.ParentId, decision.InstrumentId);
        var patience = decision.Outcome == RoutingOutcome.OrderSent ? LongestWait : TimeSpan.Zero;
        // What was decided just now is heard of when it ends.
        var mayHaveEnded = !isFirst || decision.IsRepeat;
        for (var waited = TimeSpan.Zero; ; waited += LookInterval)
        {
            if (EndOf(signal, parent) is { } end)
                return (true, end);
            if (waited >= patience)
                break;

            await Task.Delay(LookInterval, cancel).ConfigureAwait(false);
        }

        var hasEnded = mayHaveEnded && (records.EndedUnheard.Find(signal) is not null
            || await HasEndedAsync(parent, instrument).ConfigureAwait(false));
        if (hasEnded)
            records.EndedUnheard.Put(signal, records.Events.Last, decided);
        return (hasEnded, EndOf(signal, parent));
    }

    private byte[]? EndOf(ulong signal, ulong parent) =>
        records.ParentsEnded.Find(parent)?.Message is { } end && PipelineMessages.ParentEnd(end).SignalId == signal
            ? end
            : null;

    /// <summary>Whether the ring no longer lists a parent order, which may be younger than the pages' list.</summary>
    private async Task<bool> HasEndedAsync(ulong parent, uint instrument)
    {
        return IsUnlisted(await commander.ListAsync().ConfigureAwait(false))
            && IsUnlisted(await commander.ListNowAsync().ConfigureAwait(false));

        bool IsUnlisted(RingReply reply) => reply.Answer?.HasEnded(parent, instrument) == true;
    }

    /// <summary>Whether a parent order was opened, which says how it ends: every order of a decision has one.</summary>
    private static bool HasParent(RoutingOutcome outcome) =>
        outcome is RoutingOutcome.OrderSent or RoutingOutcome.Scheduled;

    private static IResult Undecided(HttpContext context, ulong signalId)
    {
        var look = $"/decisions?signal_id={signalId}";
        context.Response.Headers.Location = look;
        return MessageReply.Object(StatusCodes.Status202Accepted, writer =>
        {
            writer.WriteString("status", Accepted);
            writer.WriteString("execution_id", $"{signalId}");
            writer.WriteString("look", look);
        });
    }

    private static IResult Answer(byte[] decided, bool hasEnded, byte[]? end, byte[]? latency)
    {
        var decision = PipelineMessages.Decision(decided);
        var (signalId, look) = (decision.SignalId, HasParent(decision.Outcome) ? "parents/ended" : "decisions");
        var status = StatusOf(decision.Outcome, hasEnded, end);
        return MessageReply.Object(
            status == Accepted ? StatusCodes.Status202Accepted : StatusCodes.Status200OK,
            writer =>
            {
                writer.WriteString("status", status);
                writer.WriteString("execution_id", $"{signalId}");
                writer.WriteString("look", $"/{look}?signal_id={signalId}");
                WriteDecision(writer, decided);
                writer.WritePropertyName("execution_result");
                WriteResult(writer, end);
                writer.WritePropertyName("latency_breakdown");
                WriteLatency(writer, latency);
            });
    }

    private static string StatusOf(RoutingOutcome outcome, bool hasEnded, byte[]? end)
    {
        if (end is not null)
            return PipelineMessages.ParentEnd(end).Executed > 0 ? "executed" : "rejected";
        if (HasParent(outcome))
            return hasEnded ? Ended : Accepted;

        return outcome == RoutingOutcome.Hold ? "hold" : "rejected";
    }

    private static void WriteDecision(Utf8JsonWriter writer, byte[] decided)
    {
        var decision = PipelineMessages.Decision(decided);
        writer.WriteString("outcome", Json.NameOf(decision.Outcome));
        writer.WriteStartObject("execution_plan");
        writer.WriteNumber("position_size", decision.ApprovedQuantity);
        writer.WriteString("execution_strategy", StrategyNames.NameOf(decision.Strategy));
        WritePrice(writer, "stop_loss_level", decision.StopPriceE9);
        WritePrice(writer, "take_profit_level", decision.TargetPriceE9);
        writer.WriteEndObject();
        WriteAgents(writer, decision);
        MessageReply.WriteArray(writer, "decisions", [decided]);
    }

    /// <summary>Probabilities of the choices, and the two parameters; null where rules decided.</summary>
    private static void WriteAgents(Utf8JsonWriter writer, DecisionDecoder decision)
    {
        const int sizes = 5;
        const int strategies = 4;
        writer.WriteStartObject("agent_decisions");
        Span<float> values = stackalloc float[sizes];
        for (var i = 0; i < sizes; i++)
            values[i] = decision.GetSizeProbability(i);
        WriteNumbers(writer, "position_sizing", values);
        for (var i = 0; i < strategies; i++)
            values[i] = decision.GetStrategyProbability(i);
        WriteNumbers(writer, "execution_timing", values[..strategies]);
        WriteNumbers(writer, "risk_management", [decision.StopLossAtr, decision.TakeProfitAtr]);
        writer.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
            {
                writer.WriteNull(name);
                return;
            }
        }

        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }

    private static void WriteResult(Utf8JsonWriter writer, byte[]? message)
    {
        if (message is null)
        {
            writer.WriteNullValue();
            return;
        }

        const double basisPoints = 10_000;
        var parent = PipelineMessages.ParentEnd(message);
        writer.WriteStartObject();
        writer.WriteNumber("quantity_filled", parent.Executed);
        WritePrice(writer, "avg_fill_price", parent.AveragePriceE9);
        if (parent.Executed > 0 && parent.ArrivalPriceE9 > 0)
        {
            var sign = parent.Side == Side.Buy ? 1 : -1;
            writer.WriteNumber(
                "slippage_bps",
                sign * ((double)parent.AveragePriceE9 - parent.ArrivalPriceE9) / parent.ArrivalPriceE9 * basisPoints);
        }
        else
        {
            writer.WriteNull("slippage_bps");
        }

        writer.WriteNumber("execution_time_ms", (parent.TimeNs - parent.StartTimeNs) / 1e6);
        writer.WriteEndObject();
    }

    /// <summary>Null where the signal was decided before: the times of the first time are not kept.</summary>
    private static void WriteLatency(Utf8JsonWriter writer, byte[]? message)
    {
        if (message is null || !SignalLatencyDecoder.TryWrap(message, out var latency))
        {
            writer.WriteNullValue();
            return;
        }

        const double nanosPerMicro = 1e3;
        writer.WriteStartObject();
        foreach (var (stage, ns) in ((string, long)[])
            [
                ("context_building", latency.ContextNs), ("agent_inference", latency.InferenceNs),
                ("order_validation", latency.RiskNs), ("order_execution", latency.RoutingNs),
                ("total_pipeline", latency.EndToEndNs), ("sender", latency.SenderNs),
                ("transport", latency.TransportNs), ("ring", latency.RingNs),
            ])
            writer.WriteNumber($"{stage}_us", ns / nanosPerMicro);
        writer.WriteEndObject();
    }

    private static void WritePrice(Utf8JsonWriter writer, string name, long priceE9)
    {
        if (priceE9 == WireNull.Int64)
            writer.WriteNull(name);
        else
            writer.WriteNumber(name, priceE9 / 1e9m);
    }

    private Signal Read(RequestBody body)
    {
        var decision = body.Object("decision") ?? throw body.Missing("decision");
        var market = body.Object("market_context") ?? throw body.Missing("market_context");
        var metadata = body.Object("metadata") ?? throw body.Missing("metadata");
        var action = decision.Text("action") ?? throw decision.Missing("action");
        var confidence = decision.Number("confidence", 0, 1) ?? throw decision.Missing("confidence");
        var signal = new Signal
        {
            Id = metadata.Whole("signal_id", 1, ulong.MaxValue - 1) ?? throw metadata.Missing("signal_id"),
            Instrument = (uint)(metadata.Whole("instrument", 1, uint.MaxValue - 1) ?? OnlyInstrument()),
            Action = Array.IndexOf(Actions, action) is var index and >= 0
                ? (TradeAction)index
                : throw new BadFieldException("decision.action", "it must be hold, long or short"),
            Confidence = confidence,
            Urgency = decision.Number("urgency_factor", 0, 1) ?? throw decision.Missing("urgency_factor"),
            Synergy = decision.Number("synergy_strength", 0, 1) ?? confidence,
            Price = market.Number("current_price", 1e-9, MostPrice) ?? throw market.Missing("current_price"),
            Spread = market.Number("bid_ask_spread", 0, MostPrice) ?? double.NaN,
            VolumeIntensity = market.Number("volume_intensity", 0, MostRatio) ?? double.NaN,
            Volatility = market.Number("volatility", 0, MostRatio) ?? double.NaN,
        };
        metadata.Skip("tactical_agent_id");
        body.Skip("portfolio_state");
        foreach (var part in (RequestBody[])[decision, market, metadata, body])
            part.MustBeRead();
        return signal;
    }

    private ulong OnlyInstrument()
    {
        var known = counters.Last.Reading?.Instruments.ToList();
        return known is { Count: 1 }
            ? (ulong)known[0]
            : throw new BadFieldException("metadata.instrument", "it must be given where there are several");
    }

    private sealed record Signal
    {
        public required ulong Id { get; init; }
        public required uint Instrument { get; init; }
        public required TradeAction Action { get; init; }
        public required double Confidence { get; init; }
        public required double Urgency { get; init; }
        public required double Synergy { get; init; }
        public required double Price { get; init; }
        public required double Spread { get; init; }
        public required double VolumeIntensity { get; init; }
        public required double Volatility { get; init; }

        public void Encode(Span<byte> bytes)
        {
            var now = Commander.NowNs();
            _ = new TradeQualifiedEncoder(bytes)
            {
                SignalId = Id,
                InstrumentId = Instrument,
                Action = Action,
                Confidence = Confidence,
                SynergyStrength = Synergy,
                Urgency = Urgency,
                Price = Price,
                BidAskSpread = Spread,
                VolumeIntensity = VolumeIntensity,
                Volatility = Volatility,
                SignalTimeNs = now,
                IntendedSendTimeNs = now,
                SendTimeNs = now,
                IsLatencyWanted = true,
            };
        }
    }
}
