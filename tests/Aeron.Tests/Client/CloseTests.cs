using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;

namespace ExecutionPipeline.Aeron.Tests.Client;

/// <summary>A client that closes while its application is in the middle of an offer or a poll.</summary>
public sealed class CloseTests : AeronTestBase
{
    private readonly UnsafeBuffer _message = new(new byte[1000]);

    [SetUp]
    public void Launch() => LaunchDriver();

    [TestCase(true)]
    [TestCase(false)]
    public void ShouldHarmNobodyWhenAClaimIsOpen(bool isExclusive)
    {
        var aeron = Connect();
        var publication = Connected(aeron, isExclusive, out _);
        var claim = new BufferClaim();
        Assert.That(publication.TryClaim(1000, claim), Is.Positive);
        aeron.Dispose();
        claim.AsSpan().Fill(7);
        claim.Commit();
        Assert.That(publication.Offer(_message), Is.EqualTo(Publication.CLOSED));
    }

    [Test]
    public void ShouldHarmNobodyWhenAPollIsUnderWay()
    {
        var aeron = Connect();
        var publication = Connected(aeron, isExclusive: true, out var subscription);
        publication.Offer(_message);
        publication.Offer(_message);
        var lengths = new List<int>();
        subscription.Poll((buffer, offset, length, _) =>
        {
            aeron.Dispose();
            lengths.Add(buffer.AsSpan(offset, length).ToArray().Length);
        }, 10);
        Assert.That(lengths, Is.EqualTo(new[] { 1000 }), "what comes after the close is not handed over");
        Assert.That(Errors, Is.Empty);
    }

    [Test]
    public void ShouldReadNothingWhenACounterIsLookedAtAfterwards()
    {
        var aeron = Connect();
        var counter = aeron.AddCounter(5001, "mine");
        counter.SetRelease(42);
        var reader = aeron.CountersReader;
        aeron.Dispose();
        Assert.That(reader.GetCounterValue(counter.Id), Is.Zero);
    }

    private static Publication Connected(
        ExecutionPipeline.Aeron.Client.Aeron aeron, bool isExclusive, out Subscription subscription)
    {
        subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        Publication publication = isExclusive
            ? aeron.AddExclusivePublication(Channel, StreamId)
            : aeron.AddPublication(Channel, StreamId);
        var images = subscription;
        Await(() => publication.IsConnected && images.IsConnected && publication.AvailableWindow > 0, "a connection");
        return publication;
    }
}
