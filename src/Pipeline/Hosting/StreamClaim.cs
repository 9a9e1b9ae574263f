using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using ExecutionPipeline.Native;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>
/// Says to every process on a media driver that this one reads a stream as its pipeline: two pipelines on one stream
/// would both trade each signal. It is a counter at the driver, which frees it when its client has gone.
/// </summary>
public sealed class StreamClaim : IDisposable
{
    /// <summary>The counters' type; official types are below 1000.</summary>
    public const int CounterTypeId = 5001;

    private const long PauseNs = 20_000_000;
    private const int KeyBytes = 64;

    private readonly Counter _counter;

    private StreamClaim(Counter counter) => _counter = counter;

    /// <summary>Claims a stream; waits, where its pipeline was killed a moment ago, until the driver knows.</summary>
    /// <exception cref="IOException">Another pipeline reads the stream.</exception>
    /// <exception cref="TimeoutException">One without a sign of life reads it, and is not given up.</exception>
    public static StreamClaim Of(AeronClient aeron, string channel, int stream, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(aeron);
        var key = KeyOf(channel, stream);
        var keyBuffer = new UnsafeBuffer(key);
        var label = Encoding.ASCII.GetBytes($"xp pipeline on stream {stream}");
        var counter = aeron.AddCounter(
            CounterTypeId, keyBuffer, 0, key.Length, new UnsafeBuffer(label), 0, label.Length);
        try
        {
            var ownId = counter.RegistrationId;
            var found = new byte[key.Length];
            AwaitSole(
                () => FindRival(aeron.CountersReader, ownId, key, found),
                RivalWatch.On(aeron.Ctx.InterServiceTimeoutNs()),
                $"stream {stream} of {channel}",
                cancel);
            return new StreamClaim(counter);
        }
        catch
        {
            counter.Dispose();
            throw;
        }
    }

    /// <summary>Gives the stream up.</summary>
    public void Dispose() => _counter.Dispose();

    /// <summary>Waits until nobody else is seen to hold what was claimed.</summary>
    /// <param name="look">Finds one who does; null: nobody.</param>
    /// <param name="watch">Says when the waiting is over.</param>
    /// <param name="claimed">What was claimed, in words.</param>
    /// <param name="cancel">Ends the waiting.</param>
    internal static void AwaitSole(Func<Rival?> look, RivalWatch watch, string claimed, CancellationToken cancel)
    {
        while (look() is { } rival)
        {
            var who = $"(client {rival.Client} of the same media driver)";
            if (watch.HasMoved(rival))
                throw new IOException(
                    $"another pipeline reads {claimed} {who}: "
                    + "stop it, or give this one streams or a driver of its own");
            if (watch.IsOver)
                throw new TimeoutException(
                    $"a pipeline that shows no life reads {claimed} {who}, and the driver has not given it up within "
                    + $"{watch.Patience.TotalSeconds:0} s");

            cancel.ThrowIfCancellationRequested();
            ThreadPark.SleepNs(PauseNs);
        }
    }

    // Of two that begin at the same time, the one with the higher registration gives way.
    private static Rival? FindRival(CountersReader reader, long ownId, byte[] key, byte[] found)
    {
        long? owner = null;
        reader.ForEach((id, typeId, keyBuffer, _) =>
        {
            if (typeId != CounterTypeId || reader.GetCounterRegistrationId(id) >= ownId)
                return;

            keyBuffer.GetBytes(0, found);
            if (found.AsSpan().SequenceEqual(key))
                owner = reader.GetCounterOwnerId(id);
        });
        return owner is { } client ? new Rival(client, HeartbeatTimestamp.Of(reader, client)) : null;
    }

    private static byte[] KeyOf(string channel, int stream)
    {
        var key = new byte[KeyBytes];
        BinaryPrimitives.WriteInt32LittleEndian(key, stream);
        Utf8.FromUtf16(channel, key.AsSpan(sizeof(int)), out _, out _);
        return key;
    }
}
