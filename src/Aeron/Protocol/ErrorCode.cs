namespace ExecutionPipeline.Aeron.Protocol;

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
