using System.Runtime.CompilerServices;
using System.Text;
using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Protocol.Command;

/// <summary>
/// A message between clients and driver, read and written in place. Nothing is read beyond the message's length,
/// whatever the lengths within it say.
/// </summary>
public abstract class ControlFlyweight
{
    private int _length;

    /// <summary>Where the message lies.</summary>
    protected UnsafeBuffer Buffer { get; private set; } = new();

    /// <summary>The message's first byte.</summary>
    protected int Offset { get; private set; }

    /// <summary>Bytes that a message must have.</summary>
    protected abstract int MinimumLength { get; }

    /// <summary>Views a message of a length, to read it.</summary>
    /// <exception cref="ControlProtocolException">The message is too short.</exception>
    public void Wrap(UnsafeBuffer buffer, int offset, int length)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.BoundsCheck(offset, length);
        if (length < MinimumLength)
            ThrowMalformed($"too short: length={length} minimum={MinimumLength}");

        Buffer = buffer;
        Offset = offset;
        _length = length;
    }

    /// <summary>Views a whole buffer, to write a message at its start.</summary>
    public void Wrap(UnsafeBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        Wrap(buffer, 0, buffer.Capacity);
    }

    /// <summary>Reads a string at a field that holds its length. Names of files can have any character.</summary>
    protected string GetString(int fieldOffset) => Buffer.GetStringWithoutLengthUtf8(
        Offset + fieldOffset + sizeof(int), CheckedLength(fieldOffset));

    /// <summary>Writes a string and its length.</summary>
    protected void SetString(int fieldOffset, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Buffer.PutInt(Offset + fieldOffset, bytes.Length);
        Buffer.PutBytes(Offset + fieldOffset + sizeof(int), bytes.AsSpan());
    }

    /// <summary>Where the bytes end whose length is at a field.</summary>
    protected int StringEnd(int fieldOffset) => fieldOffset + sizeof(int) + CheckedLength(fieldOffset);

    /// <summary>The length at a field, which what follows it is checked to have.</summary>
    protected int CheckedLength(int fieldOffset)
    {
        if (fieldOffset < 0 || fieldOffset > _length - sizeof(int))
            ThrowMalformed($"no field at {fieldOffset}: length={_length}");

        var length = Buffer.GetInt(Offset + fieldOffset);
        if (length < 0 || length > _length - fieldOffset - sizeof(int))
            ThrowMalformed($"field of {length} bytes at {fieldOffset} exceeds the message: length={_length}");

        return length;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowMalformed(string reason) =>
        throw new ControlProtocolException(ErrorCode.MALFORMED_COMMAND, $"{GetType().Name} {reason}");
}
