using System.Security.Claims;
using ExecutionPipeline.Pipeline.Options;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace ExecutionPipeline.Control.Security;

/// <summary>
/// Knows who asks by a signed token of the configured issuer. Only signatures by private keys are taken, and nothing is
/// fetched: the keys are in a file.
/// </summary>
internal static class TokenAuthentication
{
    public const string SchemeName = "token";
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    public static void Add(AuthenticationBuilder builder, ControlTokenOptions options)
    {
        builder.Services.AddSingleton<TokenKeys>();
        builder.AddJwtBearer(SchemeName, null, static _ => { });
        builder.Services.AddOptions<JwtBearerOptions>(SchemeName)
            .Configure<TokenKeys>((bearer, keys) => Configure(bearer, keys, options));
    }

    /// <summary>Whether a bearer looks like a token: three parts with dots between them, which no key has.</summary>
    public static bool IsToken(string bearer) => bearer.AsSpan().Count('.') == 2;

    private static void Configure(JwtBearerOptions bearer, TokenKeys keys, ControlTokenOptions options)
    {
        bearer.MapInboundClaims = false;
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = options.Issuer,
            ValidAudience = options.Audience,
            ValidAlgorithms = Algorithms,
            IssuerSigningKeyResolver = (_, _, _, _) => keys.All,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ClockSkew = ClockSkew,
            NameClaimType = options.NameClaim,
            RoleClaimType = options.RoleClaim,
        };
        bearer.Events = new JwtBearerEvents
        {
            OnAuthenticationFailed = static failed =>
            {
                Caller.Refuse(failed.HttpContext, ReasonOf(failed.Exception));
                return Task.CompletedTask;
            },
            OnTokenValidated = taken =>
            {
                Take(taken, options);
                return Task.CompletedTask;
            },
        };
    }

    private static void Take(TokenValidatedContext taken, ControlTokenOptions options)
    {
        var name = taken.Principal!.FindFirstValue(options.NameClaim);
        List<Role> roles =
        [
            .. Enum.GetValues<Role>().Where(role =>
                taken.Principal!.HasClaim(options.RoleClaim, Json.NameOf(role))),
        ];
        if (string.IsNullOrWhiteSpace(name) || roles.Count == 0)
        {
            var reason = string.IsNullOrWhiteSpace(name)
                ? $"the token has no {options.NameClaim}"
                : $"the token has no role of viewer, trader, risk and administrator in {options.RoleClaim}";
            Caller.Refuse(taken.HttpContext, reason);
            taken.Fail(reason);
            return;
        }

        taken.Principal = Caller.Of(SchemeName, name, roles, Caller.OperatorIdOf(name), taken.SecurityToken.ValidTo);
    }

    private static string ReasonOf(Exception problem) => problem switch
    {
        SecurityTokenExpiredException => "the token has ended",
        SecurityTokenNotYetValidException => "the token has not begun",
        SecurityTokenNoExpirationException => "the token never ends",
        SecurityTokenInvalidIssuerException => "the token is another issuer's",
        SecurityTokenInvalidAudienceException => "the token is meant for others",
        SecurityTokenInvalidAlgorithmException => "the token is signed in a way that is not taken",
        SecurityTokenInvalidSignatureException => "no key of the issuer has signed the token",
        _ => "the token cannot be read",
    };
}
