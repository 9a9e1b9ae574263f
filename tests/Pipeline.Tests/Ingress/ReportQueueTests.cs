using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ingress;

namespace ExecutionPipeline.Pipeline.Tests.Ingress;

[TestFixture]
public sealed class ReportQueueTests
{
    private const int RingSize = 64;

    [TestCase(0)]
    [TestCase(12)]
    [TestCase(100)]
    public void ShouldHoldWhatAFullRingCanCauseWhenAsMuchAsTheMarkWaits(int protectionTicks)
    {
        var queue = new ReportQueue(RingSize, protectionTicks);
        for (var waiting = 0; waiting < RingSize; waiting++)
            queue.OnReport(default);
        Assert.That(queue.IsAboveHighWater, Is.False);

        // An acknowledgement, a fill at the touch and at each level behind it, an expiry.
        for (var report = 0; report < RingSize * (protectionTicks + 3); report++)
            queue.OnReport(default);

        Assert.That(queue.IsAboveHighWater, Is.True);
    }

    [Test]
    public void ShouldTakeEveryReportInOrderWhenMoreComeThanItWasLaidOutFor()
    {
        var queue = new ReportQueue(RingSize, 0);
        var taken = new TakenReports();
        ulong sent = 0;
        for (var round = 0; round < 3; round++)
        {
            for (var report = 0; report < 10 * RingSize; report++)
                queue.OnReport(new ExecutionReport { OrderId = ++sent });

            // Some are taken between two bursts: what still overflows must stay before what fits again.
            taken.Room = RingSize;
            queue.Drain(taken);
        }

        taken.Room = int.MaxValue;
        while (queue.Drain(taken))
        {
        }

        Assert.That(queue.Overflowed, Is.Positive);
        Assert.That(queue.Waiting, Is.Zero);
        Assert.That(taken.OrderIds, Is.EqualTo(Enumerable.Range(1, (int)sent).Select(static id => (ulong)id)));
        queue.OnReport(default);
        Assert.That(queue.Waiting, Is.EqualTo(1), "the memory of the start is used again");
    }

    // Four slots an event of the ring, and 44 more.
    [Test]
    public void ShouldTellWhatWaitsAndWhetherAnythingWasTakenWhenItOverflows()
    {
        const int slots = 4 * RingSize;
        var queue = new ReportQueue(RingSize, 0);
        for (var report = 0; report < slots + 44; report++)
            queue.OnReport(default);
        Assert.That((queue.Waiting, queue.Overflowed), Is.EqualTo((slots + 44L, 44L)));

        var taken = new TakenReports { Room = 10 };
        Assert.That(queue.Drain(taken), Is.True, "of the slots alone");
        Assert.That(queue.Drain(taken), Is.False, "there is no room");
        Assert.That(queue.Waiting, Is.EqualTo(slots + 34));
        taken.Room = slots - 10;
        Assert.That(queue.Drain(taken), Is.True);
        Assert.That(queue.Waiting, Is.EqualTo(44));
        taken.Room = 4;
        Assert.That(queue.Drain(taken), Is.True, "of the overflow alone");
        Assert.That((queue.Waiting, taken.Room), Is.EqualTo((40L, 0)), "no more than there is room for");
        taken.Room = int.MaxValue;
        Assert.That(queue.Drain(taken), Is.True);
        Assert.That(queue.Drain(taken), Is.False);
        Assert.That((queue.Waiting, queue.Overflowed), Is.EqualTo((0L, 44L)));
    }

    [TestCase(1, 0)]
    [TestCase(0, 1)]
    [TestCase(1, 1)]
    public void ShouldCountTheQueuesTogether(int first, int second)
    {
        const int slots = 4 * RingSize;
        var inbox = new ReportInbox(RingSize, 0);
        IReportSink[] queues = [inbox.OpenQueue(), inbox.OpenQueue()];
        foreach (var (queue, count) in queues.Zip((int[])[first, second]))
        {
            for (var report = 0; report < count * (slots + 3); report++)
                queue.OnReport(default);
        }

        Assert.That(inbox.Waiting, Is.EqualTo((first + second) * (slots + 3)));
        Assert.That(inbox.Overflowed, Is.EqualTo((first + second) * 3));
        Assert.That(inbox.IsAboveHighWater, Is.True);
        var taken = new TakenReports();
        Assert.That(inbox.Drain(taken), Is.True);
        while (inbox.Drain(taken))
        {
        }

        Assert.That(taken.Reports, Has.Count.EqualTo((first + second) * (slots + 3)));
        Assert.That((inbox.Waiting, inbox.IsAboveHighWater), Is.EqualTo((0L, false)));
    }

    [Test]
    public void ShouldGiveEachThreadThatReportsAQueueOfItsOwn()
    {
        const int producers = 4;
        const int reports = 20_000;
        var inbox = new ReportInbox(RingSize, 0);
        var threads = Enumerable.Range(0, producers).Select(producer =>
        {
            var sink = inbox.OpenQueue();
            return new Thread(() =>
            {
                for (var report = 1; report <= reports; report++)
                    sink.OnReport(new ExecutionReport { InstrumentIndex = producer, OrderId = (ulong)report });
            });
        }).ToList();
        threads.ForEach(static thread => thread.Start());
        var taken = new TakenReports();
        var isWhole = SpinWait.SpinUntil(
            () =>
            {
                inbox.Drain(taken);
                return taken.Reports.Count == producers * reports;
            },
            TimeSpan.FromSeconds(60));
        threads.ForEach(static thread => thread.Join());

        Assert.That(isWhole, $"{taken.Reports.Count} of {producers * reports}");
        foreach (var producer in taken.Reports.GroupBy(static report => report.InstrumentIndex))
            Assert.That(producer.Select(static report => report.OrderId), Is.Ordered.Ascending.And.Unique);
    }

    private sealed class TakenReports : IReportReceiver
    {
        public int Room { get; set; } = int.MaxValue;

        public List<ExecutionReport> Reports { get; } = [];

        public IEnumerable<ulong> OrderIds => Reports.Select(static report => report.OrderId);

        public bool HasRoom => Room > 0;

        public void OnReport(in ExecutionReport report)
        {
            Room--;
            Reports.Add(report);
        }
    }
}
