using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Cli.Engine;

/// <summary>A stream of messages to the pipeline. One thread writes a message in place and sends it.</summary>
public interface IEngineChannel
{
    /// <summary>Where the next message is written, from its first byte on.</summary>
    Span<byte> Message { get; }

    /// <summary>Tries once to send the first <paramref name="length"/> bytes of <see cref="Message"/>.</summary>
    SendResult Send(int length);
}

/// <summary>What became of an attempt to send.</summary>
public enum SendResult
{
    Sent,

    /// <summary>The receiver or the transport is behind: try again.</summary>
    Busy,

    /// <summary>Nobody will ever receive: the driver or the receiver went away.</summary>
    Gone,
}

/// <summary>A stream over an exclusive Aeron publication. The message is built in memory that is never moved.</summary>
public sealed class AeronChannel : IEngineChannel
{
    private const int MaxMessageBytes = 512;

    private readonly ExclusivePublication _publication;
    private readonly byte[] _bytes = GC.AllocateArray<byte>(MaxMessageBytes, pinned: true);
    private readonly UnsafeBuffer _buffer;

    public AeronChannel(ExclusivePublication publication)
    {
        _publication = publication;
        _buffer = new UnsafeBuffer(_bytes);
    }

    public Span<byte> Message => _bytes;

    /// <summary>Somebody subscribes.</summary>
    public bool IsConnected => _publication.IsConnected;

    public SendResult Send(int length)
    {
        var position = _publication.Offer(_buffer, 0, length);
        if (position > 0)
            return SendResult.Sent;

        return position is Publication.BACK_PRESSURED or Publication.ADMIN_ACTION ? SendResult.Busy : SendResult.Gone;
    }
}

/// <summary>The way back: what the pipeline publishes.</summary>
public interface IOutboundReader
{
    /// <summary>Takes a few messages that are there and counts them. Returns how many; does not wait.</summary>
    int Poll();
}

/// <summary>Counts the pipeline's outbound messages by template. One thread polls.</summary>
public sealed class OutboundReader(Subscription subscription) : IOutboundReader, IFragmentHandler
{
    private const int MessagesPerPoll = 10;
    private const int Templates = 128;
    private const int Repeats = 1;
    private const string Unknown = "unknown";

    private static readonly (ushort Template, string Name)[] Names =
    [
        (DecisionLayout.TemplateId, "decision"),
        (Repeats, "repeated_decision"),
        (OrderStatusChangeLayout.TemplateId, "order_status_change"),
        (PositionUpdateLayout.TemplateId, "position_update"),
        (TradeClosedLayout.TemplateId, "trade_closed"),
        (ExecutionErrorLayout.TemplateId, "execution_error"),
        (RiskViolationLayout.TemplateId, "risk_violation"),
        (RiskStateLayout.TemplateId, "risk_state"),
        (CommandResultLayout.TemplateId, "command_result"),
    ];

    // What is of no known template, or longer than one fragment, counts at index 0, which no template has. A decision
    // that repeats an earlier one counts at that of a message which the pipeline only takes in.
    private readonly long[] _counts = new long[Templates];

    public int Poll() => subscription.Poll(this, MessagesPerPoll);

    /// <summary>Messages received so far, by name; names without any are left out but for the known ones.</summary>
    public IReadOnlyDictionary<string, long> Counts()
    {
        var counts = Names.ToDictionary(pair => pair.Name, pair => _counts[pair.Template]);
        var unknown = _counts.Sum() - counts.Values.Sum();
        if (unknown > 0)
            counts.Add(Unknown, unknown);
        return counts;
    }

    private static bool IsRepeat(IDirectBuffer buffer, int offset, int length)
    {
        const int at = MessageHeader.SizeBytes + DecisionLayout.RepeatOffset;
        return length > at && buffer.GetByte(offset + at) != 0;
    }

    void IFragmentHandler.OnFragment(IDirectBuffer buffer, int offset, int length, Header header)
    {
        var template = length >= MessageHeader.SizeBytes
            ? (ushort)buffer.GetShort(offset + MessageHeader.TemplateIdOffset)
            : 0;
        if (template == DecisionLayout.TemplateId && IsRepeat(buffer, offset, length))
            template = Repeats;
        _counts[template < Templates ? template : 0]++;
    }
}
