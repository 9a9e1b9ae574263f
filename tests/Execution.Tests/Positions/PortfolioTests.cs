using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Positions;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Positions;

[TestFixture]
public class PortfolioTests
{
    [Test]
    public void ShouldAgreeWithTheNaiveAccountWhenExecutionsAndMarksAreRandom()
    {
        var random = TestSeed.NewRandom();
        for (var round = 0; round < 30; round++)
        {
            var table = Table(3);
            var portfolio = Portfolio(table);
            var naive = new NaivePortfolio(table, 1_000_000m);
            for (var step = 0; step < 150; step++)
            {
                var instrument = random.Next(3);
                var price = 4_000 + random.Next(-400, 400) * 0.25;
                if (random.Next(3) == 0)
                {
                    portfolio.Mark(instrument, Price(price), StartNs);
                    naive.Mark(instrument, (decimal)price);
                }
                else
                {
                    Execute(random, portfolio, naive, instrument, price);
                }

                AssertSame(portfolio, naive, table.Count);
            }

            AssertNothingIsLeftWhenFlat(portfolio, table.Count);
        }
    }

    [Test]
    public void ShouldRealiseAgainstTheAverageWhenItGoesFlat()
    {
        var portfolio = Portfolio(Table(1));
        Fill(portfolio, Side.Buy, 1, 100);
        Fill(portfolio, Side.Buy, 3, 104);
        Fill(portfolio, Side.Sell, 2, 110);
        Assert.That(portfolio.AveragePriceE9(0), Is.EqualTo(Price(103)));

        Fill(portfolio, Side.Sell, 2, 100);
        Assert.That(portfolio.RealizedPnlE6, Is.EqualTo(400_000_000), "4 contracts x 2 points x 50");
        Assert.That(portfolio.FeesE6, Is.EqualTo(8 * 3_800_000));
        Assert.That(portfolio.AveragePriceE9(0), Is.Zero);
        Assert.That(portfolio.UnrealizedPnlE6, Is.Zero);
    }

    [Test]
    public void ShouldMeasureDrawdownFromTheDaysStartWhenTheDayRolls()
    {
        var portfolio = Portfolio(Table(1), 100_000m);
        var dayNs = 86_400 * E9;
        Assert.That(portfolio.TryStartDay(StartNs), Is.True);
        portfolio.Execute(0, Side.Buy, 1, Price(1_000), 0);
        portfolio.Mark(0, Price(960), StartNs);
        Assert.That(portfolio.DailyDrawdown, Is.EqualTo(0.02).Within(1e-12));
        Assert.That(portfolio.TryStartDay(StartNs + 1), Is.False);

        Assert.That(portfolio.TryStartDay(StartNs + dayNs), Is.True);
        Assert.That(portfolio.DayStartEquityE6, Is.EqualTo(98_000_000_000));
        Assert.That(portfolio.DailyDrawdown, Is.Zero);
        portfolio.Mark(0, Price(990), StartNs);
        Assert.That(portfolio.DailyDrawdown, Is.Zero, "above the start of the day");
    }

    [Test]
    public void ShouldSumTheFeesWhenOneRoundTripFollowsAnother()
    {
        var portfolio = Portfolio(Table(2));
        for (var trip = 1; trip <= 3; trip++)
        {
            portfolio.Execute(0, Side.Buy, 2, Price(100), 10);
            portfolio.Execute(0, Side.Sell, 1, Price(100), 20);
            portfolio.Execute(0, Side.Sell, 1, Price(100), 40);
            Assert.That((portfolio.FeesOfE6(0), portfolio.FeesOfE6(1)), Is.EqualTo((70L * trip, 0L)));
            Assert.That(portfolio.NetRealizedPnlE6, Is.EqualTo(-70 * trip));
        }
    }

    [Test]
    public void ShouldLeaveLessMarginWhenPositionsBindIt()
    {
        var table = Table(1);
        var portfolio = Portfolio(table, 1e12m);
        Assert.That(portfolio.AvailableMarginE6, Is.EqualTo((long)1e18));
        portfolio.Execute(0, Side.Sell, 3, Price(100), 7);
        Assert.That(portfolio.MarginE6, Is.EqualTo(3 * table[0].MarginPerContractE6).And.Positive);
        Assert.That(portfolio.AvailableMarginE6, Is.EqualTo((long)1e18 - 7 - 3 * table[0].MarginPerContractE6));
    }

    [Test]
    public void ShouldValueRiskAfreshWhenMarksMove()
    {
        var table = Table(2);
        var portfolio = Portfolio(table);
        var model = new VarModel(table, 0.99);
        Assert.That(portfolio.DailyVar, Is.Zero);
        portfolio.Execute(0, Side.Buy, 2, Price(1_000), 0);
        portfolio.Execute(1, Side.Sell, 1, Price(500), 0);
        portfolio.Mark(0, Price(1_100), StartNs);
        var deviation = 2 * 1_100 * 50 * table[0].DailyVolatility + 500 * 75 * table[1].DailyVolatility;
        var expected = model.Quantile * deviation;
        Assert.That(portfolio.DailyVar, Is.EqualTo(expected).Within(1e-6));
        Assert.That(portfolio.DailyVar, Is.EqualTo(expected).Within(1e-6), "the kept value");
    }

    [Test]
    public void ShouldRefuseWhenItIsMadeOfNonsense()
    {
        var table = Table(2);
        Assert.That(
            () => new Portfolio(table, new VarModel(table, 0.99), 0, new TradingDayOptions()),
            Throws.ArgumentException.With.Message.Contains("starting cash"));
        Assert.That(
            () => new Portfolio(table, new VarModel(Table(1), 0.99), 1, new TradingDayOptions()),
            Throws.ArgumentException.With.Message.Contains("VaR model"));
    }

    private static void Execute(
        Random random,
        Portfolio portfolio,
        NaivePortfolio naive,
        int instrument,
        double price)
    {
        var side = random.Next(2) == 0 ? Side.Buy : Side.Sell;
        var quantity = random.Next(1, 8);
        var feeE6 = quantity * 3_800_000L + random.Next(3);
        portfolio.Execute(instrument, side, quantity, Price(price), feeE6);

        naive.Execute(instrument, side, quantity, (decimal)price, feeE6 * 1e-6m);
    }

    private static void AssertSame(Portfolio portfolio, NaivePortfolio naive, int instruments)
    {
        Assert.That(portfolio.EquityE6 * 1e-6m, Is.EqualTo(naive.Equity), "equity is exact");
        Assert.That(portfolio.FeesE6 * 1e-6m, Is.EqualTo(naive.Fees));
        Assert.That(portfolio.GrossNotionalE6 * 1e-6m, Is.EqualTo(naive.GrossNotional));
        Assert.That(portfolio.MarginE6 * 1e-6m, Is.EqualTo(naive.Margin));
        Assert.That(portfolio.OpenPositions, Is.EqualTo(naive.OpenPositions));
        for (var i = 0; i < instruments; i++)
        {
            Assert.That(portfolio.Position(i), Is.EqualTo(naive.Position(i)));
            // An average is no multiple of 1e-6: each partial close may round once.
            Assert.That(portfolio.RealizedOfE6(i) * 1e-6m, Is.EqualTo(naive.Realized(i)).Within(0.001m));
        }
    }

    private static void AssertNothingIsLeftWhenFlat(Portfolio portfolio, int instruments)
    {
        for (var i = 0; i < instruments; i++)
        {
            var position = portfolio.Position(i);
            if (position != 0)
                portfolio.Execute(i, position > 0 ? Side.Sell : Side.Buy, Math.Abs(position), Price(4_000), 0);
        }

        Assert.That(
            portfolio.RealizedPnlE6,
            Is.EqualTo(Enumerable.Range(0, instruments).Sum(portfolio.RealizedOfE6)));
        Assert.That(portfolio.UnrealizedPnlE6, Is.Zero);
        Assert.That(portfolio.GrossNotionalE6, Is.Zero);
        Assert.That(portfolio.DailyVar, Is.Zero);
    }

    [TestCase(DrawdownBase.DayPeak, 0.02 / 1.02)]
    [TestCase(DrawdownBase.DayStart, 0.0)]
    public void ShouldFallFromThePeakOrTheStartWhenEquityHasRisenAndFallen(DrawdownBase from, double expected)
    {
        var table = Table(1);
        var day = new TradingDayOptions { DrawdownFrom = from };
        var portfolio = new Portfolio(table, new VarModel(table, 0.99), 100_000m, day);
        portfolio.TryStartDay(StartNs);
        portfolio.Execute(0, Side.Buy, 1, Price(1_000), 0);
        portfolio.Mark(0, Price(1_040), StartNs);
        portfolio.Mark(0, Price(1_000), StartNs);
        Assert.That(portfolio.DayPeakEquityE6, Is.EqualTo(102_000_000_000));
        Assert.That(portfolio.DailyDrawdown, Is.EqualTo(expected).Within(1e-12));

        portfolio.TryStartDay(StartNs + 86_400 * E9);
        Assert.That(portfolio.DailyDrawdown, Is.Zero, "a day begins with its own peak");
    }

    private static void Fill(Portfolio portfolio, Side side, int quantity, double price) =>
        portfolio.Execute(0, side, quantity, Price(price), quantity * 3_800_000L);
}
