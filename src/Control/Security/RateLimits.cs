using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using ExecutionPipeline.Control.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace ExecutionPipeline.Control.Security;

/// <summary>
/// How many requests somebody may send: by name, and by address who is not known. What reduces risk is never limited
/// for those who may do it, however much else they sent.
/// </summary>
internal static class RateLimits
{
    private const int PrefixBytes = 8;
    private const int PeriodsPerSecond = 10;

    public static void Add(IServiceCollection services, ControlOptions options) => services.AddRateLimiter(limits =>
    {
        limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            options.RequestsPerSecond == 0 || ReducesRisk(context)
                ? RateLimitPartition.GetNoLimiter("")
                : RateLimitPartition.GetTokenBucketLimiter(HolderOf(context), _ => BucketOf(options)));
        limits.OnRejected = RefuseAsync;
    });

    private static TokenBucketRateLimiterOptions BucketOf(ControlOptions options)
    {
        var isEven = options.RequestsPerSecond % PeriodsPerSecond == 0;
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = Math.Max(options.RequestBurst, options.RequestsPerSecond),
            TokensPerPeriod = isEven ? options.RequestsPerSecond / PeriodsPerSecond : options.RequestsPerSecond,
            ReplenishmentPeriod = isEven ? TimeSpan.FromSeconds(1.0 / PeriodsPerSecond) : TimeSpan.FromSeconds(1),
        };
    }

    private static bool ReducesRisk(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy == Access.Stop
        && Access.Table[Access.Stop].Any(role => context.User.IsInRole(Json.NameOf(role)));

    /// <summary>Whoever has an IPv6 address has its whole network of 64 bits.</summary>
    private static string HolderOf(HttpContext context)
    {
        if (context.User.Identity is { IsAuthenticated: true, Name: { } name })
            return "name " + name;

        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        return address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6
            ? "network " + Convert.ToHexString(address.GetAddressBytes().AsSpan(0, PrefixBytes))
            : $"address {address}";
    }

    private static ValueTask RefuseAsync(OnRejectedContext refused, CancellationToken cancel)
    {
        var seconds = refused.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait)
            ? Math.Max(1, Math.Ceiling(wait.TotalSeconds))
            : 1;
        var context = refused.HttpContext;
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return new ValueTask(Problem.Of(
            StatusCodes.Status429TooManyRequests, "requests",
            $"there were too many; ask again in {seconds} s. What reduces risk is not limited").ExecuteAsync(context));
    }
}
