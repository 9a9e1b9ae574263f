using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Pipeline.Tests.Support;

/// <summary>Versions of models that cost nothing to open: rules of several tempers, and nonsense.</summary>
internal static class MixedModels
{
    public const int Versions = 5;

    private const ulong Broken = 3;

    public static LoadedPolicy Open(ModelVersion version) =>
        new(BackendOf(version.Prefix), version.ToString(), null) { Version = version };

    /// <summary>Lays ready what a command deploys, as the model loader does beside a run.</summary>
    public static void Prepare(StageChain chain, ref Command command)
    {
        if (!command.NamesModels)
            return;

        var policy = Open(new ModelVersion(command.ModelVersion));
        Assert.That(chain.Inference.Models.Slots.TryPrepare(policy, out command.ModelSlot), "no slot is free");
    }

    private static IPolicyBackend BackendOf(ulong version) => version == Broken
        ? new BrokenPolicy()
        : new RuleBasedPolicy(new RuleBasedPolicyOptions { FullSizeFraction = 0.05 * version });

    private sealed class BrokenPolicy : IPolicyBackend
    {
        public DecisionSource Source => DecisionSource.OnnxRuntime;

        public void Run(ref readonly ContextFeatures features, ref PolicyOutputs outputs) =>
            ((Span<float>)outputs).Fill(float.NaN);
    }
}
