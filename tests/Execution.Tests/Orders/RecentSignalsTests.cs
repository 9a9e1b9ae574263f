using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Tests.Orders;

[TestFixture]
public class RecentSignalsTests
{
    [Test]
    public void ShouldGiveThePlaceOfTheFirstWhenASignalComesAgain()
    {
        var signals = new RecentSignals(3);
        var first = signals.Resolve(7, madeNs: 100, timeNs: 110);
        signals.Resolve(8, madeNs: 101, timeNs: 111);
        var again = signals.Resolve(7, madeNs: 100, timeNs: 500);

        Assert.That(first.Standing, Is.EqualTo(SignalStanding.New));
        Assert.That(again.IsRepeated);
        Assert.That(again.Place, Is.EqualTo(first.Place));
        Assert.That((signals.Repeated, signals.Forgotten), Is.EqualTo((1L, 0L)));
    }

    [Test]
    public void ShouldSayThatItHasForgottenWhenASignalIsOlderThanAllThatAreRemembered()
    {
        var signals = new RecentSignals(2);
        for (var id = 1UL; id <= 4; id++)
            Assert.That(signals.Resolve(id, 100 + (long)id, 200).Standing, Is.EqualTo(SignalStanding.New));

        Assert.That(signals.Resolve(2, 102, 300).Standing, Is.EqualTo(SignalStanding.Forgotten));
        Assert.That(signals.Resolve(2, 102, 301).IsRepeated, "now it is known");
        Assert.That(signals.Resolve(9, 103, 302).Standing, Is.EqualTo(SignalStanding.Forgotten), "it may be the third");
        Assert.That(signals.Resolve(10, 105, 303).Standing, Is.EqualTo(SignalStanding.New));
        Assert.That(signals.Forgotten, Is.EqualTo(2));
    }

    [Test]
    public void ShouldGoOnTakingSignalsWhenOneWasFarAheadOfItsTime()
    {
        var signals = new RecentSignals(1);
        signals.Resolve(1, madeNs: long.MaxValue, timeNs: 100);
        signals.Resolve(2, madeNs: 101, timeNs: 101);
        Assert.That(signals.Resolve(3, 102, 102).Standing, Is.EqualTo(SignalStanding.New));
    }

    [Test]
    public void ShouldTakeIdZeroForNoIdWhenItComesAgain()
    {
        var signals = new RecentSignals(2);
        foreach (var resolved in new[] { signals.Resolve(0, 1, 1), signals.Resolve(0, 1, 1) })
            Assert.That((resolved.Standing, resolved.Place), Is.EqualTo((SignalStanding.New, -1)));
    }

    /// <summary>Beside a list that is looked through from end to end.</summary>
    [Test]
    public void ShouldAnswerAsAListWhenSignalsAreRandom()
    {
        const int capacity = 50;
        var random = TestSeed.NewRandom();
        var signals = new RecentSignals(capacity);
        var naive = new List<(ulong Id, long MadeNs, int Place)>();
        var forgottenNs = long.MinValue;
        for (var i = 0; i < 20_000; i++)
        {
            var (id, madeNs) = ((ulong)random.Next(1, 120), i - random.Next(200));
            var resolved = signals.Resolve(id, madeNs, i);
            var known = naive.FindIndex(one => one.Id == id);
            if (known >= 0)
            {
                Assert.That((resolved.IsRepeated, resolved.Place), Is.EqualTo((true, naive[known].Place)));
                continue;
            }

            var standing = madeNs <= forgottenNs ? SignalStanding.Forgotten : SignalStanding.New;
            Assert.That(resolved.Standing, Is.EqualTo(standing));
            if (naive.Count == capacity)
            {
                forgottenNs = Math.Max(forgottenNs, naive[0].MadeNs);
                naive.RemoveAt(0);
            }

            Assert.That(naive.Select(static one => one.Place), Has.No.Member(resolved.Place), "it is taken");
            naive.Add((id, madeNs, resolved.Place));
        }

        Assert.That(signals.Repeated, Is.Positive);
        Assert.That(signals.Forgotten, Is.Positive);
    }

    [Test]
    public void ShouldKnowTheSameSignalsWhenItsStateIsLoaded()
    {
        var signals = new RecentSignals(20);
        for (var id = 1UL; id <= 50; id++)
            signals.Resolve(id, (long)id, 100);
        var saved = StateStream.ForWriting();
        signals.Transfer(saved);
        var loaded = new RecentSignals(20);
        var bytes = StateStream.ForReading(saved.Written);
        loaded.Transfer(bytes);

        for (var id = 20UL; id <= 60; id++)
            Assert.That(loaded.Resolve(id, (long)id, 100), Is.EqualTo(signals.Resolve(id, (long)id, 100)), $"{id}");
    }
}
