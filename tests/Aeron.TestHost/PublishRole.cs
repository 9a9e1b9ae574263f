using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using AeronClient = ExecutionPipeline.Aeron.Client.Aeron;

namespace ExecutionPipeline.Aeron.TestHost;

/// <summary>Sends <see cref="HostOptions.Count"/> messages as fast as they go; endlessly for zero.</summary>
internal static class PublishRole
{
    public static int Run(HostOptions options, bool isExclusive)
    {
        HostOptions.ExitAtEndOfInput();
        using var aeron = AeronClient.Connect(new AeronClient.Context().AeronDirectoryName(options.Directory));
        Publication publication = isExclusive
            ? aeron.AddExclusivePublication(options.Channel, options.StreamId)
            : aeron.AddPublication(options.Channel, options.StreamId);
        HostOptions.SayReady($"{publication.SessionId}");

        var message = new UnsafeBuffer(new byte[options.Length]);
        var limit = options.Count == 0 ? long.MaxValue : options.Count;
        for (long index = 0; index < limit; index++)
        {
            MessagePattern.Write(message, 0, options.Length, index);
            if (!HasSent(publication, message))
                return 2;
        }

        HostOptions.Say($"DONE {publication.Position}");
        // Subscribers that are behind need the log for a while longer.
        HostOptions.AwaitEndOfInput();
        return 0;
    }

    private static bool HasSent(Publication publication, UnsafeBuffer message)
    {
        var idle = new BackoffIdleStrategy();
        while (true)
        {
            var result = publication.Offer(message);
            if (result > 0)
                return true;

            if (result is Publication.CLOSED or Publication.MAX_POSITION_EXCEEDED)
                return false;

            idle.Idle();
        }
    }
}
