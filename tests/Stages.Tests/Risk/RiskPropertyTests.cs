using System.Globalization;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>
/// Random trading with every limit active, each verdict checked by an independent judge. XP_RISK_DECISIONS sets how
/// many decisions: the whole is a million.
/// </summary>
[TestFixture]
public class RiskPropertyTests
{
    private const string Variable = "XP_RISK_DECISIONS";
    private const int DecisionsPerRound = 1_000;

    /// <summary>What only breakers and commands bring about, and what an unpriced instrument would.</summary>
    private const RiskViolations NotTried = RiskViolations.NoMarket | RiskViolations.Closing
        | RiskViolations.PausedStrategy | RiskViolations.VenueFailing | RiskViolations.JournalDegraded
        | RiskViolations.Reconciling;

    private static readonly RiskViolations Tried =
        Enum.GetValues<RiskViolations>().Aggregate(static (all, one) => all | one) & ~NotTried;

    [Test]
    public void ShouldJudgeAsTheNaiveCheckWhenTradingIsRandom()
    {
        var random = TestSeed.NewRandom();
        var wanted = int.Parse(Environment.GetEnvironmentVariable(Variable) ?? "30000", CultureInfo.InvariantCulture);
        var tally = new Tally();
        for (var round = 0; tally.Decisions < wanted || IsMissingLuck(tally, wanted); round++)
        {
            var trading = new RandomTrading(random, isCutting: round % 2 == 0);
            for (var decision = 0; decision < DecisionsPerRound; decision++)
                trading.Step(ref tally);

            trading.AssertSettled();
        }

        TestContext.Out.WriteLine(tally);
        Assert.That(tally.Approved, Is.GreaterThan(tally.Decisions / 100), "the limits let something through");
        Assert.That(tally.Cut, Is.GreaterThan(tally.Decisions / 1_000));
        Assert.That(tally.Reducing, Is.GreaterThan(tally.Decisions / 1_000));
        Assert.That(tally.Seen, Is.EqualTo(Tried), "every limit was broken by some order");
    }

    /// <summary>True while some limit has not been broken yet, for up to twenty times as many decisions.</summary>
    private static bool IsMissingLuck(in Tally tally, int wanted) =>
        tally.Seen != Tried && tally.Decisions < 20 * wanted;

    internal record struct Tally(int Decisions, int Approved, int Cut, int Reducing, RiskViolations Seen);
}
