using ExecutionPipeline.Control.Security;
using Microsoft.AspNetCore.Http;

namespace ExecutionPipeline.Control.Api;

/// <summary>Answers that say what was wrong, and where, as RFC 9457 describes them.</summary>
internal static class Problem
{
    /// <param name="status">Of HTTP.</param>
    /// <param name="field">Which field of the request is wrong, or which part of it.</param>
    /// <param name="reason">Why, as a sentence.</param>
    public static IResult Of(int status, string field, string reason) => new Told(status, field, reason);

    /// <summary>The pipeline cannot be reached.</summary>
    public static IResult Unreachable(string? reason) =>
        Of(StatusCodes.Status503ServiceUnavailable, "pipeline", reason ?? "it takes nothing in at the moment");

    /// <summary>An answer that the audit is told of too.</summary>
    private sealed class Told(int status, string field, string reason) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            CallNote.Of(httpContext).Outcome = $"{field}: {reason}";
            return Results.Problem(
                detail: $"{field}: {reason}",
                statusCode: status,
                extensions: new Dictionary<string, object?> { ["field"] = field, ["reason"] = reason })
                .ExecuteAsync(httpContext);
        }
    }
}

/// <summary>What a request gave that cannot be used. It becomes an answer of 400 that names field and reason.</summary>
/// <param name="field">Which field.</param>
/// <param name="reason">Why.</param>
public sealed class BadFieldException(string field, string reason) : Exception($"{field}: {reason}")
{
    public string Field { get; } = field;

    public string Reason { get; } = reason;
}
