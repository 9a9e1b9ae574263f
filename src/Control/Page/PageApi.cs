using ExecutionPipeline.Control.Api;
using ExecutionPipeline.Control.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ExecutionPipeline.Control.Page;

/// <summary>The dashboard, which asks nobody but this control plane for anything, and its sessions.</summary>
internal sealed class PageApi(ApiKeys keys, Sessions sessions)
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static readonly (string Path, string File, string Type)[] Files =
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/app.js", "app.js", "text/javascript; charset=utf-8"),
        ("/chart.js", "chart.js", "text/javascript; charset=utf-8"),
        ("/story.js", "story.js", "text/javascript; charset=utf-8"),
        ("/uPlot.iife.min.js", "uPlot.iife.min.js", "text/javascript; charset=utf-8"),
        ("/uPlot.min.css", "uPlot.min.css", "text/css; charset=utf-8"),
        ("/app.css", "app.css", "text/css; charset=utf-8"),
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (path, file, type) in Files)
        {
            var bytes = Load(file);
            routes.MapGet(path, (HttpContext context) =>
            {
                context.Response.Headers.ContentSecurityPolicy = Policy;
                context.Response.Headers.XContentTypeOptions = "nosniff";
                context.Response.Headers.CacheControl = "no-cache";
                return Results.Bytes(bytes, type);
            }).AllowAnonymous().ExcludeFromDescription();
        }

        routes.MapPost("/session", (Delegate)BeginAsync).AllowAnonymous()
            .WithSummary("Gives a key, once, for a browser's cookie.");
        routes.MapGet("/session", Tell).RequireAuthorization(Access.Look).WithSummary("Who asks, and with what role.");
        routes.MapDelete("/session", End).RequireAuthorization(Access.Look).WithSummary("Ends the browser's session.");
    }

    private async Task<IResult> BeginAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context.Request).ConfigureAwait(false);
        var key = body.Text("key") ?? throw body.Missing("key");
        body.MustBeRead();
        if (keys.Find(key) is not { } holder)
            return Problem.Of(StatusCodes.Status401Unauthorized, "key", "nobody has this key");

        context.User = Caller.Of(KeyAuthentication.SchemeName, holder.Name, [holder.Role], holder.OperatorId);
        context.Response.Cookies.Append(Sessions.Cookie, sessions.Begin(holder), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            MaxAge = Sessions.Lifetime,
            Path = "/",
        });
        return Results.Json(new { holder.Name, holder.Role }, Json.Options);
    }

    private static IResult Tell(HttpContext context) => Results.Json(
        new { context.User.Identity?.Name, Role = Caller.RolesOf(context.User) }, Json.Options);

    private IResult End(HttpContext context)
    {
        if (context.Request.Cookies[Sessions.Cookie] is { } token)
            sessions.End(token);
        context.Response.Cookies.Delete(Sessions.Cookie);
        return Results.NoContent();
    }

    private static byte[] Load(string file)
    {
        using var stream = typeof(PageApi).Assembly.GetManifestResourceStream($"{typeof(PageApi).Namespace}.{file}")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
