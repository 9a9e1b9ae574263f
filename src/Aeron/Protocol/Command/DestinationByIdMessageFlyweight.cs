namespace ExecutionPipeline.Aeron.Protocol.Command;

/// <summary>
/// Removes a destination by its number.
/// <code>
///   0           8                16                24                     32
///   | client id | correlation id | publication id  | destination id       |
/// </code>
/// </summary>
public sealed class DestinationByIdMessageFlyweight : CorrelatedMessageFlyweight
{
    /// <summary>Offset of the publication.</summary>
    public const int ResourceRegistrationIdOffset = 16;

    /// <summary>Offset of the destination.</summary>
    public const int DestinationRegistrationIdOffset = 24;

    /// <summary>Bytes of the message.</summary>
    public const int FixedLength = 32;

    /// <summary>The publication.</summary>
    public long ResourceRegistrationId
    {
        get => Buffer.GetLong(Offset + ResourceRegistrationIdOffset);
        set => Buffer.PutLong(Offset + ResourceRegistrationIdOffset, value);
    }

    /// <summary>The destination: the correlation id of the command that added it.</summary>
    public long DestinationRegistrationId
    {
        get => Buffer.GetLong(Offset + DestinationRegistrationIdOffset);
        set => Buffer.PutLong(Offset + DestinationRegistrationIdOffset, value);
    }

    /// <inheritdoc/>
    protected override int MinimumLength => FixedLength;
}
