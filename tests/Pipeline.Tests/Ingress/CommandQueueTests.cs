using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ingress;

namespace ExecutionPipeline.Pipeline.Tests.Ingress;

public class CommandQueueTests
{
    private const int Reason = 7;
    private const int Capacity = 3;

    [Test]
    public void ShouldGiveCommandsInTheirOrderWhenItGoesRoundSeveralTimes()
    {
        var queue = new CommandQueue(Capacity);
        List<ulong> taken = [];
        for (ulong id = 1; id <= 20; id++)
        {
            queue.Add(new EventHeader { CorrelationId = id }, CommandOf(CommandKind.Kill, (long)id));
            // Two wait most of the time, so that they lie over the end of the array at times.
            if (id < 2)
                continue;

            Assert.That(queue.Command.SendTimeNs, Is.EqualTo((long)queue.Header.CorrelationId), "they belong together");
            taken.Add(queue.Header.CorrelationId);
            queue.RemoveOldest();
        }

        Assert.That(taken, Is.EqualTo(Enumerable.Range(1, 19).Select(static id => (ulong)id)));
        Assert.That(queue.IsEmpty, Is.False);
        queue.RemoveOldest();
        Assert.That(queue.IsEmpty, Is.True);
    }

    [Test]
    public void ShouldHaveRoomForWhatIsLeftWhenSomeWait()
    {
        var queue = new CommandQueue(Capacity);
        Assert.That((queue.HasRoomFor(Capacity), queue.HasRoomFor(Capacity + 1)), Is.EqualTo((true, false)));

        queue.Add(default, CommandOf(CommandKind.Kill, 1));
        Assert.That((queue.HasRoomFor(Capacity - 1), queue.HasRoomFor(Capacity)), Is.EqualTo((true, false)));

        queue.RemoveOldest();
        Assert.That(queue.HasRoomFor(Capacity), Is.True);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void ShouldOverruleEachResumeThatWaitsWhereverItLies(int passed)
    {
        var queue = new CommandQueue(Capacity);
        for (var i = 0; i < passed; i++)
        {
            queue.Add(default, CommandOf(CommandKind.CloseAll, 1));
            queue.RemoveOldest();
        }

        foreach (var kind in (CommandKind[])[CommandKind.Resume, CommandKind.CloseAll, CommandKind.Resume])
            queue.Add(default, CommandOf(kind, 100));

        queue.OverruleResumes(killNs: 50);

        Assert.That(Reasons(queue), Is.EqualTo(new[] { 0, Reason, 0 }));
    }

    [Test]
    public void ShouldOverruleALaterResumeWhenItWasSentBeforeTheKill()
    {
        var queue = new CommandQueue(Capacity);
        queue.OverruleResumes(killNs: 50);
        queue.OverruleResumes(killNs: 40);

        queue.Add(default, CommandOf(CommandKind.Resume, 49));
        queue.Add(default, CommandOf(CommandKind.Resume, 50));
        queue.Add(default, CommandOf(CommandKind.CloseAll, 49));

        Assert.That(Reasons(queue), Is.EqualTo(new[] { 0, Reason, Reason }), "the later of two kills counts");
    }

    private static Command CommandOf(CommandKind kind, long sendTimeNs) =>
        new() { Kind = kind, Reason = Reason, SendTimeNs = sendTimeNs };

    private static List<int> Reasons(CommandQueue queue)
    {
        List<int> reasons = [];
        for (; !queue.IsEmpty; queue.RemoveOldest())
            reasons.Add(queue.Command.Reason);
        return reasons;
    }
}
