using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Messages.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace ExecutionPipeline.Control.Api;

/// <summary>
/// The desk's commands. Each goes through the ring as an event, and is answered when the ring has done it, with what
/// changed.
/// </summary>
internal sealed class CommandApi(
    Commander commander, PipelineRecords records, PipelineLink link, SecondPerson second, ControlOptions options,
    ILogger<CommandApi> logger)
{
    private static readonly (string Path, CommandKind Kind, string Policy, string Summary)[] Commands =
    [
        ("kill", CommandKind.Kill, Access.Stop,
            "Latches the kill switch and cancels the orders that add risk; stops and targets stay."),
        ("resume", CommandKind.Resume, Access.Release, "Releases the kill switch."),
        ("cancel-all", CommandKind.CancelAll, Access.Stop,
            "Ends the parent orders and cancels what works of them; stops and targets stay."),
        ("close-all", CommandKind.CloseAll, Access.Stop,
            "Cancels every working order, stops and targets too, and closes positions at market."),
        ("stop-entries", CommandKind.StopEntries, Access.Stop, "Takes no order that adds risk; exits go on."),
        ("resume-entries", CommandKind.ResumeEntries, Access.Release, "Takes orders that add risk again."),
    ];

    private static readonly (string Path, CommandKind Kind, string Policy, string Summary)[] ParentCommands =
    [
        ("pause", CommandKind.PauseOrder, Access.Stop, "Sends nothing new for a parent order."),
        ("resume", CommandKind.ResumeOrder, Access.Trade, "Lets a paused parent order go on."),
        ("cancel", CommandKind.CancelOrder, Access.Stop, "Cancels a parent order."),
    ];

    private static readonly TimeSpan SettleInterval = TimeSpan.FromMilliseconds(50);

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (path, kind, policy, summary) in Commands)
        {
            routes.MapPost($"/commands/{path}", (Delegate)((HttpContext context) => RunAsync(context, kind, path)))
                .RequireAuthorization(policy).WithSummary(summary);
        }

        foreach (var (path, kind, policy, summary) in ParentCommands)
        {
            routes.MapPost(
                $"/parents/{{id}}/{path}",
                (Delegate)((HttpContext context, string id) => RunOnParentAsync(context, kind, path, id)))
                .RequireAuthorization(policy).WithSummary(summary);
        }

        routes.MapPost("/orders/{id}/cancel", CancelOrderAsync).RequireAuthorization(Access.Stop)
            .WithSummary("Cancels the parent order that an order is of.");
        routes.MapPost("/commands/flatten", (Delegate)FlattenAsync).RequireAuthorization(Access.Stop)
            .WithSummary("Stops entries, cancels, closes, and waits until nothing is held or under way.");
        routes.MapGet("/commands/{id}", Find).RequireAuthorization(Access.Look)
            .WithSummary("What the ring answered to a command.");
    }

    private async Task<IResult> RunAsync(HttpContext context, CommandKind kind, string name)
    {
        var command = await ReadAsync(context, kind).ConfigureAwait(false);
        if (kind == CommandKind.Resume && options.ResumeByTwo && AskForSecond(context, name, command) is { } asked)
            return asked;

        return await AnswerAsync(context, name, command).ConfigureAwait(false);
    }

    /// <summary>
    /// Notes the first of two persons who ask. Returns the answer to that one; null: this is the second.
    /// </summary>
    private IResult? AskForSecond(HttpContext context, string name, RingCommand command)
    {
        var (verdict, ask) = second.Take(
            command.Instrument is { } one ? $"{name} {one}" : name, context.User.Identity?.Name ?? "",
            NanoClock.UtcNow, records.Events.Last, IsKilledSince);
        if (verdict == SecondPersonVerdict.Confirmed)
            return null;

        var until = MessageJson.TimeOf(ask.Until + NanoClock.WallAhead);
        if (verdict == SecondPersonVerdict.SamePerson)
        {
            return Problem.Of(
                StatusCodes.Status409Conflict, "person",
                $"{ask.Who} has asked already; another person must ask for the same before {until}");
        }

        Tell(context, name, $"asked; another person must ask for the same before {until}");
        return MessageReply.Object(StatusCodes.Status202Accepted, writer =>
        {
            writer.WriteString("command", name);
            writer.WriteBoolean("done", false);
            writer.WriteString("asked_by", ask.Who);
            writer.WriteString("until", until);
        });
    }

    /// <summary>Whether trading was stopped since somebody asked for its release, who did not know of that.</summary>
    private bool IsKilledSince(FirstAsk ask) => records.LastKill > ask.After;

    private async Task<IResult> RunOnParentAsync(HttpContext context, CommandKind kind, string name, string id)
    {
        var command = await ReadAsync(context, kind).ConfigureAwait(false);
        return await AnswerAsync(context, $"{name} parent {RouteId.Of(id)}", command with { ParentId = RouteId.Of(id) })
            .ConfigureAwait(false);
    }

    private async Task<IResult> CancelOrderAsync(HttpContext context, string id)
    {
        const int parentBits = 24;
        var order = RouteId.Of(id);
        var command = await ReadAsync(context, CommandKind.CancelOrder).ConfigureAwait(false);
        // The pages' list can be older than the order.
        var listed = await commander.ListNowAsync().ConfigureAwait(false);
        if (listed.Answer is null)
            return Problem.Unreachable(link.Problem);

        // The high 24 bits of an order's id are the low ones of its parent's.
        var parents = listed.Answer.Parents.Select(ParentIdOf)
            .Where(parent => (parent & ((1UL << parentBits) - 1)) == order >> (64 - parentBits)).ToList();
        if (parents.Count == 0)
            return Problem.Of(StatusCodes.Status404NotFound, "id", $"no order {order} works");

        return await AnswerAsync(context, $"cancel order {order}", command with { ParentId = parents[0] })
            .ConfigureAwait(false);

        static ulong ParentIdOf(byte[] message) => PipelineMessages.Parent(message).ParentId;
    }

    private async Task<IResult> FlattenAsync(HttpContext context)
    {
        var stop = await ReadAsync(context, CommandKind.StopEntries).ConfigureAwait(false);
        var stopped = await commander.SendAsync(stop).ConfigureAwait(false);
        // Where the ring has not answered in time it stops entries later, and closes behind that.
        if (!stopped.IsSent || stopped.Answer?.Refusal is not null)
            return Reply(context, "flatten", stopped);

        var closed = await commander.SendAsync(stop with { Kind = CommandKind.CloseAll }).ConfigureAwait(false);
        if (closed.Answer is not { Refusal: null } answer)
            return Reply(context, "flatten", closed);

        // Noted before the wait: it is done, whether the client stays to hear of it or not.
        CallNote.Of(context).CommandId = closed.Id;
        Tell(context, "flatten", "closing");
        var query = new RingCommand(CommandKind.Query, 0, 0) { Instrument = stop.Instrument };
        var until = NanoClock.UtcNow + 2 * SettleInterval * 50;
        List<byte[]> now;
        bool isFlat;
        do
        {
            await Task.Delay(SettleInterval, context.RequestAborted).ConfigureAwait(false);
            now = (await commander.SendAsync(query).ConfigureAwait(false)).Answer?.Results ?? answer.Results;
            // A query that was refused has no results, and says nothing.
            isFlat = now.Count > 0 && now.TrueForAll(static result => PipelineMessages.Result(result) is
            { Position: 0, WorkingOrders: 0 });
        }
        while (!isFlat && NanoClock.UtcNow < until);

        Tell(context, "flatten", isFlat ? "flat" : "not flat yet");
        return MessageReply.Object(
            isFlat ? StatusCodes.Status200OK : StatusCodes.Status202Accepted,
            writer =>
            {
                writer.WriteString("command", "flatten");
                writer.WriteBoolean("flat", isFlat);
                MessageReply.WriteArray(writer, "results", now);
            });
    }

    private async Task<IResult> AnswerAsync(HttpContext context, string name, RingCommand command) =>
        Reply(context, name, await commander.SendAsync(command).ConfigureAwait(false));

    private IResult Reply(HttpContext context, string name, RingReply reply) =>
        CommandReply.Of(context, name, reply, link, logger);

    private IResult Find(string id)
    {
        var command = $"{RouteId.Of(id)}";
        var page = records.Actions.Page(
            message => PipelineMessages.IsResult(message) && MessageJson.TextOf(message, "command_id") == command,
            null, 64);
        return page.Items.Count == 0
            ? Problem.Of(StatusCodes.Status404NotFound, "id", $"the ring has not answered a command {command}")
            : MessageReply.Page(page);
    }

    private void Tell(HttpContext context, string name, string outcome) =>
        CommandReply.Tell(context, name, outcome, logger);

    private static async Task<RingCommand> ReadAsync(HttpContext context, CommandKind kind)
    {
        var body = await RequestBody.ReadAsync(context.Request).ConfigureAwait(false);
        var reason = body.Whole("reason", 1, int.MaxValue) ?? throw body.Missing("reason");
        var instrument = (uint?)body.Whole("instrument", 1, uint.MaxValue - 1);
        body.MustBeRead();
        // The number in the audit trail is that of whose key it is: nobody can give another's.
        return new RingCommand(kind, (int)reason, Caller.OperatorOf(context.User))
        {
            Instrument = instrument,
        };
    }
}
