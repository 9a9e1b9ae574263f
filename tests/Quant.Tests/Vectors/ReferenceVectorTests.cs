using System.Text.Json;

namespace ExecutionPipeline.Quant.Tests.Vectors;

[TestFixture]
public class ReferenceVectorTests
{
    [Test]
    public void ShouldSizeAsTheReferenceWhenKellyIsAsked()
    {
        foreach (var (input, expected) in VectorFile.Cases("kelly"))
        {
            var size = KellySizing.Size(
                input.Number("confidence"),
                input.Number("payoff_ratio"),
                input.Number("equity_usd"),
                input.Number("volatility"),
                pointValue: 50,
                riskAversion: input.Number("risk_aversion"));

            VectorFile.AssertClose(size.Fraction, expected.Number("kelly_fraction"), $"fraction of {input}");
            VectorFile.AssertClose(size.AdjustedFraction, expected.Number("adjusted_fraction"), $"penalty of {input}");
            VectorFile.AssertClose(size.RiskFraction, expected.Number("risk_fraction"), $"clip of {input}");
            Assert.That(size.Contracts, Is.EqualTo(expected.Integer("contracts")), input.ToString());
        }
    }

    [Test]
    public void ShouldValueRiskAsTheReferenceWhenExposuresAreSigned()
    {
        foreach (var (input, expected) in VectorFile.Cases("parametric_var_es"))
        {
            var exposures = input.Numbers("exposures_usd");
            var volatilities = input.Numbers("daily_volatility");
            var correlations = input.GetProperty("correlation").EnumerateArray()
                .SelectMany(static row => row.EnumerateArray().Select(static e => e.GetDouble())).ToArray();
            var confidence = input.Number("confidence");
            var horizon = input.Number("horizon_days");
            var deviation = ParametricRisk.StandardDeviation(exposures, volatilities, correlations, horizon);
            var valueAtRisk = ParametricRisk.ValueAtRisk(deviation, confidence);
            var components = new double[exposures.Length];
            ParametricRisk.ComponentVar(exposures, volatilities, correlations, confidence, horizon, components);

            VectorFile.AssertClose(valueAtRisk, expected.Number("var_usd"), "VaR");
            VectorFile.AssertClose(
                ParametricRisk.ExpectedShortfall(deviation, confidence), expected.Number("es_usd"), "ES");
            // A component can be the small difference of large terms: it is exact relative to what it adds up to.
            foreach (var (actual, wanted) in components.Zip(expected.Numbers("component_var_usd")))
                VectorFile.AssertClose(actual, wanted, "component VaR", valueAtRisk);
        }
    }

    [Test]
    public void ShouldEstimateImpactAsTheReferenceWhenTheSquareRootLawIsAsked()
    {
        foreach (var (input, expected) in VectorFile.Cases("square_root_impact"))
        {
            VectorFile.AssertClose(Impact(input, 1.0), expected.Number("impact_bps"), input.ToString());
            VectorFile.AssertClose(
                Impact(input, SquareRootImpact.CalibratedAlpha),
                expected.Number("calibrated_impact_bps"),
                input.ToString());
        }
    }

    [Test]
    public void ShouldProjectAsTheReferenceWhenAnOrderIsJudged()
    {
        foreach (var (input, expected) in VectorFile.Cases("position_limits"))
        {
            var projection = PositionProjection.After(
                input.Integer("current_position"),
                input.Integer("quantity"),
                input.Number("price"),
                pointValue: 50,
                input.Number("volatility"),
                z: 2.33);

            Assert.That(projection.Position, Is.EqualTo(expected.Integer("projected_position")));
            VectorFile.AssertClose(projection.Notional, expected.Number("projected_notional_usd"), "notional");
            VectorFile.AssertClose(projection.DailyVar, expected.Number("projected_var_usd"), "VaR");
        }
    }

    [Test]
    public void ShouldAverageTheTailAsTheReferenceWhenReturnsAreHistorical()
    {
        foreach (var (input, expected) in VectorFile.Cases("historical_es"))
        {
            var shortfall = HistoricalRisk.ExpectedShortfall(input.Numbers("returns"), input.Number("confidence"));
            VectorFile.AssertClose(shortfall, expected.Number("es"), "historical ES");
        }
    }

    [Test]
    public void ShouldEstimateImpactAsTheReferenceWhenTheAlmgrenModelIsAsked()
    {
        foreach (var (input, expected) in VectorFile.Cases("almgren_chriss_impact"))
        {
            var quantity = input.Number("quantity");
            var temporary = AlmgrenChrissImpact.Temporary(
                quantity,
                input.Number("average_trade_size"),
                input.Number("daily_volatility"),
                input.Number("alpha"),
                input.Number("beta"));
            var permanent = AlmgrenChrissImpact.Permanent(quantity, input.Number("adv"), input.Number("gamma"));

            VectorFile.AssertClose(temporary, expected.Number("temporary"), "temporary");
            VectorFile.AssertClose(permanent, expected.Number("permanent"), "permanent");
            VectorFile.AssertClose(
                AlmgrenChrissImpact.TotalBps(temporary, permanent), expected.Number("total_bps"), "total");
            VectorFile.AssertClose(
                AlmgrenChrissImpact.KylePriceChange(quantity, input.Number("kyle_lambda")),
                expected.Number("kyle_price_change"),
                "Kyle");
        }
    }

    [Test]
    public void ShouldScheduleAsTheReferenceWhenHoldingsAreOptimal()
    {
        foreach (var (input, expected) in VectorFile.Cases("almgren_chriss_trajectory"))
        {
            var parameters = new AlmgrenChrissParameters(
                input.Number("X"),
                input.Number("T"),
                input.Integer("N"),
                input.Number("sigma"),
                input.Number("eps"),
                input.Number("eta"),
                input.Number("gamma"),
                input.Number("lam"));
            var holdings = new double[parameters.Intervals + 1];
            AlmgrenChrissSchedule.Holdings(parameters, holdings);

            VectorFile.AssertClose(AlmgrenChrissSchedule.Kappa(parameters), expected.Number("kappa"), "kappa");
            foreach (var (actual, wanted) in holdings.Zip(expected.Numbers("holdings")))
                VectorFile.AssertClose(actual, wanted, "holding", parameters.Quantity);
            VectorFile.AssertClose(
                AlmgrenChrissSchedule.ExpectedCost(parameters, holdings), expected.Number("expected_cost"), "cost");
            VectorFile.AssertClose(
                AlmgrenChrissSchedule.CostVariance(parameters, holdings), expected.Number("variance"), "variance");
        }
    }

    [Test]
    public void ShouldRewardAsTheReferenceWhenAnExecutionIsGraded()
    {
        foreach (var (input, expected) in VectorFile.Cases("execution_reward"))
        {
            var slippageBps = ExecutionReward.SlippageBps(
                input.Number("target_price"), input.Number("fill_price"), input.Integer("direction"));
            var reward = ExecutionReward.Total(
                slippageBps,
                input.Number("execution_time_ms"),
                input.Number("position_limit_utilization"),
                input.Number("var_limit_utilization"),
                input.Number("market_impact_bps"),
                input.Number("quantity_filled") / input.Number("quantity_requested"));

            VectorFile.AssertClose(slippageBps, expected.Number("slippage_bps"), "slippage");
            // The reward is a sum of terms up to 100 that may nearly cancel.
            VectorFile.AssertClose(reward, expected.Number("reward"), "reward", 100);
        }
    }

    private static double Impact(JsonElement input, double alpha) => SquareRootImpact.Bps(
        input.Number("quantity"),
        input.Number("adv"),
        input.Number("daily_volatility"),
        input.Number("duration_s"),
        alpha);
}
