using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Cli.Engine;

/// <summary>Counts the pipeline's outbound messages by template. One thread polls.</summary>
public sealed class OutboundReader(Subscription subscription) : IOutboundReader, IFragmentHandler
{
    private const int MessagesPerPoll = 10;
    private const int Templates = 128;
    private const string Unknown = "unknown";

    private static readonly (ushort Template, string Name)[] Names =
    [
        (DecisionLayout.TemplateId, "decision"),
        (OrderStatusChangeLayout.TemplateId, "order_status_change"),
        (PositionUpdateLayout.TemplateId, "position_update"),
        (TradeClosedLayout.TemplateId, "trade_closed"),
        (ExecutionErrorLayout.TemplateId, "execution_error"),
        (RiskViolationLayout.TemplateId, "risk_violation"),
        (RiskStateLayout.TemplateId, "risk_state"),
        (CommandResultLayout.TemplateId, "command_result"),
    ];

    // What is of no known template, or longer than one fragment, counts at index 0, which no template has.
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

    void IFragmentHandler.OnFragment(IDirectBuffer buffer, int offset, int length, Header header)
    {
        var template = length >= MessageHeader.SizeBytes
            ? (ushort)buffer.GetShort(offset + MessageHeader.TemplateIdOffset)
            : 0;
        _counts[template < Templates ? template : 0]++;
    }
}
