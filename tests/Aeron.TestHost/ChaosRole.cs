using System.Diagnostics;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Native;
using AeronClient = ExecutionPipeline.Aeron.Client.Aeron;

namespace ExecutionPipeline.Aeron.TestHost;

/// <summary>
/// Publishes, or checks what it receives, until it is killed; connects anew whenever its driver has gone. A message is
/// the publisher's run, its index in it, and bytes that follow from both. Every message's length follows from its index
/// too: some are claimed, some copied, some go in fragments.
/// </summary>
internal static class ChaosRole
{
    private const int HeaderLength = 2 * sizeof(long);
    private const int LongestMessage = 4000;
    private const int BurstLength = 64;
    private const long PauseNs = 200_000;

    public static int Publish(HostOptions options, bool isExclusive) =>
        Live(options, (aeron, progress) => Publish(aeron, progress, options, isExclusive));

    public static int Subscribe(HostOptions options) =>
        Live(options, (aeron, progress) => Subscribe(aeron, progress, options));

    private static int Live(HostOptions options, Action<AeronClient, ProgressFile> work)
    {
        HostOptions.ExitAtEndOfInput();
        using var progress = ProgressFile.Open(options.ProgressPath);
        while (true)
        {
            try
            {
                using var aeron = AeronClient.Connect(new AeronClient.Context()
                    .AeronDirectoryName(options.Directory)
                    .KeepAliveIntervalNs(options.Count * 1_000_000L / 10)
                    .DriverTimeoutMs(options.Count)
                    .ErrorHandler(new CallbackErrorHandler(OnError)));
                work(aeron, progress);
            }
            catch (AeronException exception) when (exception is not RegistrationException)
            {
                // The driver has gone, or was not there yet: connecting anew is what clients are to do.
                HostOptions.Note($"{exception.GetType().Name}: {exception.Message}");
            }

            progress.ConnectedAtNs = 0;
        }
    }

    private static void OnError(Exception exception)
    {
        HostOptions.Note($"handler: {exception.GetType().Name}: {exception.Message}");
        if (exception is AeronException)
            return;

        HostOptions.Say($"FAILED {exception}");
        Environment.Exit(2);
    }

    private static void Publish(AeronClient aeron, ProgressFile progress, HostOptions options, bool isExclusive)
    {
        var runId = Stopwatch.GetTimestamp();
        progress.Begin(runId, 0);
        progress.LastRunId = runId;
        Publication publication = isExclusive
            ? aeron.AddExclusivePublication(options.Channel, options.StreamId)
            : aeron.AddPublication(options.Channel, options.StreamId);
        var message = new UnsafeBuffer(new byte[LongestMessage]);
        var claim = new BufferClaim();
        var idle = new SleepingIdleStrategy(PauseNs);
        progress.ConnectedAtNs = Stopwatch.GetTimestamp();
        HostOptions.SayReady();
        for (long index = 0; !publication.IsClosed;)
        {
            if (!HasSent(publication, message, claim, runId, index))
            {
                idle.Idle();
                continue;
            }

            progress.Advance(runId, ++index);
            if (index % BurstLength == 0)
                idle.Idle();
        }
    }

    private static bool HasSent(
        Publication publication, UnsafeBuffer message, BufferClaim claim, long runId, long index)
    {
        var length = LengthOf(index);
        if (length > publication.MaxPayloadLength || index % 2 == 0)
        {
            Write(message, 0, length, runId, index);
            return publication.Offer(message, 0, length) > 0;
        }

        if (publication.TryClaim(length, claim) <= 0)
            return false;

        Write(claim.Buffer, claim.Offset, length, runId, index);
        claim.Commit();
        return true;
    }

    private static void Subscribe(AeronClient aeron, ProgressFile progress, HostOptions options)
    {
        using var subscription = aeron.AddSubscription(options.Channel, options.StreamId);
        var handler = new FragmentAssembler((IDirectBuffer buffer, int offset, int length, Header _) =>
            Check(buffer, offset, length, progress));
        var idle = new BackoffIdleStrategy();
        progress.ConnectedAtNs = Stopwatch.GetTimestamp();
        HostOptions.SayReady();
        while (!subscription.IsClosed)
            idle.Idle(subscription.Poll(handler, 10));
    }

    private static void Check(IDirectBuffer buffer, int offset, int length, ProgressFile progress)
    {
        var runId = buffer.GetLong(offset);
        var index = buffer.GetLong(offset + sizeof(long));
        if (progress.Find(runId) is not { } run)
        {
            progress.Begin(runId, index);
            run = (index, index);
        }

        if (index != run.Next || length != LengthOf(index) || !IsWhole(buffer, offset, length, runId, index))
        {
            HostOptions.Say($"FAILED run {runId}: message {index} of {length} bytes where {run.Next} was due");
            Environment.Exit(2);
        }

        progress.Advance(runId, index + 1);
    }

    private static int LengthOf(long index) => HeaderLength + (int)(index * 7919 % (LongestMessage - HeaderLength));

    private static void Write(IMutableDirectBuffer buffer, int offset, int length, long runId, long index)
    {
        buffer.PutLong(offset, runId);
        buffer.PutLong(offset + sizeof(long), index);
        for (var i = HeaderLength; i < length; i++)
            buffer.PutByte(offset + i, ByteAt(runId, index, i));
    }

    private static bool IsWhole(IDirectBuffer buffer, int offset, int length, long runId, long index)
    {
        for (var i = HeaderLength; i < length; i++)
        {
            if (buffer.GetByte(offset + i) != ByteAt(runId, index, i))
                return false;
        }

        return true;
    }

    private static byte ByteAt(long runId, long index, int i) => (byte)(runId + index * 31 + i);
}
