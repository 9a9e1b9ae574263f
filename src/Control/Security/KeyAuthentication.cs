using System.Text.Encodings.Web;
using ExecutionPipeline.Control.Api;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ExecutionPipeline.Control.Security;

/// <summary>None of its own.</summary>
public sealed class KeyAuthenticationOptions : AuthenticationSchemeOptions;

/// <summary>
/// Knows who asks by an API key, in "Authorization: Bearer" or "X-Api-Key", by the cookie of the page's session, or by
/// the certificate of a client that gives neither. A key in an address is not taken: addresses end up in logs.
/// </summary>
internal sealed class KeyAuthentication(
    IOptionsMonitor<KeyAuthenticationOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeys keys,
    Sessions sessions, TlsFiles? tls = null)
    : AuthenticationHandler<KeyAuthenticationOptions>(options, loggers, encoder)
{
    public const string SchemeName = "key";
    public const string Header = "X-Api-Key";
    private const string Bearer = "Bearer ";

    /// <summary>The bearer of a request; null: it has none.</summary>
    public static string? BearerOf(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization[Bearer.Length..].Trim()
            : null;
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var given = Request.Headers[Header].ToString() is { Length: > 0 } key ? key : BearerOf(Request);
        var cookie = Request.Cookies[Sessions.Cookie];
        if (given is null && string.IsNullOrEmpty(cookie))
            return Task.FromResult(OfCertificate());

        var holder = given is not null ? keys.Find(given) : sessions.Find(cookie!);
        if (holder is not null)
            Caller.Hold(Context, () => given is not null ? keys.Has(holder) : sessions.Find(cookie!) == holder);
        return Task.FromResult(holder is null
            ? Refuse(given is not null ? "nobody has this key" : "the session is over")
            : Taken(holder.Name, holder.Role, holder.OperatorId));
    }

    private AuthenticateResult OfCertificate()
    {
        if (Context.Connection.ClientCertificate is not { } certificate || tls is null)
            return AuthenticateResult.NoResult();

        var name = certificate.SubjectName.Name;
        return tls.RoleOf(certificate) is { } role
            ? Taken(name, role, Caller.OperatorIdOf(name))
            : Refuse($"the certificate of {name} is listed for no role");
    }

    private AuthenticateResult Refuse(string reason)
    {
        Caller.Refuse(Context, reason);
        return AuthenticateResult.Fail(reason);
    }

    private static AuthenticateResult Taken(string name, Role role, uint operatorId) => AuthenticateResult.Success(
        new AuthenticationTicket(Caller.Of(SchemeName, name, [role], operatorId), SchemeName));

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.Of(
            StatusCodes.Status401Unauthorized, "authorization",
            Caller.RefusalOf(Context) ?? "give an API key that somebody has, as a bearer token")
            .ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Problem.Of(
        StatusCodes.Status403Forbidden, "role",
        $"{Caller.RolesOf(Context.User)} may not {Request.Method} {Request.Path}")
        .ExecuteAsync(Context);
}
