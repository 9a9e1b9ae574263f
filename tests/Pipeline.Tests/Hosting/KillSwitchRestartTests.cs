using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Hosting;

/// <summary>The kill switch of a running pipeline, from outside and over restarts.</summary>
[TestFixture]
public class KillSwitchRestartTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xp-restart-").FullName;

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldStayLatchedWhenThePipelineIsStartedAnew()
    {
        var state = new StateOptions { KillSwitchFile = Path.Combine(_folder, "state.json") };
        using (var first = new LivePipeline(Topology.Fused, state: state))
        {
            first.SendCommand(CommandKind.Kill);
            first.Await(() => first.Host.Chain.Risk.IsKilled);
            first.Await(() => first.Received.GetValueOrDefault(RiskStateLayout.TemplateId) == 1);
        }

        using (var second = new LivePipeline(Topology.Inline, state: state))
        {
            second.SendQuote();
            second.SendSignal(1);
            second.Await(() => second.Host.Chain.Telemetry.SignalsSeen == 1);
            Assert.That(second.Host.Chain.Risk.IsKilled, Is.True);
            Assert.That(second.Host.Chain.Routing.OrdersSent, Is.Zero);
            second.Await(() => second.Received.GetValueOrDefault(RiskViolationLayout.TemplateId) == 1);
            second.SendCommand(CommandKind.Resume);
            second.Await(() => !second.Host.Chain.Risk.IsKilled);
        }

        using var third = new LivePipeline(Topology.Inline, state: state);
        third.SendQuote();
        third.SendSignal(1);
        third.Await(() => third.Host.Chain.Routing.OrdersSent == 1);
    }
}
