namespace ExecutionPipeline.Aeron.Protocol.Command;

/// <summary>
/// Asks the driver to end. Whether it does is its validator's decision, by the token.
/// <code>
///   0           8                16             20
///   | client id | correlation id | token length | token |
/// </code>
/// </summary>
public sealed class TerminateDriverFlyweight : CorrelatedMessageFlyweight
{
    /// <summary>Offset of the token's length.</summary>
    public const int TokenOffset = 16;

    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 20;

    /// <summary>What the validator judges by.</summary>
    public ReadOnlySpan<byte> Token => Buffer.AsSpan(Offset + FixedLength, CheckedLength(TokenOffset));

    /// <summary>Bytes of the whole message.</summary>
    public int EncodedLength => StringEnd(TokenOffset);

    /// <inheritdoc/>
    protected override int MinimumLength => FixedLength;

    /// <summary>Writes the token.</summary>
    public void SetToken(ReadOnlySpan<byte> token)
    {
        Buffer.PutInt(Offset + TokenOffset, token.Length);
        Buffer.PutBytes(Offset + FixedLength, token);
    }
}
