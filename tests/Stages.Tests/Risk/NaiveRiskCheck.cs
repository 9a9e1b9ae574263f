using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>
/// Judges orders from nothing but the list of orders, reports and marks, in plain arithmetic: what the risk stage is
/// held against. No correlation is configured, so value at risk adds up.
/// </summary>
internal sealed class NaiveRiskCheck(StageRig rig)
{
    private readonly Dictionary<ulong, (int Instrument, Side Side, int Left)> _open = [];
    private readonly int[] _positions = new int[rig.Instruments.Count];
    private readonly double[] _marks = new double[rig.Instruments.Count];
    private readonly double _quantile = NormalDistribution.Quantile(rig.Limits.VarConfidence);

    public bool IsKilled { get; set; }

    public int TradesToday { get; set; }

    public void Mark(int instrument, double price) => _marks[instrument] = price;

    public void Send(ulong id, int instrument, Side side, int quantity) => _open[id] = (instrument, side, quantity);

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

        _open[report.OrderId] = order;
    }

    public RiskViolations Judge(int instrument, Side side, int quantity, double drawdown)
    {
        var limits = rig.Limits;
        var violations = IsKilled ? RiskViolations.KillSwitch : RiskViolations.None;
        if (quantity > limits.MaxOrderSize)
            violations |= RiskViolations.OrderSize;

        var sign = side == Side.Buy ? 1 : -1;
        var sameSide = Pending(instrument, side) + quantity;
        var worst = _positions[instrument] + sign * sameSide;
        var held = _positions[instrument] * -sign;
        if (held > 0 && sameSide <= held)
            return violations;

        if (Math.Abs(worst) > limits.MaxPosition)
            violations |= RiskViolations.Position;
        if (Notional(instrument, worst) > (double)limits.MaxNotional + 1e-6)
            violations |= RiskViolations.Notional;
        if (ValueAtRisk(instrument, worst) > limits.MaxDailyVar)
            violations |= RiskViolations.DailyVar;
        if (drawdown > limits.MaxDailyDrawdown)
            violations |= RiskViolations.DailyDrawdown;
        if (TradesToday >= limits.MaxDailyTrades)
            violations |= RiskViolations.DailyTradeCount;
        return violations;
    }

    private int Pending(int instrument, Side side) =>
        _open.Values.Where(o => o.Instrument == instrument && o.Side == side).Sum(static o => o.Left);

    /// <summary>The others at the worst that their orders can lead to, this one with the order filled.</summary>
    private double Notional(int instrument, int worst)
    {
        var sum = 0.0;
        for (var i = 0; i < _positions.Length; i++)
        {
            var highest = _positions[i] + Pending(i, Side.Buy);
            var lowest = _positions[i] - Pending(i, Side.Sell);
            var contracts = i == instrument ? Math.Abs(worst) : Math.Max(Math.Abs(highest), Math.Abs(lowest));
            sum += contracts * _marks[i] * rig.Instruments[i].Multiplier;
        }

        return sum;
    }

    private double ValueAtRisk(int instrument, int worst)
    {
        var sum = 0.0;
        for (var i = 0; i < _positions.Length; i++)
        {
            var net = _positions[i] + Pending(i, Side.Buy) - Pending(i, Side.Sell);
            var contracts = i == instrument ? worst : net;
            sum += Math.Abs(contracts) * _marks[i] * rig.Instruments[i].Multiplier
                * rig.Instruments[i].DailyVolatility;
        }

        return sum * _quantile;
    }
}
