namespace ExecutionPipeline.Messages.Tests.Conformance;

/// <summary>A field as the schema file describes it.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="Id">The field's id.</param>
/// <param name="Type">The name of its type in the schema.</param>
/// <param name="Primitive">The primitive type that it is made of.</param>
/// <param name="Offset">Bytes from the block's start.</param>
/// <param name="Count">How many primitives it has.</param>
/// <param name="IsOptional">Whether it may be null.</param>
/// <param name="SinceVersion">The version that brought it; 0 when it came with the message.</param>
/// <param name="Description">What it means.</param>
internal sealed record SbeField(
    string Name,
    int Id,
    string Type,
    string Primitive,
    int Offset,
    int Count,
    bool IsOptional,
    int SinceVersion,
    string Description)
{
    public int PrimitiveSize => Primitive switch
    {
        "uint8" or "int8" => 1,
        "uint16" => 2,
        "uint32" or "int32" or "float" => 4,
        "uint64" or "int64" or "double" => 8,
        _ => throw new NotSupportedException($"Primitive type {Primitive}."),
    };

    public int Size => PrimitiveSize * Count;

    public int End => Offset + Size;
}
