namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>A version in 4 bytes: major, minor and patch in the lower three.</summary>
public static class SemanticVersion
{
    /// <summary>Packs a version.</summary>
    public static int Compose(int major, int minor, int patch) => (major << 16) | (minor << 8) | patch;

    /// <summary>The major part.</summary>
    public static int Major(int version) => (version >> 16) & 0xFF;

    /// <summary>The minor part.</summary>
    public static int Minor(int version) => (version >> 8) & 0xFF;

    /// <summary>The patch part.</summary>
    public static int Patch(int version) => version & 0xFF;

    /// <summary>As a human writes it.</summary>
    public static string ToString(int version) => $"{Major(version)}.{Minor(version)}.{Patch(version)}";
}
