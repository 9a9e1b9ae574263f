using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ExecutionPipeline.Control.Security;

/// <summary>
/// Who may do what. Each route names one of these policies, or lets anybody in; one that names none is for
/// administrators, so that a route that was forgotten is closed.
/// </summary>
public static class Access
{
    private const string AnyScheme = "any";

    /// <summary>To look: everybody who has a key.</summary>
    public const string Look = "look";

    /// <summary>To add risk: traders.</summary>
    public const string Trade = "trade";

    /// <summary>To take risk off and to stop: traders and risk.</summary>
    public const string Stop = "stop";

    /// <summary>To let trading go on: risk.</summary>
    public const string Release = "release";

    /// <summary>The table; administrators are in every row.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<Role>> Table { get; } =
        new Dictionary<string, IReadOnlyList<Role>>
        {
            [Look] = [Role.Viewer, Role.Trader, Role.Risk, Role.Administrator],
            [Trade] = [Role.Trader, Role.Administrator],
            [Stop] = [Role.Trader, Role.Risk, Role.Administrator],
            [Release] = [Role.Risk, Role.Administrator],
        };

    internal static void Add(IServiceCollection services, ControlOptions options)
    {
        var schemes = services.AddAuthentication(AnyScheme).AddPolicyScheme(AnyScheme, null, any =>
        {
            any.ForwardDefaultSelector = context => options.Tokens.IsOn
                && KeyAuthentication.BearerOf(context.Request) is { } bearer && TokenAuthentication.IsToken(bearer)
                ? TokenAuthentication.SchemeName
                : KeyAuthentication.SchemeName;
            any.ForwardChallenge = any.ForwardForbid = KeyAuthentication.SchemeName;
        }).AddScheme<KeyAuthenticationOptions, KeyAuthentication>(KeyAuthentication.SchemeName, null);
        if (options.Tokens.IsOn)
            TokenAuthentication.Add(schemes, options.Tokens);
        var builder = services.AddAuthorizationBuilder().SetFallbackPolicy(
            new AuthorizationPolicyBuilder().RequireRole(Json.NameOf(Role.Administrator)).Build());
        foreach (var (name, roles) in Table)
            builder.AddPolicy(name, policy => policy.RequireRole(roles.Select(Json.NameOf)));
    }
}
