using System.Collections.Concurrent;
using System.Security.Cryptography;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;

namespace ExecutionPipeline.Cli.Tests.Crashes;

/// <summary>
/// Reads what pipelines publish, over all of their lives: what has been told once must be in the journal for ever. A
/// thread of its own.
/// </summary>
internal sealed class OutboundWatch : IFragmentHandler, IDisposable
{
    private readonly AeronClient _aeron;
    private readonly Subscription _subscription;
    private readonly Thread _thread;
    private readonly byte[] _message = new byte[Messages.Wire.Schema.MaxEncodedLength];
    private readonly ConcurrentDictionary<long, ulong> _told = new();
    private volatile bool _isEnding;

    public OutboundWatch(string directory, StreamOptions streams)
    {
        _aeron = AeronClient.Connect(new AeronClient.Context().AeronDirectoryName(directory));
        _subscription = _aeron.AddSubscription(streams.OutboundChannel, streams.OutboundStream);
        _thread = new Thread(Run) { IsBackground = true, Name = "outbound watch" };
        _thread.Start();
    }

    /// <summary>Hashes of the messages by their numbers.</summary>
    public IReadOnlyDictionary<long, ulong> Told => _told;

    /// <summary>Numbers that came a second time.</summary>
    public ConcurrentBag<long> Twice { get; } = [];

    public static ulong HashOf(ReadOnlySpan<byte> message) =>
        BitConverter.ToUInt64(SHA256.HashData(message));

    public void Dispose()
    {
        _isEnding = true;
        _thread.Join();
        _subscription.Dispose();
        _aeron.Dispose();
    }

    void IFragmentHandler.OnFragment(IDirectBuffer buffer, int offset, int length, Header header)
    {
        var number = header.ReservedValue;
        if (number == 0)
            return;

        buffer.GetBytes(offset, _message, 0, length);
        if (!_told.TryAdd(number, HashOf(_message.AsSpan(0, length))))
            Twice.Add(number);
    }

    private void Run()
    {
        var idle = new BackoffIdleStrategy(1, 10, 100_000, 1_000_000);
        while (!_isEnding)
            idle.Idle(_subscription.Poll(this, 64));
    }
}
