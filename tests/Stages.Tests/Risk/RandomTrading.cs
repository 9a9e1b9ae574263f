using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>A stage under random limits and random events, with the naive check beside it.</summary>
internal sealed class RandomTrading
{
    private const int MaxInstruments = 6;

    /// <summary>The naive check knows of one order for each decision.</summary>
    private static readonly ExecutionOptions AllAtOnce = StageRig.AnyPrice with
    {
        Replace = new Dictionary<string, string>
        {
            ["TWAP_5MIN"] = "IMMEDIATE",
            ["VWAP_AGGRESSIVE"] = "IMMEDIATE",
            ["ICEBERG"] = "IMMEDIATE",
        },
    };

    private readonly Random _random;
    private readonly NaiveMarket _market;
    private readonly NaiveRiskCheck _check;
    private readonly StageRig _rig;
    private readonly ViolationFigures _figures;

    public RandomTrading(Random random, bool isCutting)
    {
        _random = random;
        _market = new NaiveMarket(random, random.Next(1, MaxInstruments + 1), random.Next(1, 120));
        _rig = new StageRig(
            RandomLimits(random, isCutting),
            options: _market.Options,
            correlations: _market.Correlations,
            history: _market.History,
            execution: AllAtOnce);
        _check = new NaiveRiskCheck(_rig, _market);
        _figures = new ViolationFigures(_rig.Instruments, _rig.Limits);
        for (var i = 0; i < _market.Options.Count; i++)
            Quote(i);
    }

    /// <summary>One decision, after whatever comes before it.</summary>
    public void Step(ref RiskPropertyTests.Tally tally)
    {
        while (true)
        {
            _rig.TimeNs += _random.Next(200_000_000);
            var instrument = _random.Next(_market.Options.Count);
            switch (_random.Next(200))
            {
                case < 50:
                    Quote(instrument);
                    continue;
                case < 120:
                    if (_rig.TryDrainOne(out var e))
                        _check.Hear(e.Payload.ExecutionReport);
                    _check.IsKilled = _rig.Risk.IsKilled;
                    continue;
                case < 121:
                    _rig.Command(CommandKind.Kill);
                    _check.IsKilled = true;
                    continue;
                case < 125:
                    _rig.Command(CommandKind.Resume);
                    _check.IsKilled = false;
                    continue;
                case 126:
                    _rig.Command(CommandKind.StopEntries, instrument);
                    _check.Stopped.Add(instrument);
                    continue;
                case < 130 when _check.Stopped.Contains(instrument):
                    _rig.Command(CommandKind.ResumeEntries, instrument);
                    _check.Stopped.Remove(instrument);
                    continue;
                case 125 when _random.Next(10) == 0:
                    _rig.TimeNs += _random.NextInt64(2 * 86_400) * StageRig.E9;
                    continue;
                default:
                    Decide(instrument, ref tally);
                    return;
            }
        }
    }

    public void AssertSettled()
    {
        while (_rig.TryDrainOne(out var e))
            _check.Hear(e.Payload.ExecutionReport);

        Assert.That(_rig.Routing.Orders.WorkingOrders, Is.Zero);
        for (var i = 0; i < _market.Options.Count; i++)
        {
            Assert.That(_rig.Risk.PendingQuantity(i), Is.Zero);
            Assert.That(Math.Abs(_rig.Portfolio.Position(i)), Is.LessThanOrEqualTo(_rig.Limits.MaxPosition));
        }
    }

    private void Decide(int instrument, ref RiskPropertyTests.Tally tally)
    {
        var e = _rig.NewSignal(instrument);
        ref var signal = ref e.Payload.TradeQualified;
        if (_random.Next(40) == 0)
            signal.SignalId -= (ulong)_random.Next(1, 5);
        signal.SignalTimeNs = _rig.TimeNs - _random.NextInt64(-1, 12) * StageRig.E9 / 10;
        signal.PriceE9 = StageRig.Price(_market.Asks[instrument] * (1 + (_random.NextDouble() - 0.5) * 0.02));
        var decision = new Decision
        {
            Side = _random.Next(2) == 0 ? Side.Buy : Side.Sell,
            Quantity = _random.Next(1, 8),
            Strategy = (ExecutionStrategy)_random.Next(4),
        };
        var standing = _check.Note(signal, _rig.TimeNs);
        var regime = _rig.Risk.Regime;
        var isKilled = _rig.Risk.IsKilled;
        var judged = e;
        _rig.Run(ref judged, decision);
        _check.IsKilled = isKilled;
        var expected = _check.Judge(judged, decision.Quantity, standing, regime);
        Assert.That(judged.Verdict.Violations, Is.EqualTo(expected));
        Assert.That(judged.Signal.Standing, Is.EqualTo(standing));
        if (standing != SignalStanding.Repeated)
            Count(judged, standing, regime, ref tally);
        else
            Assert.That(judged.Routing.Outcome, Is.EqualTo(RoutingOutcome.Repeated));
        _check.IsKilled = _rig.Risk.IsKilled;
    }

    private void Count(
        in PipelineEvent e, SignalStanding standing, VolatilityRegime regime, ref RiskPropertyTests.Tally tally)
    {
        tally.Decisions++;
        tally.Seen |= e.Verdict.Violations;
        AssertFigures(e);
        AssertLargest(e, standing, regime);
        var quantity = e.Verdict.ApprovedQuantity;
        if (quantity == 0)
            return;

        tally.Approved++;
        tally.Cut += quantity < e.Decision.Quantity ? 1 : 0;
        tally.Reducing += e.Verdict.Reducing;
        _check.Send(e.Routing.Order.OrderId, e.Header.InstrumentIndex, e.Decision.Side, quantity, e.Header.TimeNs);
    }

    /// <summary>Each violation says its limit, and a value beyond it.</summary>
    private void AssertFigures(in PipelineEvent e)
    {
        for (var left = (uint)e.Verdict.Violations; left != 0; left &= left - 1)
        {
            var violation = (RiskViolations)(left & (~left + 1));
            var (limit, value) = _figures.Of(in e, violation);
            if (violation == RiskViolations.MinimumOrderSize)
                Assert.That(value, Is.LessThan(limit));
            else if (violation is RiskViolations.KillSwitch or RiskViolations.ForgottenSignal
                or RiskViolations.EntriesStopped)
                Assert.That((limit, value), Is.EqualTo((double.NaN, double.NaN)));
            else
                Assert.That(value, Is.GreaterThan(limit * (1 - 1e-6)), $"{violation}");
        }
    }

    /// <summary>What was approved keeps every limit, and each size above it breaks one.</summary>
    private void AssertLargest(in PipelineEvent e, SignalStanding standing, VolatilityRegime regime)
    {
        var quantity = e.Verdict.ApprovedQuantity;
        if (quantity > 0)
            Assert.That(_check.Judge(e, quantity, standing, regime), Is.EqualTo(RiskViolations.None));

        var least = _rig.Limits.CutToAdmissibleSize ? quantity + 1 : e.Decision.Quantity;
        for (var size = Math.Max(least, 1); size <= e.Decision.Quantity && size > quantity; size++)
        {
            Assert.That(
                _check.Judge(e, size, standing, regime), Is.Not.EqualTo(RiskViolations.None), $"{size} contracts");
        }
    }

    private void Quote(int instrument)
    {
        var bid = 1_000 + _random.Next(-60, 61) + _random.Next(4) * 0.25;
        var ask = bid + _random.Next(20) switch { 0 => -0.5, 1 => 12, _ => 0.5 };
        _rig.Market(bid, ask, _random.Next(1, 8), instrument);
        _market.Bids[instrument] = bid;
        _market.Asks[instrument] = ask;
        _market.TimesNs[instrument] = _rig.TimeNs;
    }

    private static RiskLimits RandomLimits(Random random, bool isCutting) => new()
    {
        CutToAdmissibleSize = isCutting,
        MaxPosition = random.Next(3, 12),
        MaxNotional = random.Next(200, 1_200) * 1_000m,
        MaxDailyVar = random.Next(3_000, 30_000),
        MaxWeeklyVar = random.Next(6_000, 60_000),
        MaxShortfall = 0.002 + random.NextDouble() * 0.03,
        MaxDailyDrawdown = 0.002 + random.NextDouble() * 0.05,
        MaxWeeklyDrawdown = 0.005 + random.NextDouble() * 0.1,
        MaxPositionShare = 0.05 + random.NextDouble(),
        MaxSectorShare = 0.05 + random.NextDouble() * 2,
        MaxMarginShare = 0.05 + random.NextDouble() / 2,
        MaxCorrelation = random.NextDouble(),
        MaxOpenPositions = random.Next(1, 6),
        MaxOrderSize = random.Next(3, 8),
        MinOrderSize = random.Next(1, 3),
        MaxOrderValue = random.Next(50, 400) * 1_000m,
        MaxDailyTrades = random.Next(5, 60),
        MaxOrdersPerSecond = random.Next(1, 8),
        PriceCollar = 0.005 + random.NextDouble() * 0.02,
        MaxSignalAgeMs = random.Next(800, 2_000),
        MaxMarketAgeMs = random.Next(2_000, 20_000),
        SignalIdsRemembered = random.Next(2) == 0 ? 16_384 : random.Next(4, 20),
        KillSwitch = new() { DailyLossCap = 0.02 + random.NextDouble() * 0.05, MaxRefusals = random.Next(40) },
        Breakers = new()
        {
            MarketVolatility = new() { Threshold = 10, RecoveryS = 1 },
            ExecutionFailure = new() { Threshold = 2, RecoveryS = 1 },
            VenueUnavailability = new() { Threshold = 2, RecoveryS = 1 },
            SystemLoad = new() { Threshold = 2, RecoveryS = 1 },
            UnansweredOrder = new() { Threshold = 604_800, RecoveryS = 1 },
            ThrottledOrdersPerSecond = 1,
        },
        Regimes = new() { VolatileRatio = 20, CrisisRatio = 60, TrendMinutes = 5 },
    };
}
