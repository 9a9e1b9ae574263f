using ExecutionPipeline.Cli.Engine;

namespace ExecutionPipeline.Cli.Tests.Engine;

/// <summary>Keeps what is sent; is busy or gone where asked to be.</summary>
internal sealed class RecordingChannel : IEngineChannel
{
    private readonly byte[] _bytes = new byte[512];
    private readonly List<byte[]> _sent = [];

    /// <summary>Attempts on each message that are answered as busy.</summary>
    public int BusyAttempts { get; init; }

    /// <summary>After so many messages everybody is gone.</summary>
    public int GoneAfter { get; init; } = int.MaxValue;

    /// <summary>Called on each message that is taken.</summary>
    public Action<int> OnSent { get; init; } = _ => { };

    public IReadOnlyList<byte[]> Sent => _sent;

    public Span<byte> Message => _bytes;

    private int _attempts;

    public SendResult Send(int length)
    {
        if (_sent.Count >= GoneAfter)
            return SendResult.Gone;
        if (_attempts++ < BusyAttempts)
            return SendResult.Busy;

        _attempts = 0;
        _sent.Add(_bytes[..length]);
        OnSent(_sent.Count);
        return SendResult.Sent;
    }
}
