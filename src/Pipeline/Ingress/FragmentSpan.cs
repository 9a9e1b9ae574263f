namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>Views a fragment where the transport left it.</summary>
internal static unsafe class FragmentSpan
{
    /// <summary>The bytes of a fragment in a log buffer, valid while its handler runs.</summary>
    public static ReadOnlySpan<byte> Of(IDirectBuffer buffer, int offset, int length) =>
        new((byte*)buffer.BufferPointer + offset, length);
}
