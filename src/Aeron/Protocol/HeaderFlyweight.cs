namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>
/// What every frame starts with.
/// <code>
///   0                4         5       6      8
///   | frame length   | version | flags | type |
/// </code>
/// </summary>
public static class HeaderFlyweight
{
    /// <summary>Offset of the length, header included.</summary>
    public const int FrameLengthFieldOffset = 0;

    /// <summary>Offset of the version.</summary>
    public const int VersionFieldOffset = 4;

    /// <summary>Offset of the flags.</summary>
    public const int FlagsFieldOffset = 5;

    /// <summary>Offset of the type.</summary>
    public const int TypeFieldOffset = 6;

    /// <summary>The version that this project writes.</summary>
    public const byte CurrentVersion = 0;

    /// <summary>The type of padding, which readers skip.</summary>
    public const int HeaderTypePad = 0;

    /// <summary>The type of data.</summary>
    public const int HeaderTypeData = 1;
}
