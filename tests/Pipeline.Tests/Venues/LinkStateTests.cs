using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Venues;

namespace ExecutionPipeline.Pipeline.Tests.Venues;

/// <summary>When a venue is lost, and how it is tried again.</summary>
[TestFixture]
public class LinkStateTests
{
    private const long MillisecondNs = 1_000_000;

    private static readonly VenueOptions Options = new()
    {
        HeartbeatMs = 200,
        HeartbeatTimeoutMs = 2_000,
        ReconnectFirstMs = 100,
        ReconnectMaxMs = 1_000,
    };

    [Test]
    public void ShouldWaitTwiceAsLongAfterEachAttemptUpToTheLongestWait()
    {
        var state = new LinkState(Options, 1);
        long[] waitsMs = [100, 200, 400, 800, 1_000, 1_000];
        var nowNs = 0L;
        foreach (var waitMs in waitsMs)
        {
            Assert.That(state.IsSendDue(nowNs), Is.True);
            state.OnSent(nowNs);
            Assert.That(state.IsSendDue(nowNs + waitMs * MillisecondNs - 1), Is.False);
            nowNs += waitMs * MillisecondNs * 5 / 4 + 1;
        }

        Assert.That(state.Attempts, Is.EqualTo(waitsMs.Length));
    }

    [Test]
    public void ShouldWaitOtherwiseWhenTheSeedIsAnother()
    {
        long[] waits = [WaitOf(1), WaitOf(1), WaitOf(2)];
        Assert.That(waits[1], Is.EqualTo(waits[0]).And.Not.EqualTo(waits[2]));

        static long WaitOf(int seed)
        {
            var state = new LinkState(Options, seed);
            state.OnSent(0);
            var (least, most) = (0L, 125 * MillisecondNs + 1);
            while (least < most)
            {
                var middle = (least + most) / 2;
                (least, most) = state.IsSendDue(middle) ? (least, middle) : (middle + 1, most);
            }

            return least;
        }
    }

    [Test]
    public void ShouldBeLostOnlyWhenTheVenueIsSilentForTooLong()
    {
        var state = new LinkState(Options, 1);
        Assert.That(state.IsOverdue(long.MaxValue / 2), Is.False, "it has never been there");
        Assert.That(state.OnHeard(0), Is.True, "it comes");
        Assert.That(state.OnHeard(1_000 * MillisecondNs), Is.False, "it was there");
        Assert.That(state.IsOverdue(3_000 * MillisecondNs), Is.False);
        Assert.That(state.IsOverdue(3_000 * MillisecondNs + 1), Is.True);
        state.OnLost(3_001 * MillisecondNs);
        Assert.That((state.IsUp, state.IsSendDue(3_001 * MillisecondNs)), Is.EqualTo((false, false)));
        Assert.That(state.IsSendDue(3_101 * MillisecondNs), Is.True);
    }
}
