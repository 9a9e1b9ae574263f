using ExecutionPipeline.Pipeline.Outbound;

namespace ExecutionPipeline.Allocation.Tests;

/// <summary>Allocates one small array in a thousand messages: the least that the check must not miss.</summary>
internal sealed class WastefulSink : IOutboundSink
{
    private const int Interval = 1000;
    private long _count;

    public byte[] Kept { get; private set; } = [];

    public bool TrySend(ReadOnlySpan<byte> message)
    {
        if (++_count % Interval == 0)
            Kept = [message[0]];
        return true;
    }
}
