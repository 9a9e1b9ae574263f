using System.Buffers.Binary;
using System.Diagnostics;
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

    // A client that was killed is given up after ten seconds, and a living one shows itself twice a second.
    private static readonly TimeSpan GiveUpTime = TimeSpan.FromSeconds(15);
    private const long PauseNs = 20_000_000;
    private const int KeyBytes = 64;

    private readonly Counter _counter;

    private StreamClaim(Counter counter) => _counter = counter;

    /// <summary>Claims a stream; waits, where its pipeline was killed a moment ago, until the driver knows.</summary>
    /// <exception cref="IOException">Another pipeline reads the stream.</exception>
    public static StreamClaim Of(AeronClient aeron, string channel, int stream)
    {
        ArgumentNullException.ThrowIfNull(aeron);
        var key = KeyOf(channel, stream);
        var keyBuffer = new UnsafeBuffer(key);
        var label = Encoding.ASCII.GetBytes($"xp pipeline on stream {stream}");
        var counter = aeron.AddCounter(
            CounterTypeId, keyBuffer, 0, key.Length, new UnsafeBuffer(label), 0, label.Length);
        try
        {
            AwaitSole(aeron, counter.RegistrationId, key, channel, stream);
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

    // Of two that begin at the same time, the one with the higher registration gives way.
    private static void AwaitSole(AeronClient aeron, long ownId, byte[] key, string channel, int stream)
    {
        var watched = Stopwatch.StartNew();
        var first = 0L;
        while (FindOther(aeron.CountersReader, ownId, key) is { } owner)
        {
            var heartbeat = HeartbeatOf(aeron.CountersReader, owner);
            first = first == 0 ? heartbeat : first;
            if (heartbeat != first || watched.Elapsed > GiveUpTime)
                throw new IOException(
                    $"another pipeline reads stream {stream} of {channel} (client {owner} of the same media driver): "
                    + "stop it, or give this one streams or a driver of its own");

            ThreadPark.SleepNs(PauseNs);
        }
    }

    private static long? FindOther(CountersReader reader, long ownId, byte[] key)
    {
        long? owner = null;
        reader.ForEach((id, typeId, keyBuffer, _) =>
        {
            if (typeId != CounterTypeId || reader.GetCounterRegistrationId(id) >= ownId)
                return;

            var bytes = new byte[key.Length];
            keyBuffer.GetBytes(0, bytes);
            if (bytes.AsSpan().SequenceEqual(key))
                owner = reader.GetCounterOwnerId(id);
        });
        return owner;
    }

    private static long HeartbeatOf(CountersReader reader, long client)
    {
        var id = HeartbeatTimestamp.FindCounterIdByRegistrationId(
            reader, HeartbeatTimestamp.HEARTBEAT_TYPE_ID, client);
        return id == CountersReader.NULL_COUNTER_ID ? 0 : reader.GetCounterValue(id);
    }

    private static byte[] KeyOf(string channel, int stream)
    {
        var key = new byte[KeyBytes];
        BinaryPrimitives.WriteInt32LittleEndian(key, stream);
        Utf8.FromUtf16(channel, key.AsSpan(sizeof(int)), out _, out _);
        return key;
    }
}
