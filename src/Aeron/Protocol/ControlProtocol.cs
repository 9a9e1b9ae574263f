namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>Types of the messages between clients and driver.</summary>
public static class ControlProtocolEvents
{
    /// <summary>The version of these messages that the driver states in a counter.</summary>
    public const int ControlProtocolVersion = 1 << 16;

    /// <summary>To the driver: add a shared publication.</summary>
    public const int AddPublication = 0x01;

    /// <summary>To the driver: remove a publication.</summary>
    public const int RemovePublication = 0x02;

    /// <summary>To the driver: add a publication with one writer.</summary>
    public const int AddExclusivePublication = 0x03;

    /// <summary>To the driver: add a subscription.</summary>
    public const int AddSubscription = 0x04;

    /// <summary>To the driver: remove a subscription.</summary>
    public const int RemoveSubscription = 0x05;

    /// <summary>To the driver: the client lives.</summary>
    public const int ClientKeepalive = 0x06;

    /// <summary>To the driver: add a destination to a publication.</summary>
    public const int AddDestination = 0x07;

    /// <summary>To the driver: remove a destination of a publication.</summary>
    public const int RemoveDestination = 0x08;

    /// <summary>To the driver: add a counter.</summary>
    public const int AddCounter = 0x09;

    /// <summary>To the driver: remove a counter.</summary>
    public const int RemoveCounter = 0x0A;

    /// <summary>To the driver: the client goes.</summary>
    public const int ClientClose = 0x0B;

    /// <summary>To the driver: add a destination to a subscription.</summary>
    public const int AddRcvDestination = 0x0C;

    /// <summary>To the driver: remove a destination of a subscription.</summary>
    public const int RemoveRcvDestination = 0x0D;

    /// <summary>To the driver: end.</summary>
    public const int TerminateDriver = 0x0E;

    /// <summary>To the driver: add a counter that outlives its client.</summary>
    public const int AddStaticCounter = 0x0F;

    /// <summary>To the driver: reject an image.</summary>
    public const int RejectImage = 0x10;

    /// <summary>To the driver: remove a destination by its id.</summary>
    public const int RemoveDestinationById = 0x11;

    /// <summary>To the driver: say which session id is free.</summary>
    public const int GetNextAvailableSessionId = 0x12;

    /// <summary>To clients: a command failed.</summary>
    public const int OnError = 0x0F01;

    /// <summary>To clients: a subscription has an image.</summary>
    public const int OnAvailableImage = 0x0F02;

    /// <summary>To clients: a shared publication is ready.</summary>
    public const int OnPublicationReady = 0x0F03;

    /// <summary>To clients: a command was carried out.</summary>
    public const int OnOperationSuccess = 0x0F04;

    /// <summary>To clients: a subscription lost an image.</summary>
    public const int OnUnavailableImage = 0x0F05;

    /// <summary>To clients: a publication with one writer is ready.</summary>
    public const int OnExclusivePublicationReady = 0x0F06;

    /// <summary>To clients: a subscription is ready.</summary>
    public const int OnSubscriptionReady = 0x0F07;

    /// <summary>To clients: there is a new counter.</summary>
    public const int OnCounterReady = 0x0F08;

    /// <summary>To clients: a counter is gone.</summary>
    public const int OnUnavailableCounter = 0x0F09;

    /// <summary>To clients: the driver gave one of them up.</summary>
    public const int OnClientTimeout = 0x0F0A;

    /// <summary>To clients: a counter that outlives its client is ready.</summary>
    public const int OnStaticCounter = 0x0F0B;

    /// <summary>To clients: a subscriber reported an error to a publication.</summary>
    public const int OnPublicationError = 0x0F0C;

    /// <summary>To clients: a session id that is free.</summary>
    public const int OnNextAvailableSessionId = 0x0F0D;
}

/// <summary>Why a driver refused a command.</summary>
public enum ErrorCode
{
    /// <summary>A code that this version does not know.</summary>
    UNKNOWN_CODE_VALUE = -1,

    /// <summary>Never sent.</summary>
    UNUSED = 0,

    /// <summary>The channel is not a valid URI, or a parameter of it is not valid.</summary>
    INVALID_CHANNEL = 1,

    /// <summary>No such subscription.</summary>
    UNKNOWN_SUBSCRIPTION = 2,

    /// <summary>No such publication.</summary>
    UNKNOWN_PUBLICATION = 3,

    /// <summary>The network endpoint of a channel failed.</summary>
    CHANNEL_ENDPOINT_ERROR = 4,

    /// <summary>No such counter.</summary>
    UNKNOWN_COUNTER = 5,

    /// <summary>The command is of a type that the driver does not know.</summary>
    UNKNOWN_COMMAND_TYPE_ID = 6,

    /// <summary>The command is too short for what it says it holds.</summary>
    MALFORMED_COMMAND = 7,

    /// <summary>The driver knows the command and cannot do it.</summary>
    NOT_SUPPORTED = 8,

    /// <summary>A host name did not resolve.</summary>
    UNKNOWN_HOST = 9,

    /// <summary>Try again later.</summary>
    RESOURCE_TEMPORARILY_UNAVAILABLE = 10,

    /// <summary>Anything else; the message says what.</summary>
    GENERIC_ERROR = 11,

    /// <summary>There is not enough room for a log.</summary>
    STORAGE_SPACE = 12,

    /// <summary>A subscriber rejected the image.</summary>
    IMAGE_REJECTED = 13,

    /// <summary>The publication was revoked.</summary>
    PUBLICATION_REVOKED = 14,
}

/// <summary>A command that cannot be carried out, with the code that its sender is told.</summary>
public sealed class ControlProtocolException(ErrorCode errorCode, string message) : Exception(message)
{
    /// <summary>The code that the sender is told.</summary>
    public ErrorCode ErrorCode { get; } = errorCode;
}
