using ExecutionPipeline.Control.Api;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace ExecutionPipeline.Control.Streams;

/// <summary>The WebSockets.</summary>
internal sealed class StreamApi(PipelineRecords records, IHostApplicationLifetime lifetime)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("/ws/events", context => ServeAsync(context, EventStream.OfAll(records.Events, context.Request)))
            .RequireAuthorization(Access.Look);
        routes.Map("/ws/executions", context => ServeAsync(context, ExecutionStream.Of(records.Events)))
            .RequireAuthorization(Access.Look);
    }

    private async Task ServeAsync(HttpContext context, EventStream stream)
    {
        if (!context.WebSockets.IsWebSocketRequest)
            throw new BadFieldException("upgrade", "this address is for WebSockets");

        var from = ResumePoint.Of(context.Request);
        using var socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        await stream.SendAsync(socket, from, ending.Token).ConfigureAwait(false);
    }
}
