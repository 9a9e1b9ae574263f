using System.Buffers.Binary;

namespace ExecutionPipeline.Messages.Tests.Conformance;

/// <summary>A message as the schema file describes it.</summary>
internal sealed record SbeMessage(string Name, int Id, int BlockLength, IReadOnlyList<SbeField> Fields)
{
    private const int HeaderSize = 8;

    /// <summary>Where the fields that came with the message end, in bytes from the start of the block.</summary>
    public int FirstEnd => Fields.Where(one => one.SinceVersion == 0).Max(one => one.End);

    /// <summary>Every field of an encoded message by name, null where its value is the schema's null.</summary>
    public Dictionary<string, object?> Read(byte[] message)
    {
        var values = new Dictionary<string, object?>();
        foreach (var field in Fields)
        {
            for (var i = 0; i < field.Count; i++)
            {
                var bytes = message.AsSpan(HeaderSize + field.Offset + i * field.PrimitiveSize, field.PrimitiveSize);
                values[field.Count == 1 ? field.Name : $"{field.Name}[{i}]"] = ReadPrimitive(field, bytes);
            }
        }

        return values;
    }

    /// <summary>The bytes of header and block that no field covers.</summary>
    public IEnumerable<int> PaddingOffsets() => Enumerable.Range(0, BlockLength)
        .Where(offset => !Fields.Any(field => offset >= field.Offset && offset < field.End))
        .Select(offset => HeaderSize + offset);

    private static object? ReadPrimitive(SbeField field, ReadOnlySpan<byte> bytes)
    {
        (object value, bool isNull) = field.Primitive switch
        {
            "uint8" => ((object)(ulong)bytes[0], bytes[0] == 0xFF),
            "uint16" => ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(bytes), false),
            "uint32" => ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes), !bytes.ContainsAnyExcept((byte)0xFF)),
            "uint64" => (BinaryPrimitives.ReadUInt64LittleEndian(bytes), !bytes.ContainsAnyExcept((byte)0xFF)),
            "int32" => ((long)BinaryPrimitives.ReadInt32LittleEndian(bytes), false),
            "int64" => ReadInt64(bytes),
            "float" => ReadFloat(BinaryPrimitives.ReadSingleLittleEndian(bytes)),
            "double" => ReadFloat(BinaryPrimitives.ReadDoubleLittleEndian(bytes)),
            _ => throw new NotSupportedException(field.Primitive),
        };
        return field.IsOptional && isNull ? null : value;
    }

    private static (object Value, bool IsNull) ReadInt64(ReadOnlySpan<byte> bytes)
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        return (value, value == long.MinValue);
    }

    private static (object Value, bool IsNull) ReadFloat(double value) => (value, double.IsNaN(value));
}
