namespace ExecutionPipeline.Aeron.Protocol.Command;

/// <summary>
/// Removes a publication, subscription or counter. The flags may be absent, and are a publication's alone.
/// <code>
///   0           8                16                24      32
///   | client id | correlation id | registration id | flags |
/// </code>
/// </summary>
public sealed class RemoveMessageFlyweight : CorrelatedMessageFlyweight
{
    /// <summary>Offset of the registration.</summary>
    public const int RegistrationIdOffset = 16;

    /// <summary>Offset of the flags.</summary>
    public const int FlagsOffset = 24;

    /// <summary>Bytes without flags.</summary>
    public const int FixedLength = 24;

    /// <summary>Bytes with flags.</summary>
    public const int LengthWithFlags = 32;

    private const long RevokeFlag = 1;

    /// <summary>What to remove.</summary>
    public long RegistrationId
    {
        get => Buffer.GetLong(Offset + RegistrationIdOffset);
        set => Buffer.PutLong(Offset + RegistrationIdOffset, value);
    }

    /// <inheritdoc/>
    protected override int MinimumLength => FixedLength;

    /// <summary>
    /// True when a message of this length asks to revoke: to drop what subscribers have not read yet.
    /// </summary>
    public bool IsRevoke(int messageLength) =>
        messageLength >= LengthWithFlags && (Buffer.GetLong(Offset + FlagsOffset) & RevokeFlag) != 0;

    /// <summary>Sets whether to revoke.</summary>
    public void SetRevoke(bool isRevoke) => Buffer.PutLong(Offset + FlagsOffset, isRevoke ? RevokeFlag : 0);
}
