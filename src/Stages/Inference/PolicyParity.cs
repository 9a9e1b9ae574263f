using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>
/// Holds one backend against another before it is trusted: the same seeded contexts, within what the edge admits, at
/// its ends and far beyond it.
/// </summary>
public static class PolicyParity
{
    public const int Contexts = 10_000;

    /// <summary>
    /// Largest difference of an output, of a probability or an ATR multiple, beside the share of it that
    /// <see cref="RelativeTolerance"/> is: the two together are about what single precision leaves of a sum over a
    /// layer of some hundred inputs.
    /// </summary>
    public const float AbsoluteTolerance = 1e-5f;

    /// <summary>Largest difference as a share of the output.</summary>
    public const float RelativeTolerance = 1e-5f;

    private const ulong Seed = 0x5EED;
    private const float Beyond = 20f;
    private const float Extreme = 1e6f;

    private static readonly (float Low, float High)[] Ranges =
    [
        (-1, 1), (0, 1), (0, 1), (0, 1), (0, 5), (0, 4), (0, 5), (0, 0.02f), (-100, 100), (0, 1), (-0.05f, 0.05f),
        (0, 1.2f), (0, 1.2f), (0, 60), (0, 1),
    ];

    /// <summary>Whether the two agree; if not, on what not.</summary>
    public static bool TryMatch(IPolicyBackend reference, IPolicyBackend candidate, out string reason)
    {
        PolicyOutputs expected = default, found = default;
        for (var i = 0; i < Contexts; i++)
        {
            var features = Context(i);
            if (!PolicyProbe.TryRun(reference, in features, ref expected, out reason)
                || !PolicyProbe.TryRun(candidate, in features, ref found, out reason))
            {
                reason = $"a run on context {i} failed: {reason}";
                return false;
            }

            for (var j = 0; j < PolicyOutputs.Count; j++)
            {
                // No answer is an answer too, when both give none.
                if (IsWithin(expected[j], found[j])) continue;
                if (float.IsNaN(expected[j]) && float.IsNaN(found[j])) continue;
                reason = FormattableString.Invariant(
                    $"context {i}, output {j}: {found[j]:R} in place of {expected[j]:R}");
                return false;
            }
        }

        reason = "";
        return true;
    }

    private static bool IsWithin(float expected, float found) =>
        Math.Abs(expected - found) <= AbsoluteTolerance + RelativeTolerance * Math.Abs(expected);

    /// <summary>The context of a number; the first has every feature at its lower end.</summary>
    public static ContextFeatures Context(int index)
    {
        var features = default(ContextFeatures);
        for (var i = 0; i < ContextFeatures.Count; i++)
        {
            var (low, high) = Ranges[i];
            var draw = Philox.Draw(Seed, (ulong)index, (ulong)i);
            var unit = Philox.ToUnit(draw.X);
            features[i] = (index == 0 ? 0 : draw.Y % 40) switch
            {
                0 or 1 => low,
                2 or 3 => high,
                4 or 5 => low + Beyond * (high - low) * unit,
                6 => draw.Z % 2 == 0 ? Extreme : -Extreme,
                7 => 0f,
                _ => low + (high - low) * unit,
            };
        }

        return features;
    }
}
