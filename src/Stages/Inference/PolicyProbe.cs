using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>Asks a backend for answers before it may decide, which warms it up as well.</summary>
public static class PolicyProbe
{
    private const int Contexts = 1_000;

    /// <summary>
    /// Whether every answer is one, on contexts within what the edge admits and far beyond; if not, why.
    /// </summary>
    public static bool TryPass(IPolicyBackend backend, out string reason)
    {
        ArgumentNullException.ThrowIfNull(backend);
        var outputs = default(PolicyOutputs);
        for (var i = 0; i < Contexts; i++)
        {
            var features = PolicyParity.Context(i);
            ((Span<float>)outputs).Fill(float.NaN);
            backend.Run(in features, ref outputs);
            if (PolicyBounds.IsValid(in outputs)) continue;
            reason = FormattableString.Invariant($"its outputs for context {i} are out of bounds or not finite");
            return false;
        }

        reason = "";
        return true;
    }
}
