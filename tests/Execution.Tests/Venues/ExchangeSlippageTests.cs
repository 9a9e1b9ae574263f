using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Venues;

/// <summary>What orders pay at an exchange whose quotes are no order book.</summary>
[TestFixture]
public class ExchangeSlippageTests
{
    private const long MinuteNs = 60_000_000_000;

    /// <summary>Bars that open at one price and close at another, played as quotes around their prices.</summary>
    [TestCase(new[] { 8, 10, 12 }, "20@12")]
    [TestCase(new[] { 12, 8 }, "20@14")]
    public void ShouldFillAStopWhereTheBarIsWithSlippageWhenItIsTouched(int[] prices, string expected)
    {
        var rig = Open(SlippageKind.Fixed, fixedAmount: 2);
        rig.Quote(6.75, 5, 7, 5);
        var stop = rig.Stop(Side.Buy, 20, 10);
        foreach (var price in prices)
            rig.Quote(price - 0.25, 5, price, 5);
        Assert.That((rig.FillsOf(stop), rig.Said()), Is.EqualTo((expected, "New Triggered Trade")));
    }

    [TestCase(SlippageKind.Fixed, "30@100.5", "30@99.75")]
    [TestCase(SlippageKind.Linear, "30@101", "30@99.25")]
    [TestCase(SlippageKind.SquareRoot, "30@100.5", "30@99.75")]
    public void ShouldTradeAllAtOnceAtTheModelsPriceWhenTheBookIsThin(SlippageKind kind, string bought, string sold)
    {
        var rig = Open(kind);
        rig.Trade(100.25, 30, Side.Buy);
        rig.Quote(100, 1, 100.25, 1);
        var (buy, sell) = (rig.Market(Side.Buy, 30), rig.Market(Side.Sell, 30));
        Assert.That((rig.FillsOf(buy), rig.FillsOf(sell)), Is.EqualTo((bought, sold)));
    }

    [Test]
    public void ShouldPayLessWhenTheMarketTradesMoreAndForgetWhatWasTradedLongAgo()
    {
        var rig = Open(SlippageKind.SquareRoot, impactFactor: 0.01);
        rig.Trade(100, 100, Side.Buy);
        Assert.That(rig.FillsOf(rig.Market(Side.Buy, 100)), Is.EqualTo("100@101.5"), "as much as the market");
        rig.TimeNs += MinuteNs;
        rig.Trade(100, 10_000, Side.Buy);
        Assert.That(rig.FillsOf(rig.Market(Side.Buy, 100)), Is.EqualTo("100@100.5"), "a hundredth of the market");
        rig.TimeNs += MinuteNs;
        rig.Trade(100, 100, Side.Buy);
        Assert.That(rig.FillsOf(rig.Market(Side.Buy, 100)), Is.EqualTo("100@100.5"), "of the minute before");
        rig.TimeNs += 2 * MinuteNs;
        rig.Trade(100, 100, Side.Buy);
        Assert.That(rig.FillsOf(rig.Market(Side.Buy, 100)), Is.EqualTo("100@101.5"));
    }

    [TestCase(100.25, "New Trade", "40@100.25")]
    [TestCase(100.75, "New Trade", "40@100.75")]
    [TestCase(110.0, "New Trade", "40@101.25")]
    [TestCase(100.0, "New Expired", "")]
    public void ShouldStayWithinTheLimitWhenTheModelAsksForMore(double limit, string said, string fills)
    {
        foreach (var timeInForce in (TimeInForce[])[TimeInForce.ImmediateOrCancel, TimeInForce.FillOrKill])
        {
            var rig = Open(SlippageKind.Linear);
            rig.Quote(100, 1, 100.25, 1);
            var id = rig.Submit(Side.Buy, 40, limit, timeInForce);
            Assert.That((rig.FillsOf(id), rig.Said()), Is.EqualTo((fills, said)));
        }
    }

    [Test]
    public void ShouldRefuseToStartWhenTheModelIsOutOfRange() =>
        Assert.That(
            () => Open(SlippageKind.Fixed, fixedAmount: -1),
            Throws.ArgumentException.With.Message.Contains("FixedAmount"));

    private static ExchangeRig Open(SlippageKind kind, double fixedAmount = 0.25, double impactFactor = 0.001) =>
        new(new SimulatedExchangeOptions
        {
            Slippage = new SlippageOptions { Model = kind, FixedAmount = fixedAmount, ImpactFactor = impactFactor },
        });
}
