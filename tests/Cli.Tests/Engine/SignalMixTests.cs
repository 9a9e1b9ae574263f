using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Cli.Tests.Engine;

public sealed class SignalMixTests
{
    private const int Count = 100_000;

    [Test]
    public void ShouldHaveTheDocumentedSharesWhenThereAreMany()
    {
        var signals = Signals(42);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Share(signal => signal.Action == TradeAction.Long), Is.EqualTo(0.4).Within(0.01));
            Assert.That(Share(signal => signal.Action == TradeAction.Short), Is.EqualTo(0.4).Within(0.01));
            Assert.That(Share(signal => signal.Action == TradeAction.Hold), Is.EqualTo(0.2).Within(0.01));
            Assert.That(Share(signal => signal.HasMarketContext), Is.EqualTo(1.0 / 8).Within(0.01));
            Assert.That(Share(signal => signal.HasPortfolio), Is.EqualTo(1.0 / 32).Within(0.01));
            Assert.That(signals.Select(signal => signal.Confidence), Is.All.InRange(0.5, 0.95));
            Assert.That(signals.Average(signal => signal.Confidence), Is.EqualTo(0.725).Within(0.01));
        }

        double Share(Func<Signal, bool> isOf) => signals.Count(isOf) / (double)Count;
    }

    [Test]
    public void ShouldBeTheSameWhenTheSeedIs()
    {
        var first = Signals(7);
        var again = Signals(7);
        var other = Signals(8);

        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [Test]
    public void ShouldNotFollowFromEachOtherWhenValuesAreOfOneSignal()
    {
        var signals = Signals(42);
        var meanConfidence = signals.Average(signal => signal.Confidence);
        var meanUrgency = signals.Average(signal => signal.Urgency);
        var covariance = signals.Average(s => (s.Confidence - meanConfidence) * (s.Urgency - meanUrgency));

        Assert.That(covariance, Is.Zero.Within(0.001), "the standard deviations are 0.13 and 0.29");
    }

    private static Signal[] Signals(long seed)
    {
        var mix = new SignalMix(seed);
        return [.. Enumerable.Range(1, Count).Select(id => mix.SignalOf((ulong)id))];
    }
}
