using ExecutionPipeline.Cli.Engine;

namespace ExecutionPipeline.Cli.Tests.Engine;

/// <summary>A run that is to end flat and cannot say so has not done all that it was asked for.</summary>
public sealed class CloseAllTests
{
    [TestCase(0, int.MaxValue, null)]
    [TestCase(3, int.MaxValue, null)]
    [TestCase(int.MaxValue, int.MaxValue, "takes no commands")]
    [TestCase(0, 0, "has gone")]
    public void ShouldSayWhyItWasNotSent(int busy, int goneAfter, string? problem)
    {
        var channel = new RecordingChannel { BusyAttempts = busy, GoneAfter = goneAfter };

        var patience = problem is null ? TimeSpan.FromSeconds(60) : TimeSpan.FromMilliseconds(20);
        var said = TacticalEngine.CloseAll(channel, 1, patience, CancellationToken.None);

        Assert.That(said, problem is null ? Is.Null : Does.Contain(problem));
        Assert.That(channel.Sent, Has.Count.EqualTo(problem is null ? 1 : 0));
    }
}
