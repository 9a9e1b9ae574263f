using System.Net;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Aeron.Protocol.Command;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>What a subscriber reports to a publication, such as why it rejected the image.</summary>
public sealed class PublicationErrorFrame : ICloneable
{
    private long _registrationId;
    private int _sessionId;
    private int _streamId;
    private long _receiverId;
    private long _destinationRegistrationId;
    private long _groupTag;
    private ErrorCode _errorCode;
    private string _errorMessage = "";
    private IPEndPoint _sourceAddress = new(IPAddress.None, 0);

    /// <summary>The publication's original registration.</summary>
    public long RegistrationId() => _registrationId;

    /// <summary>The session.</summary>
    public int SessionId() => _sessionId;

    /// <summary>The stream.</summary>
    public int StreamId() => _streamId;

    /// <summary>The receiver, -1 for one of this machine.</summary>
    public long ReceiverId() => _receiverId;

    /// <summary>The receiver's group, -1 for none.</summary>
    public long GroupTag() => _groupTag;

    /// <summary>The kind of error.</summary>
    public ErrorCode ErrorCode() => _errorCode;

    /// <summary>The subscriber's own words.</summary>
    public string ErrorMessage() => _errorMessage;

    /// <summary>Where the subscriber is.</summary>
    public IPEndPoint SourceAddress() => _sourceAddress;

    /// <summary>The destination that the subscriber was reached by, -1 for none.</summary>
    public long DestinationRegistrationId() => _destinationRegistrationId;

    /// <inheritdoc/>
    public object Clone() => MemberwiseClone();

    /// <inheritdoc/>
    public override string ToString() =>
        $"PublicationErrorFrame{{registrationId={_registrationId}, sessionId={_sessionId}, streamId={_streamId}, "
        + $"receiverId={_receiverId}, destinationRegistrationId={_destinationRegistrationId}, "
        + $"groupTag={_groupTag}, errorCode={_errorCode}, errorMessage={_errorMessage}, "
        + $"sourceAddress={_sourceAddress}}}";

    internal PublicationErrorFrame Set(PublicationErrorFrameFlyweight frame)
    {
        _registrationId = frame.RegistrationId;
        _sessionId = frame.SessionId;
        _streamId = frame.StreamId;
        _receiverId = frame.ReceiverId;
        _destinationRegistrationId = frame.DestinationRegistrationId;
        _groupTag = frame.GroupTag;
        _errorCode = Enum.IsDefined((ErrorCode)frame.ErrorCodeValue)
            ? (ErrorCode)frame.ErrorCodeValue
            : Protocol.ErrorCode.UNKNOWN_CODE_VALUE;
        _errorMessage = frame.ErrorMessage;
        _sourceAddress = frame.SourceAddress;
        return this;
    }
}
