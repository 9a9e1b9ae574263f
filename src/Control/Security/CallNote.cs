using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ExecutionPipeline.Control.Security;

/// <summary>What the audit is told of a call by those who serve it.</summary>
internal sealed class CallNote
{
    private const string Item = "audit";

    /// <summary>What was done, or why it was refused; empty: the status tells all.</summary>
    public string Outcome { get; set; } = "";

    /// <summary>The id of the command that went to the ring; null: none did.</summary>
    public ulong? CommandId { get; set; }

    /// <summary>The note of a call.</summary>
    public static CallNote Of(HttpContext context)
    {
        if (context.Items[Item] is CallNote note)
            return note;

        note = new CallNote();
        context.Items[Item] = note;
        return note;
    }

    /// <summary>Audits every call that goes through here.</summary>
    public static void Use(IApplicationBuilder app)
    {
        var audit = app.ApplicationServices.GetRequiredService<CallAudit>();
        app.Use(async (context, next) =>
        {
            var started = Stopwatch.GetTimestamp();
            var isWhole = false;
            try
            {
                await next(context).ConfigureAwait(false);
                isWhole = true;
            }
            finally
            {
                audit.Add(CallOf(context, started, isWhole ? context.Response.StatusCode : Fault));
            }
        });
    }

    /// <summary>Audits that a WebSocket is open; its end is audited as that of any call.</summary>
    public static void Opened(HttpContext context, CallAudit audit) => audit.Add(
        CallOf(context, Stopwatch.GetTimestamp(), StatusCodes.Status101SwitchingProtocols) with { Outcome = "opened" });

    private const int Fault = StatusCodes.Status500InternalServerError;

    private static AuditedCall CallOf(HttpContext context, long started, int status)
    {
        var note = Of(context);
        return new AuditedCall
        {
            At = DateTime.UtcNow,
            Who = context.User.Identity?.Name ?? "",
            Role = Caller.RolesOf(context.User),
            OperatorId = Caller.OperatorOf(context.User),
            From = $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}",
            Method = context.Request.Method,
            Path = context.Request.Path.Value ?? "",
            Status = status,
            Outcome = note.Outcome,
            CommandId = note.CommandId,
            DurationUs = Stopwatch.GetElapsedTime(started).TotalMicroseconds,
        };
    }
}
