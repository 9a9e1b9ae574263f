using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Messages.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ExecutionPipeline.Control.Api;

/// <summary>What the ring made of a command, as the answer to whoever asked, for the audit and for the log.</summary>
internal static class CommandReply
{
    /// <param name="context">The request.</param>
    /// <param name="name">What was asked for.</param>
    /// <param name="reply">What came of it.</param>
    /// <param name="link">Knows why the pipeline is not reached.</param>
    /// <param name="logger">Is told who asked for what.</param>
    /// <param name="version">Of the models that it was for; empty: of those there are; null: it was for none.</param>
    public static IResult Of(
        HttpContext context, string name, RingReply reply, PipelineLink link, ILogger logger,
        string? version = null)
    {
        var told = string.IsNullOrEmpty(version) ? name : $"{name} {version}";
        if (!reply.IsSent)
        {
            Tell(context, told, "not sent", logger);
            return Problem.Unreachable(link.Problem);
        }

        if (reply.Answer?.Refusal is { } refusal)
        {
            Tell(context, told, "refused", logger);
            return Refusals.Of(refusal, CommandLayout.TemplateId);
        }

        CallNote.Of(context).CommandId = reply.Id;
        if (reply.Answer is { } answer && Unchanged(answer) is { } why)
        {
            Tell(context, told, "nothing changed", logger);
            return Problem.Of(StatusCodes.Status409Conflict, "command", why);
        }

        Tell(context, told, reply.Answer is null ? "not answered yet" : "done", logger);
        var look = $"/commands/{reply.Id}";
        if (reply.Answer is null)
            context.Response.Headers.Location = look;
        return MessageReply.Object(
            reply.Answer is null ? StatusCodes.Status202Accepted : StatusCodes.Status200OK,
            writer =>
            {
                writer.WriteString("command", name);
                writer.WriteString("command_id", $"{reply.Id}");
                writer.WriteBoolean("done", reply.Answer is not null);
                writer.WriteString("look", look);
                if (version is not null)
                    writer.WriteString("version", version.Length > 0 ? version : null);
                MessageReply.WriteArray(writer, "results", reply.Answer?.Results ?? []);
            });
    }

    /// <summary>Why a command that the ring took has not done what it was for; null: it has.</summary>
    private static string? Unchanged(RingAnswer answer)
    {
        var results = answer.Results;
        if (results.Count == 0)
            return null;

        return PipelineMessages.Result(results[0]).Kind switch
        {
            CommandKind.Resume when results.TrueForAll(IsLatched) =>
                "the kill switch stays latched: a kill was sent meanwhile",
            CommandKind.PauseOrder or CommandKind.ResumeOrder or CommandKind.CancelOrder
                when !results.Exists(HasChangedAnOrder) =>
                "nothing to do: no such parent order works, or it is so already",
            _ => null,
        };

        static bool IsLatched(byte[] result) => PipelineMessages.Result(result).IsKillSwitchLatched;

        static bool HasChangedAnOrder(byte[] result) =>
            PipelineMessages.Result(result).Outcome == RoutingOutcome.OrderChanged;
    }

    /// <summary>Notes what became of a command, for the audit and in the log.</summary>
    public static void Tell(HttpContext context, string name, string outcome, ILogger logger)
    {
        CallNote.Of(context).Outcome = outcome;
        logger.LogWarning("{Command} by {Holder}: {Outcome}", name, context.User.Identity?.Name, outcome);
    }
}
