using System.Diagnostics;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Swap;

namespace ExecutionPipeline.Stages.Tests.Inference.Swap;

/// <summary>Sessions of the native library come and go; what they took must come back.</summary>
[NonParallelizable]
public sealed class SwapMemoryTests
{
    private const int WarmUp = 100;
    private const int Swaps = 1_000;
    private const long SlackBytes = 48L << 20;

    [Test]
    public void ShouldLeaveMemoryWhereItWasWhenModelsAreSwappedAThousandTimes()
    {
        var stage = new InferenceStage(new RuleBasedPolicy(new RuleBasedPolicyOptions()));
        Swap(stage, WarmUp);
        var (managed, resident) = Memory();

        Swap(stage, Swaps);

        var (managedAfter, residentAfter) = Memory();
        TestContext.Out.WriteLine(
            $"managed {managed:#,0} -> {managedAfter:#,0} bytes, resident {resident:#,0} -> {residentAfter:#,0} bytes");
        Assert.That(stage.Models.Swaps, Is.EqualTo(WarmUp + Swaps));
        Assert.That(stage.Models.Slots.Live, Is.EqualTo(1), "only who decides lives");
        Assert.That(stage.Fallbacks, Is.Zero);
        Assert.That(managedAfter - managed, Is.LessThan(2L << 20));
        // One session and its model are half a megabyte: a leak of each would be ten times the slack.
        Assert.That(residentAfter - resident, Is.LessThan(SlackBytes));
        stage.Models.Slots.Dispose();
    }

    private static void Swap(InferenceStage stage, int count)
    {
        var models = ShippedModels.Open();
        for (var i = 0; i < count; i++)
        {
            var policy = LoadedPolicy.OpenOnnxRuntime(models, isSeparate: false);
            Assert.That(stage.Models.Slots.TryPrepare(policy, out var slot), Is.True);
            var swap = new PipelineEvent { Header = { Kind = EventKind.Model } };
            swap.Payload.Command = new Command
            {
                Kind = CommandKind.DeployModel,
                ModelVersion = (ulong)i + 1,
                ModelSlot = slot,
            };
            stage.OnEvent(ref swap);

            var signal = new PipelineEvent { Header = { Kind = EventKind.TradeQualified } };
            signal.Features = ContextSource.Calm();
            stage.OnEvent(ref signal);
            Assert.That(signal.Decision.Source, Is.EqualTo(DecisionSource.OnnxRuntime));
        }

        stage.Models.Slots.Collect();
    }

    private static (long Managed, long Resident) Memory()
    {
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        return (managed, process.WorkingSet64);
    }
}
