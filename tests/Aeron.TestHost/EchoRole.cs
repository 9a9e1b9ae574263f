using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using AeronClient = ExecutionPipeline.Aeron.Client.Aeron;

namespace ExecutionPipeline.Aeron.TestHost;

/// <summary>Sends every message of a stream back on the next stream, without a pause.</summary>
internal static class EchoRole
{
    public static int Run(HostOptions options)
    {
        HostOptions.ExitAtEndOfInput();
        using var aeron = AeronClient.Connect(new AeronClient.Context().AeronDirectoryName(options.Directory));
        using var subscription = aeron.AddSubscription(options.Channel, options.StreamId);
        using var publication = aeron.AddExclusivePublication(options.Channel, options.StreamId + 1);
        HostOptions.SayReady();

        FragmentHandler handler = (buffer, offset, length, _) =>
        {
            while (publication.Offer(buffer, offset, length) < 0 && !publication.IsClosed)
                Thread.SpinWait(1);
        };
        while (!subscription.IsClosed)
        {
            if (subscription.Poll(handler, 10) == 0)
                Thread.SpinWait(1);
        }

        return 0;
    }
}
