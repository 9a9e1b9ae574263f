using System.Net;

namespace ExecutionPipeline.Aeron.Protocol.Command;

/// <summary>
/// Says that a subscriber reported an error to a publication.
/// <code>
///   0                 8                16
///   | registration id | destination id |
///   16           20          24            32          40             42     44        60           64       68
///   | session id | stream id | receiver id | group tag | address type | port | address | error code | length | text |
/// </code>
/// </summary>
public sealed class PublicationErrorFrameFlyweight : ControlFlyweight
{
    /// <summary>Offset of the publication.</summary>
    public const int RegistrationIdOffset = 0;

    /// <summary>Offset of the destination.</summary>
    public const int DestinationRegistrationIdOffset = 8;

    /// <summary>Offset of the session.</summary>
    public const int SessionIdOffset = 16;

    /// <summary>Offset of the stream.</summary>
    public const int StreamIdOffset = 20;

    /// <summary>Offset of the receiver.</summary>
    public const int ReceiverIdOffset = 24;

    /// <summary>Offset of the receiver's group.</summary>
    public const int GroupTagOffset = 32;

    /// <summary>Offset of the kind of address.</summary>
    public const int AddressTypeOffset = 40;

    /// <summary>Offset of the port.</summary>
    public const int AddressPortOffset = 42;

    /// <summary>Offset of the address.</summary>
    public const int AddressOffset = 44;

    /// <summary>Offset of the code.</summary>
    public const int ErrorCodeOffset = 60;

    /// <summary>Offset of the message's length.</summary>
    public const int ErrorMessageOffset = 64;

    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 68;

    private const short AddressTypeIpv4 = 1;

    /// <summary>The publication.</summary>
    public long RegistrationId
    {
        get => Buffer.GetLong(Offset + RegistrationIdOffset);
        set => Buffer.PutLong(Offset + RegistrationIdOffset, value);
    }

    /// <summary>The session.</summary>
    public int SessionId
    {
        get => Buffer.GetInt(Offset + SessionIdOffset);
        set => Buffer.PutInt(Offset + SessionIdOffset, value);
    }

    /// <summary>The stream.</summary>
    public int StreamId
    {
        get => Buffer.GetInt(Offset + StreamIdOffset);
        set => Buffer.PutInt(Offset + StreamIdOffset, value);
    }

    /// <summary>The receiver.</summary>
    public long ReceiverId => Buffer.GetLong(Offset + ReceiverIdOffset);

    /// <summary>The destination that the receiver was reached by.</summary>
    public long DestinationRegistrationId => Buffer.GetLong(Offset + DestinationRegistrationIdOffset);

    /// <summary>The receiver's group.</summary>
    public long GroupTag => Buffer.GetLong(Offset + GroupTagOffset);

    /// <summary>Where the receiver is: an address of 4 bytes, or of 16.</summary>
    public IPEndPoint SourceAddress
    {
        get
        {
            var length = Buffer.GetShort(Offset + AddressTypeOffset) == AddressTypeIpv4 ? 4 : 16;
            var port = (ushort)Buffer.GetShort(Offset + AddressPortOffset);
            return new IPEndPoint(new IPAddress(Buffer.AsSpan(Offset + AddressOffset, length)), port);
        }
    }

    /// <summary>An <see cref="ErrorCode"/>.</summary>
    public int ErrorCodeValue
    {
        get => Buffer.GetInt(Offset + ErrorCodeOffset);
        set => Buffer.PutInt(Offset + ErrorCodeOffset, value);
    }

    /// <summary>What went wrong.</summary>
    public string ErrorMessage
    {
        get => GetString(ErrorMessageOffset);
        set => SetString(ErrorMessageOffset, value);
    }

    /// <summary>Bytes of the whole message.</summary>
    public int EncodedLength => StringEnd(ErrorMessageOffset);

    /// <inheritdoc/>
    protected override int MinimumLength => FixedLength;

    /// <summary>
    /// Says that the error came from this machine, over shared memory: no receiver, no group, 127.0.0.1.
    /// </summary>
    public void SetLocalSource()
    {
        Buffer.PutLong(Offset + DestinationRegistrationIdOffset, -1);
        Buffer.PutLong(Offset + ReceiverIdOffset, -1);
        Buffer.PutLong(Offset + GroupTagOffset, -1);
        Buffer.PutShort(Offset + AddressTypeOffset, AddressTypeIpv4);
        Buffer.PutShort(Offset + AddressPortOffset, 0);
        Buffer.SetMemory(Offset + AddressOffset, ErrorCodeOffset - AddressOffset, 0);
        Buffer.PutBytes(Offset + AddressOffset, [127, 0, 0, 1]);
    }
}
