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

    internal static void Add(IServiceCollection services)
    {
        services.AddAuthentication(KeyAuthentication.SchemeName)
            .AddScheme<KeyAuthenticationOptions, KeyAuthentication>(KeyAuthentication.SchemeName, null);
        var builder = services.AddAuthorizationBuilder().SetFallbackPolicy(
            new AuthorizationPolicyBuilder().RequireRole(Json.NameOf(Role.Administrator)).Build());
        foreach (var (name, roles) in Table)
            builder.AddPolicy(name, policy => policy.RequireRole(roles.Select(Json.NameOf)));
    }
}
