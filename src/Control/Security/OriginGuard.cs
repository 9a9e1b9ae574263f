using System.Net;
using ExecutionPipeline.Control.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ExecutionPipeline.Control.Security;

/// <summary>
/// Lets no other site's page use a browser that is logged in here: what changes something, and a WebSocket, must come
/// from this page or from no page at all. On loopback the host must be a name of this machine, so that a foreign name
/// that is made to point here reaches nothing.
/// </summary>
internal static class OriginGuard
{
    private static readonly string[] LocalNames = ["localhost", "127.0.0.1", "[::1]", "::1"];

    public static void Use(IApplicationBuilder app, IPAddress address)
    {
        var isLocal = IPAddress.IsLoopback(address);
        app.Use((context, next) =>
        {
            var request = context.Request;
            if (isLocal && !LocalNames.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
            {
                return Problem.Of(
                    StatusCodes.Status421MisdirectedRequest, "host", $"{request.Host.Host} is no name of this machine")
                    .ExecuteAsync(context);
            }

            var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
            var origin = request.Headers.Origin.ToString();
            if ((isRead && !IsUpgrade(request)) || origin.Length == 0 || IsOwn(origin, request))
                return next(context);

            return Problem.Of(StatusCodes.Status403Forbidden, "origin", $"{origin} is another site's")
                .ExecuteAsync(context);
        });
    }

    private static bool IsUpgrade(HttpRequest request) =>
        request.Headers[HeaderNames.Upgrade].ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase);

    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from)
        && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
