namespace ExecutionPipeline.Cli.Engine;

/// <summary>A stream of messages to the pipeline. One thread writes a message in place and sends it.</summary>
public interface IEngineChannel
{
    /// <summary>Where the next message is written, from its first byte on.</summary>
    Span<byte> Message { get; }

    /// <summary>Tries once to send the first <paramref name="length"/> bytes of <see cref="Message"/>.</summary>
    SendResult Send(int length);
}
