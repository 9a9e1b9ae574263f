namespace ExecutionPipeline.Messages.Wire;

/// <summary>The values by which SBE says that an optional field is absent.</summary>
public static class WireNull
{
    public const byte UInt8 = byte.MaxValue;
    public const ushort UInt16 = ushort.MaxValue;
    public const uint UInt32 = uint.MaxValue;
    public const ulong UInt64 = ulong.MaxValue;
    public const int Int32 = int.MinValue;
    public const long Int64 = long.MinValue;
    public const float Single = float.NaN;
    public const double Double = double.NaN;
}
