using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Outbound;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Outbound;

namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>
/// Counts what the edge refuses and tells the senders with an EXECUTION_ERROR. A refused message never reaches the
/// ring, so this goes out on a publication of ingress's own.
/// </summary>
public sealed class RejectionPublisher(IOutboundSink sink)
{
    private readonly byte[] _buffer = new byte[Schema.MaxEncodedLength];

    public RejectCounters Counters { get; } = new();

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Refuse(in Rejection rejection, long timeNs)
    {
        Counters.Count(rejection.Reason);
        var length = RefusalEncoder.EncodeRejection(in rejection, timeNs, _buffer);

        // Nobody listening is no fault: the count stays.
        sink.TrySend(_buffer.AsSpan(0, length));
    }
}
