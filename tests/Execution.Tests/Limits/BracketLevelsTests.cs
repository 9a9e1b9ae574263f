using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Limits;

/// <summary>What a position is sized by is the stop that is placed.</summary>
[TestFixture]
public class BracketLevelsTests
{
    // Stop 1.5 and target 3 ranges away, rounded to the tick; a stop no nearer than 4 basis points.
    [TestCase(Side.Buy, 5_000, 10.1, 4_984.75, 5_030.25)]
    [TestCase(Side.Sell, 5_000, 10.1, 5_015.25, 4_969.75)]
    [TestCase(Side.Buy, 5_000, 0.5, 4_998, 5_001.5)]
    [TestCase(Side.Sell, 5_000, 0.5, 5_002, 4_998.5)]
    [TestCase(Side.Buy, 10, 0.01, 9.75, 10.25)]
    public void ShouldLieOnTheTickWhenADecisionHasThem(Side side, double price, double atr, double stop, double target)
    {
        var market = new PortfolioSnapshot { MarkPriceE9 = Price(price), AtrE9 = (long)(atr * E9) };
        var decision = new Decision { Side = side, StopLossAtr = 1.5f, TakeProfitAtr = 3f };
        var instrument = Table()[0];
        Assert.That(BracketLevels.StopE9(instrument, market, decision), Is.EqualTo(Price(stop)));
        Assert.That(BracketLevels.TargetE9(instrument, market, decision), Is.EqualTo(Price(target)));
        Assert.That(
            BracketLevels.StopDistanceE9(instrument, market, decision), Is.EqualTo(Math.Abs(Price(price - stop))));
    }

    /// <summary>Between two ticks, where the nearest tick is less than a tick away.</summary>
    [TestCase(Side.Buy, 10.125, 9.75, 10.5)]
    [TestCase(Side.Sell, 10.125, 10.5, 9.75)]
    [TestCase(Side.Buy, 10.1, 9.75, 10.5)]
    [TestCase(Side.Sell, 10.2, 10.5, 9.75)]
    [TestCase(Side.Buy, 200_000, 199_920, 200_000)]
    [TestCase(Side.Sell, 200_000, 200_000, 199_999.75)]
    [TestCase(Side.Buy, 0.25, 0.25, 0.5)]
    public void ShouldLieATickAwayAtLeast(Side side, double price, double stop, double target)
    {
        var market = new PortfolioSnapshot { MarkPriceE9 = (long)(price * E9), AtrE9 = E9 / 100 };
        var decision = new Decision { Side = side, StopLossAtr = 1.5f, TakeProfitAtr = 3f };
        Assert.That(BracketLevels.StopE9(Table()[0], market, decision), Is.EqualTo(Price(stop)));
        Assert.That(BracketLevels.TargetE9(Table()[0], market, decision), Is.EqualTo(Price(target)));
    }

    /// <summary>4,984.975 and 5,015.025: the nearest tick would be nearer than what was decided.</summary>
    [TestCase(Side.Buy, 4_984.75)]
    [TestCase(Side.Sell, 5_015.25)]
    public void ShouldNeverBeNearerThanDecidedWhenItIsAStop(Side side, double stop)
    {
        var market = new PortfolioSnapshot { MarkPriceE9 = Price(5_000), AtrE9 = 10_016_666_667 };
        var decision = new Decision { Side = side, StopLossAtr = 1.5f };
        Assert.That(BracketLevels.StopE9(Table()[0], market, decision), Is.EqualTo(Price(stop)));
    }

    [TestCase(Side.None, 1.5f)]
    [TestCase(Side.Buy, 0f)]
    [TestCase(Side.Buy, float.NaN)]
    public void ShouldBeNoneWhenTheDecisionHasNone(Side side, float multiple)
    {
        var market = new PortfolioSnapshot { MarkPriceE9 = Price(100), AtrE9 = E9 };
        var decision = new Decision { Side = side, StopLossAtr = multiple };
        Assert.That(BracketLevels.StopE9(Table()[0], market, decision), Is.Zero);
        Assert.That(BracketLevels.StopDistanceE9(Table()[0], market, decision), Is.Zero);
    }
}
