using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Tests.Processes;

public sealed class CrossProcessTests : AeronTestBase
{
    private const int TimeoutMs = 10_000;

    [TestCase("publish", 100, 20_000)]
    [TestCase("publish-exclusive", 100, 20_000)]
    [TestCase("publish", 5000, 1_000)]
    [TestCase("publish-exclusive", 5000, 1_000)]
    public void ShouldLoseNothingBetweenProcesses(string role, int length, int count)
    {
        using var driver = new HostProcess("driver", Directory);
        driver.Await("READY");
        using var subscriber = new HostProcess("subscribe", Directory, "aeron:ipc", StreamId, count);
        subscriber.Await("READY");
        using var publisher = new HostProcess(role, Directory, Channel, StreamId, count, length);
        publisher.Await("READY");
        Assert.That(subscriber.Await("DONE"), Is.EqualTo($"{count}"));
        publisher.Await("DONE");
        Assert.That(driver.End(), Is.Zero);
        Assert.That(System.IO.Directory.Exists(Directory), Is.False);
    }

    [Test]
    public void ShouldFreeWhatAProcessHeldWhenItIsKilled()
    {
        LaunchDriver(FastTimeouts);
        var aeron = Connect();
        var subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        var publication = aeron.AddExclusivePublication(Channel, StreamId + 1);
        using var host = new HostProcess("hold", Directory, Channel, StreamId);
        host.Await("READY");
        Await(() => subscription.IsConnected && publication.IsConnected, "connection");
        host.Kill();
        Await(() => !subscription.IsConnected && !publication.IsConnected, "the driver to notice");
        var reader = aeron.CountersReader;
        Await(() => reader.GetCounterValue((int)SystemCounterId.ClientTimeouts) == 1, "the time-out to be counted");
        Await(
            () => System.IO.Directory.GetFiles(Directory, "*.logbuffer", SearchOption.AllDirectories).Length == 1,
            "the killed client's log to be deleted");
    }

    [Test]
    public void ShouldGoOnWhenAProcessIsKilledWithinAClaim()
    {
        LaunchDriver(FastTimeouts);
        var aeron = Connect();
        var subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        var publication = aeron.AddPublication(Channel, StreamId);
        using var host = new HostProcess("claim", Directory, Channel, StreamId);
        host.Await("READY");
        host.Kill();
        Await(() => publication.Offer(new UnsafeBuffer(new byte[8])) > 0, "an offer after the claim");
        var received = 0;
        Await(() => (received += subscription.Poll((_, _, _, _) => { }, 10)) == 1, "the message after the claim");
    }

    [Test]
    public void ShouldReceiveEverythingUpToWhereAPublisherWasKilled()
    {
        LaunchDriver(FastTimeouts);
        var aeron = Connect();
        for (var round = 0; round < 3; round++)
        {
            using var subscription = aeron.AddSubscription("aeron:ipc", StreamId);
            using var host = new HostProcess("publish-exclusive", Directory, Channel, StreamId, 0, 200);
            host.Await("READY");
            var next = 0L;
            FragmentHandler handler = (buffer, offset, _, _) => Assert.That(buffer.GetLong(offset), Is.EqualTo(next++));
            Await(() => subscription.Poll(handler, 100) >= 0 && next > 5_000, "messages");
            host.Kill();
            Await(() => subscription.Poll(handler, 100) >= 0 && subscription.HasNoImages, "the end of the stream");
            Assert.That(Errors, Is.Empty);
        }
    }

    [Test]
    public void ShouldReportThatTheDriverHasGoneWhenItIsKilled()
    {
        using var driver = new HostProcess("driver", Directory);
        driver.Await("READY");
        var aeron = Connect(context => context.DriverTimeoutMs(TimeoutMs));
        var publication = aeron.AddPublication(Channel, StreamId);
        var subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        driver.Kill();
        Await(() => publication.IsClosed && subscription.IsClosed, "the client to notice");
        Await(() => Errors.Count > 0, "the error");
        Assert.That(Errors[0], Is.TypeOf<DriverTimeoutException>().With.Message.Contain(Directory));
        Assert.That(publication.Offer(new UnsafeBuffer(new byte[8])), Is.EqualTo(Publication.CLOSED));
        Assert.That(() => aeron.AddPublication(Channel, StreamId), Throws.InstanceOf<AeronException>());
    }

    [Test]
    public void ShouldTakeOverAtOnceWhenADriverWasKilled()
    {
        using (var driver = new HostProcess("driver", Directory))
        {
            driver.Await("READY");
            Assert.That(() => LaunchDriver(), Throws.TypeOf<ActiveDriverException>());
            driver.Kill();
        }

        Assert.That(File.Exists(Path.Combine(Directory, CncFileDescriptor.CNC_FILE)), Is.True);
        LaunchDriver();
        Connect().AddPublication(Channel, StreamId);
    }

    private static void FastTimeouts(MediaDriver.Context context) => context
        .TimerIntervalNs(100_000_000)
        .ClientLivenessTimeoutNs(TimeoutMs * 1_000_000L)
        .PublicationUnblockTimeoutNs(TimeoutMs * 1_500_000L);
}
