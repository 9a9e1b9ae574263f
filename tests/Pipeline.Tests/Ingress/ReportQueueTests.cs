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
    public void ShouldLoseNothingSilentlyWhenItIsFull()
    {
        var queue = new ReportQueue(RingSize, 12);
        Assert.That(
            () =>
            {
                while (true)
                    queue.OnReport(new ExecutionReport());
            },
            Throws.InvalidOperationException.With.Message.Contains("full"));
    }
}
