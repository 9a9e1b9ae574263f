using ExecutionPipeline.Aeron.Client;
using AeronClient = ExecutionPipeline.Aeron.Client.Aeron;

namespace ExecutionPipeline.Aeron.TestHost;

/// <summary>
/// Holds a publication, a subscription on the next stream and a counter, and, if asked, a claim that it never commits,
/// until it is killed.
/// </summary>
internal static class HoldRole
{
    private const int CounterTypeId = 5001;

    public static int Run(HostOptions options, bool isClaiming)
    {
        using var aeron = AeronClient.Connect(new AeronClient.Context().AeronDirectoryName(options.Directory));
        var publication = aeron.AddPublication(options.Channel, options.StreamId);
        aeron.AddSubscription(options.Channel, options.StreamId + 1);
        aeron.AddCounter(CounterTypeId, "held counter");
        if (isClaiming && !SpinWait.SpinUntil(() => publication.TryClaim(64, new BufferClaim()) > 0, 30_000))
            return 2;

        HostOptions.SayReady($"{aeron.ClientId}");
        HostOptions.AwaitEndOfInput();
        return 0;
    }
}
