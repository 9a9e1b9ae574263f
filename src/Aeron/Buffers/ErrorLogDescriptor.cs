namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>
/// A distinct error, on an 8-byte boundary. The length counts the header and is written last.
/// <code>
///   0        4       8                  16                  24
///   | length | count | last time (ms)   | first time (ms)   | text, UTF-8 ...
/// </code>
/// </summary>
public static class ErrorLogDescriptor
{
    /// <summary>Offset of the length.</summary>
    public const int LengthOffset = 0;

    /// <summary>Offset of how often the error was seen.</summary>
    public const int ObservationCountOffset = sizeof(int);

    /// <summary>Offset of when it was last seen.</summary>
    public const int LastObservationTimestampOffset = sizeof(int) * 2;

    /// <summary>Offset of when it was first seen.</summary>
    public const int FirstObservationTimestampOffset = LastObservationTimestampOffset + sizeof(long);

    /// <summary>Offset of the text.</summary>
    public const int EncodedErrorOffset = FirstObservationTimestampOffset + sizeof(long);

    /// <summary>Records start at multiples of this.</summary>
    public const int RecordAlignment = sizeof(long);
}
