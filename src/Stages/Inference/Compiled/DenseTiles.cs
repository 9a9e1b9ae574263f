namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>
/// How a layer's columns are cut: into tiles of registers whose sums are kept at once, so that one input serves all of
/// them and as many additions are under way as it takes to hide the latency of one.
/// </summary>
internal static class DenseTiles
{
    /// <summary>Rows that a mask's word tells of.</summary>
    public const int MaskBits = 64;

    /// <summary>The next tile's registers, when so many are left.</summary>
    public static int WidthOf(int vectors) => vectors >= 8 ? 8 : vectors >= 4 ? 4 : vectors >= 2 ? 2 : 1;
}
