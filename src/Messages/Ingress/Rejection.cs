using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Ingress;

/// <summary>What EXECUTION_ERROR says of a message that did not pass the edge, as far as it could be read.</summary>
public struct Rejection
{
    public RejectReason Reason;
    public RejectField Field;

    /// <summary>0 when the message has no header.</summary>
    public ushort TemplateId;

    /// <summary><see cref="Wire.WireNull.UInt32"/> when it was not read.</summary>
    public uint InstrumentId;

    /// <summary>Signal or command id; <see cref="Wire.WireNull.UInt64"/> when it was not read.</summary>
    public ulong CorrelationId;

    /// <summary>The offending value as it came; NaN when there is none. It may be infinite.</summary>
    public double Value;
}
