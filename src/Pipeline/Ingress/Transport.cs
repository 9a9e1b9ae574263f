using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Pipeline.Outbound;

namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>What carries messages into the pipeline and out of it.</summary>
public interface ITransport
{
    /// <summary>Opens a stream of incoming messages.</summary>
    IMessageSource OpenInput(string channel, int stream);

    /// <summary>Opens a stream of outgoing messages, for one thread.</summary>
    IOutboundSink OpenOutbound(string channel, int stream);
}

/// <summary>A stream of incoming messages.</summary>
public interface IMessageSource
{
    /// <summary>
    /// Hands up to <paramref name="limit"/> waiting messages to <paramref name="receiver"/>, on the calling thread and
    /// without waiting for any. Returns how many. What it does not hand over stays with the sender.
    /// </summary>
    int Poll(IMessageReceiver receiver, int limit);
}

/// <summary>Takes incoming messages.</summary>
public interface IMessageReceiver
{
    /// <summary>Counts what it refuses, while the message is handed over.</summary>
    RejectCounters Rejects { get; }

    /// <summary>Takes one message, whose bytes are valid for the call alone.</summary>
    /// <param name="message">The bytes.</param>
    /// <param name="isWhole">False for a piece of a message that was too long for one frame.</param>
    void OnMessage(ReadOnlySpan<byte> message, bool isWhole);
}

/// <summary>Where ingress takes events from.</summary>
public sealed class IngressInputs
{
    /// <summary>TRADE_QUALIFIED.</summary>
    public required IMessageSource Signals { get; init; }

    /// <summary>MARKET_UPDATE.</summary>
    public required IMessageSource Market { get; init; }

    /// <summary>COMMAND.</summary>
    public required IMessageSource Commands { get; init; }

    /// <summary>Execution reports, by the threads that report.</summary>
    public required ReportInbox Reports { get; init; }
}
