namespace ExecutionPipeline.Messages.Ingress;

/// <summary>Why a message did not pass the edge. The values are those of EXECUTION_ERROR's reason.</summary>
public enum RejectReason : byte
{
    /// <summary>It passed.</summary>
    None = 0,

    /// <summary>It ends before its header does.</summary>
    TooShort = 1,

    /// <summary>It is of another schema.</summary>
    WrongSchema = 2,

    /// <summary>No version of the schema has that number.</summary>
    UnsupportedVersion = 3,

    /// <summary>The pipeline does not take in such a message.</summary>
    UnknownTemplate = 4,

    /// <summary>Its header announces a block too short for the first version's fields.</summary>
    ShortBlock = 5,

    /// <summary>It ends before its block does.</summary>
    TruncatedMessage = 6,

    /// <summary>The transport delivered a part of a message. Raised by whoever polls the transport.</summary>
    Fragmented = 7,

    /// <summary>An id that must be given is 0 or null.</summary>
    MissingId = 8,

    /// <summary>No instrument with that id is configured.</summary>
    UnknownInstrument = 9,

    /// <summary>The action is neither hold nor long nor short.</summary>
    UnknownAction = 10,

    /// <summary>The side is neither none nor buy nor sell.</summary>
    UnknownSide = 11,

    /// <summary>There is no such command.</summary>
    UnknownCommand = 12,

    /// <summary>A number is infinite, or is NaN where it must be given.</summary>
    NotFinite = 13,

    /// <summary>A number is outside its field's range.</summary>
    OutOfRange = 14,

    /// <summary>There is a quantity without its price.</summary>
    MissingPrice = 15,

    /// <summary>There is a price without its quantity.</summary>
    MissingQuantity = 16,

    /// <summary>A time is not after the Unix epoch.</summary>
    BadTimestamp = 17,

    /// <summary>No such models, unusable ones, or another command on models is not done yet.</summary>
    ModelRefused = 18,
}
