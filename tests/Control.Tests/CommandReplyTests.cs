using ExecutionPipeline.Control.Api;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace ExecutionPipeline.Control.Tests;

/// <summary>What is noted for the audit of what the ring made of a command.</summary>
public sealed class CommandReplyTests
{
    [TestCase(CommandKind.Resume, RoutingOutcome.None, false, ExpectedResult = "done")]
    [TestCase(
        CommandKind.Resume, RoutingOutcome.None, true, ExpectedResult = "nothing changed",
        Description = "a kill overruled it")]
    [TestCase(CommandKind.Kill, RoutingOutcome.None, true, ExpectedResult = "done")]
    [TestCase(CommandKind.CancelOrder, RoutingOutcome.OrderChanged, false, ExpectedResult = "done")]
    [TestCase(CommandKind.CancelOrder, RoutingOutcome.NothingToDo, false, ExpectedResult = "nothing changed")]
    [TestCase(CommandKind.PauseOrder, RoutingOutcome.NothingToDo, false, ExpectedResult = "nothing changed")]
    [TestCase(CommandKind.ResumeOrder, RoutingOutcome.NothingToDo, false, ExpectedResult = "nothing changed")]
    [TestCase(CommandKind.CancelAll, RoutingOutcome.NothingToDo, false, ExpectedResult = "done")]
    public string ShouldNoteDoneOnlyWhenTheRingDidIt(CommandKind kind, RoutingOutcome outcome, bool isLatched)
    {
        var context = new DefaultHttpContext();
        var message = new byte[CommandResultEncoder.EncodedLength];
        _ = new CommandResultEncoder(message) { Kind = kind, Outcome = outcome, IsKillSwitchLatched = isLatched };
        var answer = new RingAnswer { Results = { message } };

        CommandReply.Of(context, "it", new RingReply(1, IsSent: true, answer), null!, NullLogger.Instance);

        return CallNote.Of(context).Outcome!;
    }

    [Test]
    public void ShouldNoteDoneWhenOneOfSeveralInstrumentsHadTheOrder()
    {
        var context = new DefaultHttpContext();
        var answer = new RingAnswer();
        foreach (var outcome in (RoutingOutcome[])[RoutingOutcome.NothingToDo, RoutingOutcome.OrderChanged])
        {
            var message = new byte[CommandResultEncoder.EncodedLength];
            _ = new CommandResultEncoder(message) { Kind = CommandKind.CancelOrder, Outcome = outcome };
            answer.Results.Add(message);
        }

        CommandReply.Of(context, "it", new RingReply(1, IsSent: true, answer), null!, NullLogger.Instance);

        Assert.That(CallNote.Of(context).Outcome, Is.EqualTo("done"));
    }
}
