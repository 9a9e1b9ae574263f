using ExecutionPipeline.Cli.Simulate;
using ExecutionPipeline.Cli.Tests.CommandLine;

namespace ExecutionPipeline.Cli.Tests.Simulate;

public sealed class FailureFiguresTests
{
    /// <summary>Who decides is part of what shows a broken rule.</summary>
    [TestCase("drawn", SimulatedInference.Drawn)]
    [TestCase("rules", SimulatedInference.Rules)]
    [TestCase("models", SimulatedInference.Models)]
    public void ShouldBeReadAsTheSameRunWhenItsCommandIsGiven(string inference, SimulatedInference expected)
    {
        var failure = new FailureFigures(7, "a rule", 99, 100, "crash,disk", "mixed", inference);
        var words = failure.Command.Split(' ').Skip(1).Where(static word => word != "--faults" && word != "crash,disk");

        var options = (SimulateOptions)Xp.Run([.. words]).Options!;

        Assert.That(
            (options.Seed, options.Events, options.Inference), Is.EqualTo((7ul, 100L, expected)));
        Assert.That(
            failure.Command, Does.StartWith("xp simulate --seed 7 --events 100 --faults crash,disk --lives mixed"));
    }
}
