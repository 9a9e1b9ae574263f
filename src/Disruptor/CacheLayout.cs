namespace ExecutionPipeline.Disruptor;

/// <summary>Sizes, in bytes, that keep data written by different threads apart.</summary>
internal static class CacheLayout
{
    /// <summary>A cache line of every processor that this library is tuned for.</summary>
    public const int LineBytes = 64;

    /// <summary>
    /// Distance that keeps two threads' data apart: two lines, since prefetchers fetch lines in pairs.
    /// </summary>
    public const int IsolationBytes = 2 * LineBytes;

    /// <summary>
    /// Padding before an eight-byte field in an object: whatever the object's alignment, nothing else then shares the
    /// field's line or the line paired with it.
    /// </summary>
    public const int FieldPaddingBytes = IsolationBytes - sizeof(long);

    /// <summary>
    /// The smallest page of the systems supported: a ring that starts on one spans as few pages as it can.
    /// </summary>
    public const int PageBytes = 4096;
}
