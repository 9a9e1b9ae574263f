using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using AeronClient = ExecutionPipeline.Aeron.Client.Aeron;

namespace ExecutionPipeline.Aeron.TestHost;

/// <summary>Receives <see cref="HostOptions.Count"/> messages and checks each.</summary>
internal static class SubscribeRole
{
    public static int Run(HostOptions options)
    {
        HostOptions.ExitAtEndOfInput();
        Exception? failure = null;
        using var aeron = AeronClient.Connect(new AeronClient.Context()
            .AeronDirectoryName(options.Directory)
            .ErrorHandler(new CallbackErrorHandler(exception => failure = exception)));
        using var subscription = aeron.AddSubscription(options.Channel, options.StreamId);
        HostOptions.SayReady();

        var received = 0L;
        var handler = new FragmentAssembler((IDirectBuffer buffer, int offset, int length, Header _) =>
            MessagePattern.Check(buffer, offset, length, received++));
        var idle = new BackoffIdleStrategy();
        while (received < options.Count && failure is null && !subscription.IsClosed)
            idle.Idle(subscription.Poll(handler, 10));

        HostOptions.Say(failure is null ? $"DONE {received}" : $"FAILED {failure.Message}");
        return failure is null ? 0 : 2;
    }
}
