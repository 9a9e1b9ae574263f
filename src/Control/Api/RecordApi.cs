using System.Globalization;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Messages.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ExecutionPipeline.Control.Api;

/// <summary>
/// Positions, orders, trades and executions, newest first. A page has "limit" items and says in "next" what "before"
/// of the one after it is; any field of the message is a filter, by the value that the answer shows, or by several with
/// commas between them.
/// </summary>
internal sealed class RecordApi(PipelineRecords records, Commander commander, PipelineLink link)
{
    private const int MostItems = 1_000;
    private const int UsualItems = 100;

    public void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "orders", records.Orders, OrderStatusChangeLayout.TemplateId, "Orders as they stand.");
        Map(routes, "executions", records.Executions, OrderStatusChangeLayout.TemplateId, "Executions.");
        Map(routes, "trades", records.Trades, TradeClosedLayout.TemplateId, "Trades that were closed.");
        Map(routes, "decisions", records.Decisions, DecisionLayout.TemplateId, "Decisions and their inputs.");
        Map(routes, "positions", records.Positions, PositionUpdateLayout.TemplateId, "Position by instrument.");
        Map(routes, "errors", records.Refusals, ExecutionErrorLayout.TemplateId, "What was refused, and why.");
        Map(routes, "risk/states", records.RiskStates, RiskStateLayout.TemplateId, "Switch and breakers.");
        Map(routes, "parents/ended", records.ParentsEnded, ParentOrderEndedLayout.TemplateId, "Ended parent orders.");
        Map(routes, "actions", records.Actions, CommandResultLayout.TemplateId, "Commands, and changes of the switch.");
        routes.MapGet("/orders/{id}", Order).RequireAuthorization(Access.Look).WithSummary("An order as it stands.");
        routes.MapGet("/parents", ParentsAsync).RequireAuthorization(Access.Look)
            .WithSummary("Parent orders that work, asked for through the ring.");
    }

    private static void Map(
        IEndpointRouteBuilder routes, string path, History history, int template, string summary) =>
        routes.MapGet($"/{path}", (HttpContext context) => Page(context.Request, history, template))
            .RequireAuthorization(Access.Look).WithSummary(summary);

    private static IResult Page(HttpRequest request, History history, int template)
    {
        var (limit, before) = (UsualItems, (long?)null);
        List<(string Name, string[] Values)> filters = [];
        var layout = MessageSchema.Own.Of(template)!;
        foreach (var (name, value) in request.Query)
        {
            if (name == "limit")
                limit = (int)Whole(name, value.ToString(), MostItems);
            else if (name == "before")
                before = Whole(name, value.ToString(), long.MaxValue);
            else if (layout.Find(name) is not null)
                filters.Add((name, value.ToString().Split(',')));
            else
                throw new BadFieldException(name, $"{layout.Name} has no such field");
        }

        return MessageReply.Page(history.Page(
            message => filters.TrueForAll(filter => filter.Values.Contains(
                MessageJson.TextOf(message, filter.Name), StringComparer.OrdinalIgnoreCase)),
            before, limit));
    }

    private IResult Order(string id)
    {
        return records.Orders.Find(RouteId.Of(id)) is { } order
            ? MessageReply.One(order)
            : Problem.Of(StatusCodes.Status404NotFound, "id", $"no order {id} is remembered");
    }

    private async Task<IResult> ParentsAsync()
    {
        var reply = await commander.ListAsync().ConfigureAwait(false);
        return reply.Answer is { } answer
            ? MessageReply.Object(StatusCodes.Status200OK, writer =>
            {
                MessageReply.WriteArray(writer, "items", answer.Parents);
                MessageReply.WriteArray(writer, "instruments", answer.Results);
            })
            : Problem.Unreachable(link.Problem);
    }

    private static long Whole(string name, string text, long most) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= most
            ? number
            : throw new BadFieldException(name, $"it must be a whole number from 1 to {most}");
}
