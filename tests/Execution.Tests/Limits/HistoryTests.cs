using ExecutionPipeline.Execution.Limits;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Limits;

/// <summary>What is taken as an instrument's past and as a correlation, and what a refusal says.</summary>
[TestFixture]
public class HistoryTests
{
    [TestCase(-1.0)]
    [TestCase(10.0)]
    public void ShouldTakeAReturnWhenItIsAtItsBound(double dailyReturn) =>
        Assert.That(() => Model([dailyReturn]), Throws.Nothing);

    [TestCase(-1.000001)]
    [TestCase(10.000001)]
    [TestCase(double.NaN)]
    public void ShouldNameTheDayWhenAReturnIsBeyondItsBound(double dailyReturn) => Assert.That(
        () => Model([0, 0.5, dailyReturn]),
        Throws.ArgumentException.With.Message.EqualTo("return history of 1: day 2 is not in [-1, 10]."));

    [Test]
    public void ShouldTakeTenYearsAndNoMore()
    {
        Assert.That(Model(new double[ScenarioModel.MaxDays]).Days, Is.EqualTo(ScenarioModel.MaxDays));
        Assert.That(
            static () => Model(new double[ScenarioModel.MaxDays + 1]),
            Throws.ArgumentException.With.Message.EqualTo("return history: give 1 to 2600 daily returns."));
    }

    [TestCase("1:2", "return history: give each of the 2 instruments once, or none.")]
    [TestCase("1:2 1:2", "return history: give each of the 2 instruments once, or none.")]
    [TestCase("1:2 9:2", "return history of 9: name a configured instrument.")]
    [TestCase("1:2 2:3", "return history of 2: 3 days; the first has 2.")]
    public void ShouldSayWhatIsMissingWhenTheHistoryIsNotWhole(string history, string expected)
    {
        InstrumentReturns[] returns =
        [
            .. history.Split(' ').Select(static part => part.Split(':')).Select(static part => new InstrumentReturns
            {
                Instrument = uint.Parse(part[0]),
                DailyReturns = new double[int.Parse(part[1])],
            }),
        ];
        Assert.That(
            () => new ScenarioModel(Table(2), 0.975, returns),
            Throws.ArgumentException.With.Message.EqualTo(expected));
    }

    [TestCase(1u, 9u, 0.5, "name configured instruments.")]
    [TestCase(9u, 1u, 0.5, "name configured instruments.")]
    [TestCase(1u, 1u, 0.5, "name two instruments and a number in [-1, 1].")]
    [TestCase(1u, 2u, -1.000001, "name two instruments and a number in [-1, 1].")]
    public void ShouldSayWhatIsWrongWhenAPairIsRefused(uint first, uint second, double correlation, string expected)
    {
        var pair = new InstrumentCorrelation { First = first, Second = second, Correlation = correlation };
        Assert.That(
            () => new VarModel(Table(2), 0.99, [pair]),
            Throws.ArgumentException.With.Message.EqualTo($"correlation of {first} and {second}: {expected}"));
    }

    [TestCase(0, 1, true, 0.25)]
    [TestCase(1, 0, true, 0.25)]
    [TestCase(0, 1, false, -0.25)]
    [TestCase(2, 1, true, -1)]
    [TestCase(1, 2, false, 1)]
    [TestCase(0, 2, true, 1)]
    [TestCase(2, 0, false, 1)]
    [TestCase(2, 2, true, 1)]
    public void ShouldTurnTheCorrelationWhenThePositionsAreOnDifferentSides(
        int first, int second, bool isSameSide, double expected)
    {
        var model = new VarModel(
            Table(3),
            0.99,
            [
                new InstrumentCorrelation { First = 1, Second = 2, Correlation = 0.25 },
                new InstrumentCorrelation { First = 3, Second = 2, Correlation = -1 },
            ]);
        Assert.That(model.CoMovement(first, second, isSameSide), Is.EqualTo(expected));
    }

    private static ScenarioModel Model(double[] returns) => new(
        Table(1), 0.975, [new InstrumentReturns { Instrument = 1, DailyReturns = returns }]);
}
