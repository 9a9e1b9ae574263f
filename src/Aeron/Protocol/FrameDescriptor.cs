using System.Runtime.CompilerServices;
using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>Frames in a term: their alignment, flags and length.</summary>
public static class FrameDescriptor
{
    /// <summary>Frames start at multiples of this.</summary>
    public const int FrameAlignment = 32;

    /// <summary>The longest message of any stream, in bytes.</summary>
    public const int MaxMessageLength = 16 * 1024 * 1024;

    /// <summary>Flag of a message's first fragment.</summary>
    public const byte BeginFragFlag = 128;

    /// <summary>Flag of a message's last fragment.</summary>
    public const byte EndFragFlag = 64;

    /// <summary>Flags of a message in one frame.</summary>
    public const byte Unfragmented = BeginFragFlag | EndFragFlag;

    /// <summary>The longest message that a term length allows: an eighth of it.</summary>
    public static int ComputeMaxMessageLength(int termLength) => Math.Min(termLength >> 3, MaxMessageLength);

    /// <summary>True for a multiple of the alignment.</summary>
    public static bool IsFrameAligned(int offset) => (offset & (FrameAlignment - 1)) == 0;

    /// <summary>
    /// A frame's length, acquiring: zero or less until its writer has committed it. Pairs with
    /// <see cref="FrameLengthOrdered"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FrameLengthVolatile(UnsafeBuffer buffer, int termOffset) => buffer.GetIntVolatile(termOffset);

    /// <summary>
    /// A frame's first 8 bytes, acquiring: its length below, and version, flags and type above. What goes before the
    /// release of the length is seen with it, since 8 aligned bytes are read at once.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static long LengthAndTypeVolatile(UnsafeBuffer buffer, int termOffset) =>
        buffer.GetLongVolatile(termOffset);

    /// <summary>True for the first 8 bytes of a frame that readers skip.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsPadding(long lengthAndType) =>
        (ushort)(lengthAndType >>> (8 * HeaderFlyweight.TypeFieldOffset)) == HeaderFlyweight.HeaderTypePad;

    /// <summary>Commits a frame: everything written to it before is seen by whoever sees the length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FrameLengthOrdered(UnsafeBuffer buffer, int termOffset, int frameLength) =>
        buffer.PutIntRelease(termOffset, frameLength);

    /// <summary>True for a frame that readers skip.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPaddingFrame(UnsafeBuffer buffer, int termOffset) =>
        buffer.GetShort(termOffset + HeaderFlyweight.TypeFieldOffset) == HeaderFlyweight.HeaderTypePad;

    /// <summary>Sets a frame's type.</summary>
    public static void FrameType(UnsafeBuffer buffer, int termOffset, int type) =>
        buffer.PutShort(termOffset + HeaderFlyweight.TypeFieldOffset, (short)type);

    /// <summary>Sets a frame's flags.</summary>
    public static void FrameFlags(UnsafeBuffer buffer, int termOffset, byte flags) =>
        buffer.PutByte(termOffset + HeaderFlyweight.FlagsFieldOffset, flags);
}
