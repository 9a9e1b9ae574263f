using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Timers;

namespace ExecutionPipeline.Pipeline.Tests.Timers;

[TestFixture]
public sealed class TimerWheelTests
{
    private const long StartNs = 1_700_000_000_000_000_000;
    private const int Capacity = 300;

    /// <summary>Sets, cancels and takes at random, with jumps from nanoseconds to days.</summary>
    [Test]
    public void ShouldDoAsASortedListWhenTimersAreSetAndCancelledAtRandom()
    {
        var random = new Random(TestSeed.Next());
        var wheel = new TimerWheel(Capacity, StartNs);
        var naive = new List<(DueTimer Timer, TimerHandle Handle)>();
        var gone = new List<TimerHandle> { default };
        var nowNs = StartNs;
        for (var step = 0; step < 200_000; step++)
        {
            switch (random.Next(10))
            {
                case < 5:
                    Set(wheel, naive, nowNs + Distance(random) - Distance(random) / 8);
                    break;
                case < 7 when naive.Count > 0:
                    var cancelled = random.Next(naive.Count);
                    Assert.That(wheel.TryCancel(naive[cancelled].Handle), Is.True);
                    gone.Add(naive[cancelled].Handle);
                    naive.RemoveAt(cancelled);
                    break;
                case 7:
                    Assert.That(wheel.TryCancel(gone[random.Next(gone.Count)]), Is.False);
                    break;
                default:
                    nowNs += Distance(random);
                    TakeAll(wheel, naive, gone, nowNs);
                    break;
            }

            Assert.That(wheel.Count, Is.EqualTo(naive.Count));
        }
    }

    /// <summary>After a restart, time has passed by hours, and all that was set is due.</summary>
    [Test]
    public void ShouldGiveAllInOrderWhenAsManyAsThereIsRoomForAreDueAfterAJump()
    {
        const long SpacingNs = 3_000_000;
        var wheel = new TimerWheel(TimerWheel.PipelineCapacity, StartNs);
        for (var i = TimerWheel.PipelineCapacity; i > 0; i--)
            Assert.That(wheel.TrySet(StartNs + i * SpacingNs, TimerOwner.Parent, (ulong)i, out _), Is.True);

        var taken = 0;
        for (; wheel.TryTake(StartNs + 86_400_000_000_000, out var due); taken++)
            Assert.That(due.Subject, Is.EqualTo(taken + 1));

        Assert.That(taken, Is.EqualTo(TimerWheel.PipelineCapacity));
    }

    [Test]
    public void ShouldNeverBeEarly()
    {
        var wheel = new TimerWheel(1, StartNs);
        Assert.That(wheel.TrySet(StartNs + 1_000_000_000, TimerOwner.Risk, out var handle), Is.True);
        Assert.That(wheel.TryTake(StartNs + 999_999_999, out _), Is.False);
        Assert.That(wheel.TryTake(StartNs + 1_000_000_000, out var due), Is.True);
        Assert.That(due, Is.EqualTo(new DueTimer(handle.Id, TimerOwner.Risk, 0, StartNs + 1_000_000_000)));
        Assert.That(wheel.TryTake(long.MaxValue, out _), Is.False);
    }

    [Test]
    public void ShouldSayWhenThereIsNoRoom()
    {
        var wheel = new TimerWheel(2, StartNs);
        Assert.That(wheel.TrySet(StartNs, TimerOwner.Risk, out _), Is.True);
        Assert.That(wheel.TrySet(StartNs, TimerOwner.Risk, out var second), Is.True);
        Assert.That(wheel.TrySet(StartNs, TimerOwner.Risk, out _), Is.False);
        Assert.That(wheel.TryCancel(second), Is.True);
        Assert.That(wheel.TrySet(StartNs, TimerOwner.Risk, out _), Is.True);
    }

    private static void Set(TimerWheel wheel, List<(DueTimer Timer, TimerHandle Handle)> naive, long dueNs)
    {
        var isSet = wheel.TrySet(dueNs, TimerOwner.Risk, out var handle);
        Assert.That(isSet, Is.EqualTo(naive.Count < Capacity));
        if (isSet)
            naive.Add((new DueTimer(handle.Id, TimerOwner.Risk, 0, dueNs), handle));
    }

    private static void TakeAll(
        TimerWheel wheel, List<(DueTimer Timer, TimerHandle Handle)> naive, List<TimerHandle> gone, long nowNs)
    {
        var expected = naive.Where(set => set.Timer.DueNs <= nowNs)
            .OrderBy(static set => set.Timer.DueNs).ThenBy(static set => set.Timer.Id).ToList();
        foreach (var (timer, handle) in expected)
        {
            Assert.That(wheel.TryTake(nowNs, out var due), Is.True);
            Assert.That(due, Is.EqualTo(timer));
            gone.Add(handle);
        }

        Assert.That(wheel.TryTake(nowNs, out _), Is.False);
        naive.RemoveAll(set => set.Timer.DueNs <= nowNs);
    }

    /// <summary>From nanoseconds to some ten days, each size as likely.</summary>
    private static long Distance(Random random) => random.NextInt64(1L << random.Next(1, 50));
}
