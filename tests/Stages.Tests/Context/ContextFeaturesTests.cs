using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Context;

namespace ExecutionPipeline.Stages.Tests.Context;

/// <summary>Features of signals that bring no figure of their own, against plain formulas.</summary>
[TestFixture]
public class ContextFeaturesTests
{
    private const double Quantile99 = 2.3263478740408408;
    private const double Cash = 1_000_000;

    private static readonly InstrumentOptions[] Options =
    [
        new() { Id = 1, Symbol = "ES", Calendar = "cme_equity", Multiplier = 50, DailyVolatility = 0.01 },
        new() { Id = 2, Symbol = "SHARE", Calendar = "us_equity", Multiplier = 1, DailyVolatility = 0.02 },
    ];

    [Test]
    public void ShouldAgreeWithThePlainFormulasWhenMarketAndTradesAreRandom()
    {
        var random = TestSeed.NewRandom();
        for (var round = 0; round < 5; round++)
        {
            var rig = new StageRig(options: Options);
            var averages = new ContextOptions();
            var markets = Options
                .Select(o => new NaiveMarket(o.Calendar, averages.DepthAverageUpdates, averages.AtrPeriod))
                .ToArray();
            var ledger = new Ledger();
            for (var step = 0; step < 300; step++)
            {
                rig.TimeNs += RandomMarket.StepNs(random);
                var instrument = random.Next(Options.Length);
                Update(rig, markets[instrument], instrument, RandomMarket.Next(random));
                if (random.Next(5) == 0)
                    Trade(rig, ledger, instrument, random);
                if (markets[instrument].Mark != 0)
                    CheckSignal(rig, markets, ledger, instrument, random);
            }
        }
    }

    private static void Update(StageRig rig, NaiveMarket market, int instrument, in MarketUpdate update)
    {
        var e = rig.NewEvent(EventKind.MarketUpdate, instrument);
        e.Payload.MarketUpdate = update;
        rig.Context.OnEvent(ref e);
        market.Add(rig.TimeNs, update);
    }

    private static void Trade(StageRig rig, Ledger ledger, int instrument, Random random)
    {
        if (rig.Context.Market(instrument).MarkPriceE9 == 0)
            return;

        var e = rig.NewEvent(EventKind.ExecutionReport, instrument);
        e.Payload.ExecutionReport = new ExecutionReport
        {
            Kind = ExecutionReportKind.Trade,
            ExecutionId = ++ledger.Executions,
            InstrumentIndex = instrument,
            Side = random.Next(2) == 0 ? Side.Buy : Side.Sell,
            LastQuantity = random.Next(1, 5),
            LastPriceE9 = StageRig.Price(4_000 + random.Next(-40, 40) * 0.25),
            FeeE6 = random.Next(10_000_000),
        };
        rig.Context.OnEvent(ref e);
        ledger.Book(e.Payload.ExecutionReport, Options[instrument].Multiplier);
    }

    private static void CheckSignal(
        StageRig rig, NaiveMarket[] markets, Ledger ledger, int instrument, Random random)
    {
        var e = rig.NewSignal(instrument);
        ref var signal = ref e.Payload.TradeQualified;
        signal.Confidence = random.NextDouble();
        signal.Urgency = random.NextDouble();
        signal.SynergyStrength = random.NextDouble();
        rig.Context.OnEvent(ref e);
        var market = markets[instrument];
        market.Pass(rig.TimeNs);

        var values = Options.Select((o, i) => ledger.Positions[i] * o.Multiplier * markets[i].Mark).ToArray();
        var equity = Cash + ledger.Moved + values.Sum();
        var realized = rig.Portfolio.NetRealizedPnlE6 * 1e-6;
        var bound = ledger.Positions.Sum(static p => Math.Abs(p)) * 20_000.0;
        // Correlations are not known, so the positions' risks add up.
        var valueAtRisk = Quantile99 * values.Zip(Options, static (v, o) => Math.Abs(v) * o.DailyVolatility).Sum();
        double[] expected =
        [
            1, signal.Confidence, signal.SynergyStrength, signal.Urgency,
            market.SpreadBps, market.DepthRatio, market.VolumeIntensity(rig.TimeNs), market.Volatility(rig.TimeNs),
            ledger.Positions[instrument],
            equity > 0 ? Math.Max(0, equity - bound) / equity : 0,
            equity > 0 ? (equity - Cash - realized) / equity : 0,
            valueAtRisk / rig.Limits.MaxDailyVar,
            Math.Abs(ledger.Positions[instrument]) / (double)rig.Limits.MaxPosition,
            1, market.SessionProgress(rig.TimeNs),
        ];
        for (var i = 0; i < ContextFeatures.Count; i++)
        {
            var tolerance = 1e-6 * Math.Max(1, Math.Abs(expected[i]));
            Assert.That(e.Features[i], Is.EqualTo(expected[i]).Within(tolerance), $"feature {i} of {instrument}");
        }

        var atr = market.Atr(rig.TimeNs);
        var assumed = 0.01 * e.Portfolio.MarkPriceE9 * 1e-9;
        Assert.That(e.Portfolio.AtrE9 * 1e-9, Is.EqualTo(atr > 0 ? atr : assumed).Within(2e-9));
    }

    private sealed class Ledger
    {
        public int[] Positions { get; } = new int[Options.Length];

        /// <summary>Cash that executions and fees moved.</summary>
        public double Moved { get; private set; }

        public ulong Executions { get; set; }

        public void Book(in ExecutionReport report, int multiplier)
        {
            var signed = report.Side == Side.Buy ? report.LastQuantity : -report.LastQuantity;
            Positions[report.InstrumentIndex] += signed;
            Moved -= signed * (report.LastPriceE9 * 1e-9) * multiplier + report.FeeE6 * 1e-6;
        }
    }
}
