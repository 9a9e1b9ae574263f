using System.Net.WebSockets;
using ExecutionPipeline.Control.Api;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace ExecutionPipeline.Control.Streams;

/// <summary>The WebSockets.</summary>
internal sealed class StreamApi(
    PipelineRecords records, MetricsApi metrics, ControlOptions options, CallAudit audit,
    IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan AccessInterval = TimeSpan.FromSeconds(1);

    public void Map(IEndpointRouteBuilder routes)
    {
        var timeout = options.SlowClientTimeout;
        routes.Map("/ws/events", context => ServeAsync(
            context, EventStream.OfAll(records.Events, context.Request, timeout))).RequireAuthorization(Access.Look);
        routes.Map("/ws/executions", context => ServeAsync(context, ExecutionStream.Of(records.Events, timeout)))
            .RequireAuthorization(Access.Look);
        routes.Map("/ws/performance", ServePerformanceAsync).RequireAuthorization(Access.Look);
    }

    private Task ServePerformanceAsync(HttpContext context) => ServeAsync(
        context,
        (socket, cancel) => PerformanceStream.SendAsync(
            socket, metrics.Performance, options.SlowClientTimeout, cancel));

    private Task ServeAsync(HttpContext context, EventStream stream)
    {
        var from = ResumePoint.Of(context.Request);
        return ServeAsync(context, (socket, cancel) => stream.SendAsync(socket, from, cancel));
    }

    private async Task ServeAsync(HttpContext context, Func<WebSocket, CancellationToken, Task<string>> send)
    {
        if (!context.WebSockets.IsWebSocketRequest)
            throw new BadFieldException("upgrade", "this address is for WebSockets");

        using var socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        // Who was let in by a token listens no longer than it lasts.
        if (Caller.UntilOf(context.User) is { } until)
            ending.CancelAfter(TimeSpan.FromMilliseconds(
                Math.Clamp((until - DateTime.UtcNow).TotalMilliseconds, 0, int.MaxValue)));
        CallNote.Opened(context, audit);
        var isOver = EndWithAccessAsync(context, ending);
        string end;
        try
        {
            end = await send(socket, ending.Token).ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
        }

        CallNote.Of(context).Outcome = await isOver.ConfigureAwait(false) ? "dropped: it is let in no longer" : end;
    }

    /// <summary>Ends a stream whose key or session has gone. Returns whether that was why it ended.</summary>
    private static async Task<bool> EndWithAccessAsync(HttpContext context, CancellationTokenSource ending)
    {
        using var timer = new PeriodicTimer(AccessInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(ending.Token).ConfigureAwait(false))
            {
                if (Caller.IsStillLetIn(context))
                    continue;

                await ending.CancelAsync().ConfigureAwait(false);
                return true;
            }
        }
        catch (OperationCanceledException)
        {
            // It has ended otherwise.
        }

        return false;
    }
}
