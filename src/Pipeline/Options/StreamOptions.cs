namespace ExecutionPipeline.Pipeline.Options;

/// <summary>The Aeron streams.</summary>
public sealed record StreamOptions
{
    private const string ManyReadersChannel = "aeron:ipc?term-length=4m|untethered-window-limit-timeout=500ms";

    /// <summary>Channel of the inputs. Default: aeron:ipc.</summary>
    public string InputChannel { get; init; } = "aeron:ipc";

    /// <summary>Stream of TRADE_QUALIFIED. Default: 1001.</summary>
    public int SignalStream { get; init; } = 1001;

    /// <summary>Stream of MARKET_UPDATE. Default: 1002.</summary>
    public int MarketStream { get; init; } = 1002;

    /// <summary>Stream of COMMAND. Default: 1003.</summary>
    public int CommandStream { get; init; } = 1003;

    /// <summary>
    /// Channel of the outbound messages. Default: one with room for 2 MB, 7,500 messages, on which a reader that was
    /// killed holds up the others for a second; 12 MB of shared memory.
    /// </summary>
    public string OutboundChannel { get; init; } = ManyReadersChannel;

    /// <summary>Stream of the outbound messages. Default: 2001.</summary>
    public int OutboundStream { get; init; } = 2001;

    /// <exception cref="ArgumentException">A channel is empty, or two inputs share a stream.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(InputChannel) || string.IsNullOrWhiteSpace(OutboundChannel))
            throw new ArgumentException("streams: set both channels, for instance to aeron:ipc");

        int[] inputs = [SignalStream, MarketStream, CommandStream];
        if (inputs.Distinct().Count() != inputs.Length)
            throw new ArgumentException("streams: signals, market data and commands each need a stream of their own");

        if (InputChannel == OutboundChannel && inputs.Contains(OutboundStream))
            throw new ArgumentException($"streams: outbound stream {OutboundStream} is an input of the same channel");
    }
}
