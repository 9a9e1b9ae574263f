using System.Globalization;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Messages.Wire;
using Microsoft.AspNetCore.Http;

namespace ExecutionPipeline.Control.Api;

/// <summary>Messages of known kinds, read where they lie.</summary>
internal static class PipelineMessages
{
    public static bool IsResult(byte[] message) => CommandResultDecoder.TryWrap(message, out _);

    public static CommandResultDecoder Result(byte[] message)
    {
        CommandResultDecoder.TryWrap(message, out var result);
        return result;
    }

    public static ParentOrderStateDecoder Parent(byte[] message)
    {
        ParentOrderStateDecoder.TryWrap(message, out var parent);
        return parent;
    }

    public static DecisionDecoder Decision(byte[] message)
    {
        DecisionDecoder.TryWrap(message, out var decision);
        return decision;
    }

    public static ParentOrderEndedDecoder ParentEnd(byte[] message)
    {
        ParentOrderEndedDecoder.TryWrap(message, out var parent);
        return parent;
    }
}

/// <summary>What the pipeline's edge refused, as an answer that names the field.</summary>
internal static class Refusals
{
    /// <param name="message">EXECUTION_ERROR.</param>
    /// <param name="template">Of the message that was refused.</param>
    public static IResult Of(byte[] message, int template)
    {
        ExecutionErrorDecoder.TryWrap(message, out var error);
        var number = error.FieldId;
        var field = MessageSchema.Own.Of(template)?.Fields.FirstOrDefault(field => field.Number == number);
        var reason = Json.NameOf((RejectReason)error.Reason).Replace('_', ' ');
        var value = double.IsFinite(error.Value)
            ? string.Create(CultureInfo.InvariantCulture, $" ({error.Value})")
            : "";
        return Problem.Of(
            StatusCodes.Status422UnprocessableEntity, field?.Name ?? "message",
            $"the pipeline refused it: {reason}{value}");
    }
}
