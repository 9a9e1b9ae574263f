namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>
/// A record of a ring or broadcast buffer, on an 8-byte boundary.
/// <code>
///   0               4               8
///   | length        | type          | message ...
/// </code>
/// The length counts the header. In a ring it is negative while the message is being written, and 0 before that.
/// </summary>
public static class RecordDescriptor
{
    /// <summary>Offset of the length.</summary>
    public const int LengthOffset = 0;

    /// <summary>Offset of the type.</summary>
    public const int TypeOffset = sizeof(int);

    /// <summary>Bytes before the message.</summary>
    public const int HeaderLength = sizeof(int) * 2;

    /// <summary>Records start at multiples of this.</summary>
    public const int Alignment = HeaderLength;

    /// <summary>The type of a record that readers skip.</summary>
    public const int PaddingMsgTypeId = -1;

    /// <summary>Throws unless the type is 1 or more.</summary>
    public static void CheckTypeId(int msgTypeId)
    {
        if (msgTypeId < 1)
            throw new ArgumentException($"a message type must be greater than zero: {msgTypeId}");
    }
}
