using System.Globalization;
using System.Security.Claims;
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
/// Knows who asks by an API key, in "Authorization: Bearer" or "X-Api-Key", or by the cookie of the page's session.
/// A key in an address is not taken: addresses end up in logs.
/// </summary>
public sealed class KeyAuthentication(
    IOptionsMonitor<KeyAuthenticationOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeys keys,
    Sessions sessions)
    : AuthenticationHandler<KeyAuthenticationOptions>(options, loggers, encoder)
{
    public const string SchemeName = "key";
    public const string Header = "X-Api-Key";
    private const string Bearer = "Bearer ";
    private const string OperatorClaim = "operator";

    /// <summary>The number of whoever asks; 0: nobody who has a key.</summary>
    public static uint OperatorOf(ClaimsPrincipal user) =>
        uint.TryParse(user.FindFirstValue(OperatorClaim), CultureInfo.InvariantCulture, out var id) ? id : 0;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var given = KeyOf(Request);
        if (given is null && Request.Cookies[Sessions.Cookie] is not { Length: > 0 })
            return Task.FromResult(AuthenticateResult.NoResult());

        var holder = given is not null ? keys.Find(given) : sessions.Find(Request.Cookies[Sessions.Cookie]!);
        if (holder is null)
            return Task.FromResult(AuthenticateResult.Fail("nobody has this key"));

        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.Name, holder.Name),
                new Claim(ClaimTypes.Role, Json.NameOf(holder.Role)),
                new Claim(OperatorClaim, holder.OperatorId.ToString(CultureInfo.InvariantCulture)),
            ],
            SchemeName);
        return Task.FromResult(AuthenticateResult.Success(
            new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.Of(
            StatusCodes.Status401Unauthorized, "authorization", "give an API key that somebody has, as a bearer token")
            .ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Problem.Of(
        StatusCodes.Status403Forbidden, "role",
        $"{Context.User.FindFirstValue(ClaimTypes.Role)} may not {Request.Method} {Request.Path}")
        .ExecuteAsync(Context);

    private static string? KeyOf(HttpRequest request)
    {
        if (request.Headers[Header].ToString() is { Length: > 0 } key)
            return key;

        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization[Bearer.Length..].Trim()
            : null;
    }
}
