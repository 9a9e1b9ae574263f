using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Pipeline.Tests.Hosting;

[TestFixture]
public sealed class LastCancelsTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Test]
    public void ShouldAskEachVenueOnceWhenAllAreReached()
    {
        Line[] lines = [new(_ => true), new(_ => true)];
        Assert.That(LastCancels.Send(lines, timeNs: 7, Long), Is.Null);
        Assert.That(lines.Select(static line => string.Join(" ", line.AskedAt)), Is.EqualTo(new[] { "7", "7" }));
    }

    [Test]
    public void ShouldAskThoseAgainThatWereNotReachedAndNoOthers()
    {
        Line[] lines = [new(static time => time == 3), new(_ => true)];
        Assert.That(LastCancels.Send(lines, timeNs: 7, Long), Is.Null);
        Assert.That(lines.Select(static line => line.AskedAt.Count), Is.EqualTo(new[] { 3, 1 }));
    }

    [Test]
    public void ShouldAskTheOthersAndSayWhichWhenOneThrowsAndOneIsNeverReached()
    {
        Line[] lines = [new(_ => throw new IOException("no line")), new(_ => false), new(_ => true)];
        Assert.That(
            LastCancels.Send(lines, timeNs: 7, Short),
            Is.EqualTo("what rests may not be cancelled: venue 0: no line, venue 1 was not reached"));
        Assert.That(lines[2].AskedAt, Has.Count.EqualTo(1));
    }

    /// <param name="isReached">By the number of the attempt, from 1.</param>
    private sealed class Line(Func<int, bool> isReached) : IVenueGateway
    {
        public List<long> AskedAt { get; } = [];

        public bool TryCancelAll(long timeNs)
        {
            AskedAt.Add(timeNs);
            return isReached(AskedAt.Count);
        }

        public void Submit(in Order order, long timeNs) => throw new NotSupportedException();

        public void Cancel(in Order order, long timeNs) => throw new NotSupportedException();

        public void Replace(in Order order, in OrderTerms terms, long timeNs) => throw new NotSupportedException();

        public void RequestStatus(in Order order, long timeNs) => throw new NotSupportedException();

        public void RequestOpenOrders(long timeNs) => throw new NotSupportedException();
    }
}
