using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>
/// Judges orders from nothing but the list of orders, reports and quotes, in plain arithmetic over whole matrices and
/// lists: what the risk stage is held against. The account's equity and drawdowns are given to it.
/// </summary>
internal sealed class NaiveRiskCheck(StageRig rig, NaiveMarket market)
{
    private const double SecondNs = 1e9;

    private readonly Dictionary<ulong, (int Instrument, Side Side, int Left)> _open = [];
    private readonly List<(ulong Id, long MadeNs)> _signals = [];
    private long _forgottenNs = long.MinValue;
    private readonly List<long> _sentNs = [];
    private readonly int[] _positions = new int[rig.Instruments.Count];

    public bool IsKilled { get; set; }

    /// <summary>Instruments in which entries are stopped.</summary>
    public HashSet<int> Stopped { get; } = [];

    /// <summary>The days that the account counts by end at 23:00 UTC, 18:00 in New York's winter.</summary>
    public static long DayOf(long timeNs) => (timeNs / StageRig.E9 + 3_600) / 86_400;

    public void Send(ulong id, int instrument, Side side, int quantity, long timeNs)
    {
        _open[id] = (instrument, side, quantity);
        _sentNs.Add(timeNs);
    }

    public void Hear(in ExecutionReport report)
    {
        var order = _open[report.OrderId];
        if (report.Kind == ExecutionReportKind.Trade)
        {
            _positions[order.Instrument] += report.LastQuantity * (order.Side == Side.Buy ? 1 : -1);
            order.Left -= report.LastQuantity;
        }
        else if (report.Kind != ExecutionReportKind.New)
        {
            order.Left = 0;
        }

        if (order.Left == 0)
            _open.Remove(report.OrderId);
        else
            _open[report.OrderId] = order;
    }

    /// <summary>Remembers a signal, if it has an id. What is known of it.</summary>
    public SignalStanding Note(in TradeQualified signal, long timeNs)
    {
        var id = signal.SignalId;
        if (id == 0)
            return SignalStanding.New;
        if (_signals.Exists(one => one.Id == id))
            return SignalStanding.Repeated;

        var madeNs = Math.Min(signal.SignalTimeNs, timeNs);
        var standing = madeNs <= _forgottenNs ? SignalStanding.Forgotten : SignalStanding.New;
        _signals.Add((id, madeNs));
        if (_signals.Count > rig.Limits.SignalIdsRemembered)
        {
            _forgottenNs = Math.Max(_forgottenNs, _signals[0].MadeNs);
            _signals.RemoveAt(0);
        }

        return standing;
    }

    /// <param name="e">The signal as context left it, with its decision.</param>
    /// <param name="quantity">The size to judge, which need not be the decision's.</param>
    /// <param name="standing">What is known of the signal's id.</param>
    /// <param name="regime">Of the market.</param>
    public RiskViolations Judge(in PipelineEvent e, int quantity, SignalStanding standing, VolatilityRegime regime)
    {
        if (standing == SignalStanding.Repeated)
            return RiskViolations.None;

        var instrument = e.Header.InstrumentIndex;
        var sign = e.Decision.Side == Side.Buy ? 1 : -1;
        var sameSide = Pending(instrument, e.Decision.Side) + quantity;
        var worst = _positions[instrument] + sign * sameSide;
        var violations = JudgeSignal(e, standing) | JudgeOrder(instrument, quantity, worst);
        var held = _positions[instrument] * -sign;
        if (held > 0 && sameSide <= held)
            return violations;

        return violations | JudgeAccount(e) | JudgePosition(e, worst) | JudgePortfolio(e, worst, regime);
    }

    private RiskViolations JudgeSignal(in PipelineEvent e, SignalStanding standing)
    {
        var limits = rig.Limits;
        var instrument = e.Header.InstrumentIndex;
        var signal = e.Payload.TradeQualified;
        var timeNs = e.Header.TimeNs;
        var far = e.Decision.Side == Side.Buy ? market.Asks[instrument] : market.Bids[instrument];
        var distance = Math.Abs(far - signal.PriceE9 * 1e-9) / (signal.PriceE9 * 1e-9);
        return If(standing == SignalStanding.Forgotten, RiskViolations.ForgottenSignal)
            | If(Math.Abs(timeNs - signal.SignalTimeNs) > limits.MaxSignalAgeMs * 1e6, RiskViolations.StaleSignal)
            | If(timeNs - market.TimesNs[instrument] > limits.MaxMarketAgeMs * 1e6, RiskViolations.StaleMarket)
            | If(market.Bids[instrument] > market.Asks[instrument], RiskViolations.CrossedMarket)
            | If(distance > limits.PriceCollar, RiskViolations.PriceCollar)
            | If(
                _sentNs.Count(t => timeNs - t < SecondNs) + 1 > limits.MaxOrdersPerSecond, RiskViolations.OrderRate);
    }

    private RiskViolations JudgeOrder(int instrument, int quantity, int worst)
    {
        var limits = rig.Limits;
        return If(quantity > limits.MaxOrderSize, RiskViolations.OrderSize)
            | If(quantity < limits.MinOrderSize && worst != 0, RiskViolations.MinimumOrderSize)
            | If(Value(instrument, quantity) > (double)limits.MaxOrderValue + 1e-6, RiskViolations.OrderValue);
    }

    private RiskViolations JudgeAccount(in PipelineEvent e)
    {
        var day = DayOf(e.Header.TimeNs);
        return If(IsKilled, RiskViolations.KillSwitch)
            | If(Stopped.Contains(e.Header.InstrumentIndex), RiskViolations.EntriesStopped)
            | If(e.Portfolio.DailyDrawdown > rig.Limits.MaxDailyDrawdown, RiskViolations.DailyDrawdown)
            | If(e.Portfolio.WeeklyDrawdown > rig.Limits.MaxWeeklyDrawdown, RiskViolations.WeeklyDrawdown)
            | If(_sentNs.Count(t => DayOf(t) == day) + 1 > rig.Limits.MaxDailyTrades, RiskViolations.DailyTradeCount);
    }

    private RiskViolations JudgePosition(in PipelineEvent e, int worst)
    {
        var limits = rig.Limits;
        var instrument = e.Header.InstrumentIndex;
        var sector = rig.Instruments[instrument].Sector;
        var values = Enumerable.Range(0, _positions.Length)
            .Select(i => i == instrument ? Value(i, Math.Abs(worst)) : WorstValue(i)).ToArray();
        var inSector = values.Where((_, i) => i == instrument || (sector != "" && sector == rig.Instruments[i].Sector));
        var equity = e.Portfolio.EquityE6 * 1e-6;
        var margin = Enumerable.Range(0, _positions.Length).Sum(i => rig.Instruments[i].MarginPerContractE6 * 1e-6
            * (i == instrument ? Math.Abs(worst) : Math.Max(Math.Abs(Highest(i)), Math.Abs(Lowest(i)))));
        return If(Math.Abs(worst) > limits.MaxPosition, RiskViolations.Position)
            | If(margin > limits.MaxMarginShare * equity, RiskViolations.InitialMargin)
            | If(values.Sum() > (double)limits.MaxNotional + 1e-6, RiskViolations.Notional)
            | If(values[instrument] / equity > limits.MaxPositionShare, RiskViolations.PositionShare)
            | If(inSector.Sum() / equity > limits.MaxSectorShare, RiskViolations.SectorShare);
    }

    private RiskViolations JudgePortfolio(in PipelineEvent e, int worst, VolatilityRegime regime)
    {
        var limits = rig.Limits;
        var instrument = e.Header.InstrumentIndex;
        var exposures = Enumerable.Range(0, _positions.Length)
            .Select(i => Value(i, i == instrument ? worst : Net(i))).ToArray();
        var deviation = market.Deviation(exposures);
        var valueAtRisk = ParametricRisk.ValueAtRisk(deviation, limits.VarConfidence);
        var multiplier = regime switch { VolatilityRegime.Normal => 1.0, VolatilityRegime.Volatile => 0.8, _ => 0.6 };
        var maxShortfall = limits.MaxShortfall * multiplier * e.Portfolio.EquityE6 * 1e-6;
        var parametric = ParametricRisk.ExpectedShortfall(deviation, limits.ShortfallConfidence);
        var historical = market.HistoricalShortfall(exposures, limits.ShortfallConfidence);
        var others = Enumerable.Range(0, _positions.Length).Where(i => i != instrument).ToArray();
        return If(valueAtRisk > limits.MaxDailyVar, RiskViolations.DailyVar)
            | If(valueAtRisk * Math.Sqrt(5) > limits.MaxWeeklyVar, RiskViolations.WeeklyVar)
            | If(parametric > maxShortfall, RiskViolations.ParametricShortfall)
            | If(historical > maxShortfall, RiskViolations.HistoricalShortfall)
            | If(
                others.Count(i => Highest(i) > 0 || Lowest(i) < 0) + (worst == 0 ? 0 : 1) > limits.MaxOpenPositions,
                RiskViolations.OpenPositions)
            | If(others.Any(i => CoMovement(instrument, worst, i) > limits.MaxCorrelation), RiskViolations.Correlation);
    }

    /// <summary>How the position would move with another one, at the worst; -1 when nothing is held there.</summary>
    private double CoMovement(int instrument, int worst, int other)
    {
        var sides = new[] { Highest(other) > 0 ? 1 : 0, Lowest(other) < 0 ? -1 : 0 };
        return sides.Where(static side => side != 0)
            .Select(side => market.CorrelationOf(instrument, other) is { } correlation
                ? correlation * side * Math.Sign(worst)
                : 1)
            .DefaultIfEmpty(-1).Max();
    }

    private int Pending(int instrument, Side side) =>
        _open.Values.Where(o => o.Instrument == instrument && o.Side == side).Sum(static o => o.Left);

    private int Highest(int instrument) => _positions[instrument] + Pending(instrument, Side.Buy);

    private int Lowest(int instrument) => _positions[instrument] - Pending(instrument, Side.Sell);

    private int Net(int instrument) =>
        _positions[instrument] + Pending(instrument, Side.Buy) - Pending(instrument, Side.Sell);

    private double WorstValue(int instrument) =>
        Value(instrument, Math.Max(Math.Abs(Highest(instrument)), Math.Abs(Lowest(instrument))));

    private double Value(int instrument, double contracts) =>
        contracts * market.Marks[instrument] * rig.Instruments[instrument].Multiplier;

    private static RiskViolations If(bool isBroken, RiskViolations violation) =>
        isBroken ? violation : RiskViolations.None;
}
