using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;

namespace ExecutionPipeline.Messages.Tests.Ingress;

public class RejectCountersTests
{
    [Test]
    public void ShouldCountByReasonWhenMessagesAreRefused()
    {
        var counters = new RejectCounters();
        counters.Count(RejectReason.NotFinite);
        counters.Count(RejectReason.NotFinite);
        counters.Count(RejectReason.Fragmented);
        Assert.Multiple(() =>
        {
            Assert.That(counters[RejectReason.NotFinite], Is.EqualTo(2));
            Assert.That(counters[RejectReason.Fragmented], Is.EqualTo(1));
            Assert.That(counters[RejectReason.TooShort], Is.Zero);
            Assert.That(counters.Total, Is.EqualTo(3));
        });
    }

    [Test]
    public void ShouldNameEachReasonAsItsMemberIsNamedWhenReported()
    {
        var reasons = Enum.GetValues<RejectReason>();
        Assert.Multiple(() =>
        {
            Assert.That(RejectCounters.ReasonCount, Is.EqualTo(reasons.Length));
            Assert.That(reasons.Select(reason => (int)reason), Is.EqualTo(Enumerable.Range(0, reasons.Length)));
            foreach (var reason in reasons)
                Assert.That(
                    RejectCounters.NameOf(reason).Replace("_", ""), Is.EqualTo(reason.ToString().ToLowerInvariant()));
        });
    }
}
