using System.Runtime.Intrinsics;

namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>An operation on each element of two vectors, or of the first.</summary>
internal interface IElementwise
{
    static abstract Vector128<float> Apply(Vector128<float> left, Vector128<float> right);
}
