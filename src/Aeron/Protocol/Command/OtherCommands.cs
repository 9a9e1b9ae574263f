using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Protocol.Command;

/// <summary>
/// Asks for a counter, or, with a registration id of the client's choice, for one that outlives the client.
/// <code>
///   0           8                16        20           24    aligned to 4
///   | client id | correlation id | type id | key length | key | label length | label |
///   0           8                16                24        28           32
///   | client id | correlation id | registration id | type id | key length | key ...
/// </code>
/// </summary>
public sealed class CounterMessageFlyweight(bool isStatic) : CorrelatedMessageFlyweight
{
    /// <summary>Offset of a static counter's registration.</summary>
    public const int RegistrationIdOffset = 16;

    private readonly int _typeIdOffset = isStatic ? CorrelatedLength + sizeof(long) : CorrelatedLength;

    /// <summary>A static counter's registration.</summary>
    public long RegistrationId
    {
        get => Buffer.GetLong(Offset + RegistrationIdOffset);
        set => Buffer.PutLong(Offset + RegistrationIdOffset, value);
    }

    /// <summary>The counter's type.</summary>
    public int TypeId
    {
        get => Buffer.GetInt(Offset + _typeIdOffset);
        set => Buffer.PutInt(Offset + _typeIdOffset, value);
    }

    /// <summary>The counter's key.</summary>
    public ReadOnlySpan<byte> Key => Buffer.AsSpan(Offset + KeyOffset + sizeof(int), CheckedLength(KeyOffset));

    /// <summary>The counter's label.</summary>
    public string Label
    {
        get => GetString(LabelOffset);
        set => SetString(LabelOffset, value);
    }

    /// <summary>Bytes of the whole message.</summary>
    public int EncodedLength => StringEnd(LabelOffset);

    /// <inheritdoc/>
    protected override int MinimumLength => KeyOffset + sizeof(int);

    private int KeyOffset => _typeIdOffset + sizeof(int);

    private int LabelOffset => BitUtil.Align(StringEnd(KeyOffset), sizeof(int));

    /// <summary>Writes the key. The label comes after it.</summary>
    public void SetKey(ReadOnlySpan<byte> key)
    {
        Buffer.PutInt(Offset + KeyOffset, key.Length);
        Buffer.PutBytes(Offset + KeyOffset + sizeof(int), key);
    }
}

/// <summary>
/// Asks which session id is free.
/// <code>
///   0           8                16          20
///   | client id | correlation id | stream id |
/// </code>
/// </summary>
public sealed class NextSessionIdMessageFlyweight : CorrelatedMessageFlyweight
{
    /// <summary>Offset of the stream.</summary>
    public const int StreamIdOffset = 16;

    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 20;

    /// <summary>The stream.</summary>
    public int StreamId
    {
        get => Buffer.GetInt(Offset + StreamIdOffset);
        set => Buffer.PutInt(Offset + StreamIdOffset, value);
    }

    /// <inheritdoc/>
    protected override int MinimumLength => FixedLength;
}

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
