namespace ExecutionPipeline.Daemon.Tests;

[TestFixture]
public sealed class EndRequestTests
{
    private const long NowMs = 5_000_000;

    [Test]
    public void ShouldTakeASecondSignalForAnotherIntentWhenItComesASecondLater()
    {
        var request = new EndRequest();
        Assert.That(request.IsMade, Is.False);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(request.TryMake(NowMs, out var isFirst), Is.True);
            Assert.That(isFirst, Is.True);
            Assert.That(request.IsMade, Is.True);
            Assert.That(request.TryMake(NowMs + 999, out isFirst), Is.True);
            Assert.That(isFirst, Is.False);
            Assert.That(request.TryMake(NowMs + 1_000, out isFirst), Is.False);
            Assert.That(isFirst, Is.False);
        }
    }

    /// <summary>As right after the machine's start.</summary>
    [Test]
    public void ShouldBeMadeWhenTheClockIsAtZero()
    {
        var request = new EndRequest();

        Assert.That(request.TryMake(0, out var isFirst) && isFirst, Is.True);
        Assert.That(request.IsMade, Is.True);
        Assert.That(request.TryMake(0, out isFirst), Is.True);
        Assert.That(isFirst, Is.False);
    }

    [Test]
    public void ShouldBeOneIntentWhenManySignalsComeAtOnce()
    {
        const int threads = 2;
        const int rounds = 20_000;
        var requests = Enumerable.Range(0, rounds).Select(static _ => new EndRequest()).ToArray();
        var (arrived, firsts, others) = (0, 0, 0);
        var all = Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var round = 0; round < rounds; round++)
                {
                    Interlocked.Increment(ref arrived);
                    var spin = default(SpinWait);
                    while (Volatile.Read(ref arrived) < threads * (round + 1))
                        spin.SpinOnce(sleep1Threshold: -1);
                    if (!requests[round].TryMake(NowMs, out var isFirst))
                        Interlocked.Increment(ref others);
                    if (isFirst)
                        Interlocked.Increment(ref firsts);
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();

        Task.WaitAll(all);

        Assert.That(firsts, Is.EqualTo(rounds));
        Assert.That(others, Is.Zero, "none ends the process as usual");
    }
}
