using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ExecutionPipeline.Stages.Inference.Onnx;

/// <summary>
/// Walks the fields of one protobuf message in place. Nested messages are slices of the same memory, so a length can
/// never reach beyond its parent, and hostile input ends in an <see cref="OnnxFormatException"/>.
/// </summary>
internal ref struct ProtobufReader
{
    private const int VarintBytesMax = 10;
    private readonly ReadOnlySpan<byte> _message;
    private int _position;
    private int _fieldStart;

    public ProtobufReader(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>Number of the field that <see cref="TryReadField"/> stopped at.</summary>
    public int Field { get; private set; }

    /// <summary>All bytes of the field that was read or skipped last, with its number and length.</summary>
    public readonly ReadOnlySpan<byte> LastField => _message[_fieldStart.._position];

    private WireType Wire { get; set; }

    /// <summary>Moves to the next field; its value must then be read or skipped.</summary>
    public bool TryReadField()
    {
        if (_position == _message.Length) return false;
        _fieldStart = _position;
        var tag = ReadVarint();
        if (tag > uint.MaxValue || tag >> 3 == 0) Refuse("a field has no valid number");
        Field = (int)(tag >> 3);
        Wire = (WireType)(tag & 7);
        return true;
    }

    public long ReadInteger()
    {
        Expect(WireType.Varint);
        return (long)ReadVarint();
    }

    public float ReadFloat()
    {
        Expect(WireType.Fixed32);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));
    }

    public ReadOnlySpan<byte> ReadBytes()
    {
        Expect(WireType.LengthDelimited);
        var length = ReadVarint();
        if (length > int.MaxValue) Refuse("a length is out of range");
        return Take((int)length);
    }

    public string ReadString() => Encoding.UTF8.GetString(ReadBytes());

    /// <summary>Reads a repeated integer's one element, or a packed run of them.</summary>
    public void ReadIntegersInto(List<long> values)
    {
        if (Wire == WireType.Varint)
        {
            values.Add((long)ReadVarint());
            return;
        }

        var packed = new ProtobufReader(ReadBytes());
        while (packed._position < packed._message.Length) values.Add((long)packed.ReadVarint());
    }

    /// <summary>Reads a repeated float's one element, or a packed run of them.</summary>
    public void ReadFloatsInto(List<float> values)
    {
        if (Wire == WireType.Fixed32)
        {
            values.Add(ReadFloat());
            return;
        }

        var packed = ReadBytes();
        if (packed.Length % sizeof(float) != 0) Refuse("a run of floats ends within one");
        for (var i = 0; i < packed.Length; i += sizeof(float))
        {
            values.Add(BinaryPrimitives.ReadSingleLittleEndian(packed[i..]));
        }
    }

    public void Skip()
    {
        switch (Wire)
        {
            case WireType.Varint: ReadVarint(); break;
            case WireType.Fixed64: Take(sizeof(ulong)); break;
            case WireType.LengthDelimited: ReadBytes(); break;
            case WireType.Fixed32: Take(sizeof(uint)); break;
            default: Refuse($"field {Field} has wire type {(int)Wire}"); break;
        }
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var i = 0; i < VarintBytesMax; i++)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80) return value;
        }

        Refuse("a number is longer than ten bytes");
        return 0;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _message.Length - _position) Refuse("it ends within a field");
        var taken = _message.Slice(_position, length);
        _position += length;
        return taken;
    }

    private readonly void Expect(WireType wire)
    {
        if (Wire != wire) Refuse($"field {Field} has wire type {(int)Wire} in place of {(int)wire}");
    }

    [DoesNotReturn]
    private static void Refuse(string what) => throw new OnnxFormatException($"not an ONNX model: {what}");

    private enum WireType
    {
        Varint = 0,
        Fixed64 = 1,
        LengthDelimited = 2,
        Fixed32 = 5,
    }
}
