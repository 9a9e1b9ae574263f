using System.Text.Json;
using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Risk;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>
/// The requirement document's own examples, kept beside the checkout. They know nothing of orders that take risk off;
/// those pass here.
/// </summary>
[TestFixture]
public class PositionLimitVectorTests
{
    /// <summary>The confidence whose quantile is the document's rounded 2.33.</summary>
    private const double Confidence = 0.990096924440835;

    [Test]
    public void ShouldListTheReferencesViolationsWhenAnOrderAddsRisk()
    {
        var added = 0;
        foreach (var example in Cases())
        {
            var input = example.GetProperty("in");
            var expected = example.GetProperty("out");
            var verdict = Judge(input, out var isReducing);
            if (isReducing)
            {
                Assert.That(verdict.Violations, Is.EqualTo(RiskViolations.None), input.ToString());
                continue;
            }

            added++;
            Assert.That(verdict.Violations, Is.EqualTo(Violations(expected)), input.ToString());
            Assert.That(verdict.ProjectedPosition, Is.EqualTo(expected.GetProperty("projected_position").GetInt32()));
            var notional = expected.GetProperty("projected_notional_usd").GetDouble();
            Assert.That(verdict.ProjectedNotionalE6 * 1e-6, Is.EqualTo(notional).Within(0.001));
            var valueAtRisk = expected.GetProperty("projected_var_usd").GetDouble();
            Assert.That(verdict.ProjectedVar, Is.EqualTo(valueAtRisk).Within(0.001));
        }

        Assert.That(added, Is.GreaterThan(10));
    }

    private static RiskVerdict Judge(JsonElement input, out bool isReducing)
    {
        var table = new InstrumentTable(
            [new InstrumentOptions
            {
                Id = 1,
                Symbol = "ES",
                DailyVolatility = input.GetProperty("volatility").GetDouble(),
            }]);
        var limits = StageRig.Generous with
        {
            MaxPosition = 10,
            MaxNotional = 500_000m,
            MaxDailyVar = 5_000,
            MaxDailyDrawdown = 0.02,
            VarConfidence = Confidence,
        };
        var stage = new RiskStage(table, new VarModel(table, Confidence), limits, new TradingDayOptions());
        var position = input.GetProperty("current_position").GetInt32();
        var quantity = input.GetProperty("quantity").GetInt32();
        PipelineEvent e = default;
        e.Header.Kind = EventKind.TradeQualified;
        e.Portfolio.Position = position;
        e.Portfolio.EquityE6 = 1_000_000_000_000;
        e.Portfolio.MarkPriceE9 = (long)(input.GetProperty("price").GetDouble() * 1e9);
        e.Portfolio.BidPriceE9 = e.Portfolio.AskPriceE9 = MarketUpdate.NoPrice;
        e.Payload.TradeQualified.PriceE9 = e.Portfolio.MarkPriceE9;
        e.Portfolio.DailyDrawdown = input.GetProperty("drawdown").GetDouble();
        e.Decision.Quantity = Math.Abs(quantity);
        e.Decision.Side = quantity > 0 ? Side.Buy : Side.Sell;
        stage.OnEvent(ref e);
        var isOpposite = Math.Sign(position) == -Math.Sign(quantity) && position != 0;
        isReducing = quantity == 0 || (isOpposite && Math.Abs(quantity) <= Math.Abs(position));
        return e.Verdict;
    }

    private static RiskViolations Violations(JsonElement expected)
    {
        var violations = RiskViolations.None;
        foreach (var name in expected.GetProperty("violations").EnumerateArray())
        {
            violations |= name.GetString() switch
            {
                "position_limit" => RiskViolations.Position,
                "notional_limit" => RiskViolations.Notional,
                "var_limit" => RiskViolations.DailyVar,
                "drawdown_limit" => RiskViolations.DailyDrawdown,
                var other => throw new AssertionException($"unknown violation {other}"),
            };
        }

        return violations;
    }

    private static IEnumerable<JsonElement> Cases()
    {
        var path = RepositoryFiles.SharedPathOf("vectors", "position_limits.json");
        return JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("cases").EnumerateArray();
    }
}
