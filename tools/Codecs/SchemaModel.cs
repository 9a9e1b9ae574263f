namespace ExecutionPipeline.Codecs;

/// <summary>A message schema as its file describes it, checked.</summary>
internal sealed class SbeSchema(int id, int version, IReadOnlyList<SbeEnum> enums, IReadOnlyList<SbeMessage> messages)
{
    public int Id => id;

    public int Version => version;

    /// <summary>Enumerations and sets, without the truth values that C# has a type for.</summary>
    public IReadOnlyList<SbeEnum> Enums => enums;

    public IReadOnlyList<SbeMessage> Messages => messages;
}

/// <summary>An enumeration, or a set of bits.</summary>
internal sealed class SbeEnum(
    string name, string description, SbePrimitive primitive, bool isSet, IReadOnlyList<SbeValue> values)
{
    public string Name => name;

    public string Description => description;

    public SbePrimitive Primitive => primitive;

    public bool IsSet => isSet;

    public IReadOnlyList<SbeValue> Values => values;
}

/// <summary>A value of an enumeration, or the number of a set's bit.</summary>
internal sealed class SbeValue(string name, string description, int number)
{
    public string Name => name;

    public string Description => description;

    public int Number => number;
}

/// <summary>A message: a template of the schema.</summary>
internal sealed class SbeMessage(
    string name, string description, int id, int blockLength, int leastBlockLength, IReadOnlyList<SbeField> fields)
{
    /// <summary>As the schema writes it: TRADE_QUALIFIED.</summary>
    public string Name => name;

    /// <summary>As C# writes it: TradeQualified.</summary>
    public string TypeName { get; } = string.Concat(
        name.Split('_').Where(word => word.Length > 0).Select(word => word[0] + word.Substring(1).ToLowerInvariant()));

    public string Description => description;

    public int Id => id;

    /// <summary>Bytes of the block in this version.</summary>
    public int BlockLength => blockLength;

    /// <summary>Bytes of the block in the version that brought the message.</summary>
    public int LeastBlockLength => leastBlockLength;

    public IReadOnlyList<SbeField> Fields => fields;
}

/// <summary>A field of a message.</summary>
internal sealed class SbeField(
    string name, string description, int id, int offset, int sinceVersion, SbeType type, bool isOptional)
{
    public string Name => name;

    public string Description => description;

    public int Id => id;

    /// <summary>Bytes from the start of the block.</summary>
    public int Offset => offset;

    /// <summary>0 where it came with the message.</summary>
    public int SinceVersion => sinceVersion;

    public SbeType Type => type;

    /// <summary>Whether null says that it is absent.</summary>
    public bool IsOptional => isOptional;

    /// <summary>As C# writes it: signalId becomes SignalId.</summary>
    public string PropertyName => SchemaNames.Pascal(name);

    public int End => offset + type.Primitive.Size * type.Length;
}

/// <summary>What a field holds, and how C# sees it.</summary>
internal enum SbeTypeKind
{
    /// <summary>A primitive as it is.</summary>
    Number,

    /// <summary>A mantissa whose exponent is a constant.</summary>
    Decimal,

    /// <summary>A truth value.</summary>
    Truth,
    Enumeration,
    Set,

    /// <summary>A fixed number of primitives.</summary>
    Array,
}

/// <summary>The type of a field.</summary>
internal sealed class SbeType(
    string name,
    string description,
    SbeTypeKind kind,
    SbePrimitive primitive,
    bool isOptional,
    int length = 1,
    int exponent = 0)
{
    public string Name => name;

    /// <summary>Empty for a primitive.</summary>
    public string Description => description;

    public SbeTypeKind Kind => kind;

    /// <summary>What is on the wire, <see cref="Length"/> times.</summary>
    public SbePrimitive Primitive => primitive;

    public bool IsOptional => isOptional;

    public int Length => length;

    /// <summary>The power of ten that a decimal is multiplied by.</summary>
    public int Exponent => exponent;
}

/// <summary>A primitive type of the wire, with its names in C# and in the block's reader.</summary>
internal sealed class SbePrimitive(string name, string keyword, string readerName, int size)
{
    private static readonly SbePrimitive[] Known =
    [
        new("uint8", "byte", "UInt8", 1), new("uint16", "ushort", "UInt16", 2), new("uint32", "uint", "UInt32", 4),
        new("uint64", "ulong", "UInt64", 8), new("int32", "int", "Int32", 4), new("int64", "long", "Int64", 8),
        new("float", "float", "Single", 4), new("double", "double", "Double", 8),
    ];

    public string Name => name;

    public string Keyword => keyword;

    public string ReaderName => readerName;

    public int Size => size;

    /// <summary>Null when there is none of that name, or the codecs do not support it.</summary>
    public static SbePrimitive? Find(string name) => Array.Find(Known, primitive => primitive.Name == name);
}

/// <summary>From the schema's names to those of C#.</summary>
internal static class SchemaNames
{
    /// <summary>signalId becomes SignalId.</summary>
    public static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);

    /// <summary>The name of one element: Features becomes Feature, Probabilities becomes Probability.</summary>
    public static string Singular(string name) =>
        name.EndsWith("ies", StringComparison.Ordinal) ? name.Substring(0, name.Length - 3) + "y"
        : name.EndsWith("s", StringComparison.Ordinal) ? name.Substring(0, name.Length - 1)
        : name;
}
