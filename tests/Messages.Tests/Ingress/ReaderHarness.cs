using System.Runtime.InteropServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;

namespace ExecutionPipeline.Messages.Tests.Ingress;

/// <summary>A reader that knows three instruments, and a slot with an old event's bytes for it to write to.</summary>
internal sealed class ReaderHarness
{
    public const long TimeNs = 1_800_000_000_000_000_000;

    private readonly MessageReader _reader = new(new InstrumentIds(7, SampleMessages.InstrumentId, 9));
    private EventHeader _header;
    private EventPayload _payload;
    private Rejection _rejection;

    public ref readonly EventHeader Header => ref _header;

    public ref readonly EventPayload Payload => ref _payload;

    public ref readonly Rejection Rejection => ref _rejection;

    public bool TryRead(ReadOnlySpan<byte> message, InboundMessages carried = InboundMessages.All)
    {
        MemoryMarshal.AsBytes(new Span<EventHeader>(ref _header)).Fill(0xA5);
        MemoryMarshal.AsBytes(new Span<EventPayload>(ref _payload)).Fill(0xA5);
        return _reader.TryRead(message, carried, TimeNs, ref _header, ref _payload, out _rejection);
    }

    /// <summary>The input part of the ring event, as it is recorded.</summary>
    public byte[] InputBytes() =>
    [
        .. MemoryMarshal.AsBytes(new ReadOnlySpan<EventHeader>(in _header)),
        .. MemoryMarshal.AsBytes(new ReadOnlySpan<EventPayload>(in _payload)),
    ];
}
