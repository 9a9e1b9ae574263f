namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>The registers that linear layers are computed with. All give the same bits.</summary>
internal enum LaneWidth
{
    /// <summary>Every processor.</summary>
    Bits128 = 128,

    /// <summary>AVX2.</summary>
    Bits256 = 256,

    /// <summary>AVX-512.</summary>
    Bits512 = 512,
}
