using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Execution.Positions;

/// <summary>
/// The account: cash, positions at average cost, profit and loss. Exact integers in 1e-6 of currency, so that
/// starting cash + realised + unrealised - fees is to the last digit what the executions moved. O(1) for each
/// execution and each mark; one thread.
/// </summary>
public sealed class Portfolio : IStateful
{
    private readonly InstrumentTable _instruments;
    private readonly VarModel _varModel;
    private readonly TradingDay _day;
    private readonly PositionState[] _positions;
    private readonly ExposureRisk _risk;
    private readonly long _startingCashE6;
    private double _dailyVar;
    private bool _isVarStale;
    private long _week = long.MinValue;
    private readonly bool _isFromPeak;

    /// <param name="instruments">What can be held.</param>
    /// <param name="varModel">Of the same instruments.</param>
    /// <param name="startingCash">In currency; positive and at most 1e12.</param>
    /// <param name="day">When a day's starting equity is taken anew.</param>
    /// <exception cref="ArgumentException">The cash is out of range.</exception>
    public Portfolio(InstrumentTable instruments, VarModel varModel, decimal startingCash, TradingDayOptions day)
    {
        if (startingCash is <= 0 or > 1e12m)
            throw new ArgumentException($"starting cash {startingCash}: set a positive amount of at most 1e12.");
        if (varModel.Count != instruments.Count)
            throw new ArgumentException("the VaR model is made of other instruments.", nameof(varModel));

        _instruments = instruments;
        _varModel = varModel;
        _day = new TradingDay(day);
        _positions = new PositionState[instruments.Count];
        _risk = new ExposureRisk(varModel);
        _startingCashE6 = (long)(startingCash * 1e6m);
        DayStartEquityE6 = _startingCashE6;
        WeekStartEquityE6 = _startingCashE6;
        DayPeakEquityE6 = _startingCashE6;
        _isFromPeak = day.DrawdownFrom == DrawdownBase.DayPeak;
    }

    /// <summary>Its running day is the account's.</summary>
    public TradingDay Day => _day;

    /// <summary>Before fees, since the start.</summary>
    public long RealizedPnlE6 { get; private set; }

    public long UnrealizedPnlE6 { get; private set; }

    /// <summary>Paid since the start.</summary>
    public long FeesE6 { get; private set; }

    /// <summary>After fees, since the start.</summary>
    public long NetRealizedPnlE6 => RealizedPnlE6 - FeesE6;

    /// <summary>After fees.</summary>
    public long EquityE6 => _startingCashE6 + NetRealizedPnlE6 + UnrealizedPnlE6;

    /// <summary>Initial margin that the positions bind.</summary>
    public long MarginE6 { get; private set; }

    /// <summary>Negative in a margin call.</summary>
    public long AvailableMarginE6 => EquityE6 - MarginE6;

    /// <summary>Sum of absolute position values.</summary>
    public long GrossNotionalE6 { get; private set; }

    /// <summary>Instruments that are not flat.</summary>
    public int OpenPositions { get; private set; }

    /// <summary>Equity when the trading day began.</summary>
    public long DayStartEquityE6 { get; private set; }

    /// <summary>Highest equity since the trading day began.</summary>
    public long DayPeakEquityE6 { get; private set; }

    /// <summary>Equity when the trading week began.</summary>
    public long WeekStartEquityE6 { get; private set; }

    /// <summary>Fall from the day's peak, or by setting its starting equity, as a fraction of it.</summary>
    public double DailyDrawdown => Drawdown.FromStart(_isFromPeak ? DayPeakEquityE6 : DayStartEquityE6, EquityE6);

    /// <summary>Fall from the trading week's starting equity as a fraction of it; 0 when above.</summary>
    public double WeeklyDrawdown => Drawdown.FromStart(WeekStartEquityE6, EquityE6);

    /// <summary>Of the whole portfolio, in currency.</summary>
    public double DailyVar
    {
        get
        {
            if (_isVarStale)
            {
                _dailyVar = _varModel.Quantile * Math.Sqrt(_risk.Variance);
                _isVarStale = false;
            }

            return _dailyVar;
        }
    }

    /// <summary>Signed contracts.</summary>
    public int Position(int instrument) => _positions[instrument].Quantity;

    /// <summary>0 until the instrument has a price.</summary>
    public long MarkPriceE9(int instrument) => _positions[instrument].MarkPriceE9;

    /// <summary>Average entry price of the open position; 0 when flat.</summary>
    public long AveragePriceE9(int instrument) => _positions[instrument].AveragePriceE9;

    /// <summary>Before fees, of one instrument.</summary>
    public long RealizedOfE6(int instrument) => _positions[instrument].RealizedPnlE6;

    /// <summary>Of one instrument.</summary>
    public long FeesOfE6(int instrument) => _positions[instrument].FeesE6;

    /// <summary>
    /// Lets event time pass. Whether a new trading day began: its starting equity is that of this moment, and so is the
    /// week's if it is the first of a week.
    /// </summary>
    public bool TryStartDay(long timeNs)
    {
        if (!_day.TryRoll(timeNs))
            return false;

        DayStartEquityE6 = EquityE6;
        DayPeakEquityE6 = DayStartEquityE6;
        if (_day.Week != _week)
            WeekStartEquityE6 = EquityE6;

        _week = _day.Week;
        return true;
    }

    /// <summary>Values an instrument's position at a price.</summary>
    /// <param name="instrument">Index.</param>
    /// <param name="priceE9">Positive. A mid price between two multiples of 1e-6 is valued at the lower.</param>
    /// <param name="timeNs">Of the price, by event time.</param>
    public void Mark(int instrument, long priceE9, long timeNs)
    {
        ref var position = ref _positions[instrument];
        position.MarkPriceE9 = priceE9;
        _isVarStale |= _risk.TryObserve(instrument, priceE9, timeNs);
        if (position.Quantity != 0)
            Revalue(instrument, ref position);
    }

    public void Transfer(StateStream state)
    {
        _day.Transfer(state);
        state.Array(_positions);
        _risk.Transfer(state);
        state.Value(ref _dailyVar);
        state.Value(ref _isVarStale);
        state.Value(ref _week);
        RealizedPnlE6 = state.Next(RealizedPnlE6);
        UnrealizedPnlE6 = state.Next(UnrealizedPnlE6);
        FeesE6 = state.Next(FeesE6);
        MarginE6 = state.Next(MarginE6);
        GrossNotionalE6 = state.Next(GrossNotionalE6);
        OpenPositions = state.Next(OpenPositions);
        DayStartEquityE6 = state.Next(DayStartEquityE6);
        DayPeakEquityE6 = state.Next(DayPeakEquityE6);
        WeekStartEquityE6 = state.Next(WeekStartEquityE6);
    }

    private void Revalue(int instrument, ref PositionState position)
    {
        var valueE6 = _instruments[instrument].ValueE6(position.MarkPriceE9, position.Quantity);
        UnrealizedPnlE6 += valueE6 - position.MarkValueE6;
        GrossNotionalE6 += Math.Abs(valueE6) - Math.Abs(position.MarkValueE6);
        position.MarkValueE6 = valueE6;
        DayPeakEquityE6 = Math.Max(DayPeakEquityE6, EquityE6);
        _risk.Set(instrument, valueE6 * 1e-6);
        _isVarStale = true;
    }

    /// <summary>
    /// Books an execution. An instrument that has no mark yet is marked at the execution's price.
    /// </summary>
    /// <param name="instrument">Index.</param>
    /// <param name="side">Bought or sold.</param>
    /// <param name="quantity">Contracts; positive.</param>
    /// <param name="priceE9">On the tick.</param>
    /// <param name="feeE6">Of this execution.</param>
    public void Execute(int instrument, Side side, int quantity, long priceE9, long feeE6)
    {
        ref var position = ref _positions[instrument];
        var signed = side == Side.Buy ? quantity : -quantity;
        var before = position.Quantity;
        FeesE6 += feeE6;
        position.FeesE6 += feeE6;

        var closing = before != 0 && (before ^ signed) < 0 ? Math.Min(quantity, Math.Abs(before)) : 0;
        if (closing > 0)
            Reduce(_instruments[instrument], ref position, closing, priceE9);
        if (quantity > closing)
            Increase(_instruments[instrument], ref position, Math.Sign(signed) * (quantity - closing), priceE9);

        AfterExecution(instrument, ref position, before, priceE9);
    }

    private void Reduce(Instrument instrument, ref PositionState position, int quantity, long priceE9)
    {
        var held = position.Quantity;
        var sold = held > 0 ? quantity : -quantity;
        // What rounding leaves stays in the cost, so it is all gone at flat.
        var costE6 = Apportionment.ShareOf(position.CostE6, quantity, Math.Abs(held));
        var gainE6 = instrument.ValueE6(priceE9, sold) - costE6;
        position.CostE6 -= costE6;
        position.Quantity = held - sold;
        position.RealizedPnlE6 += gainE6;
        RealizedPnlE6 += gainE6;
        // Unrealised is mark value less cost: what leaves the cost enters it until the revaluation below.
        UnrealizedPnlE6 += costE6;
    }

    private void Increase(Instrument instrument, ref PositionState position, int signed, long priceE9)
    {
        var costE6 = instrument.ValueE6(priceE9, signed);
        position.Quantity += signed;
        position.CostE6 += costE6;
        UnrealizedPnlE6 -= costE6;
    }

    private void AfterExecution(int instrument, ref PositionState position, int before, long priceE9)
    {
        position.AveragePriceE9 = _instruments[instrument].PriceOfValueE9(position.CostE6, position.Quantity);
        OpenPositions += (position.Quantity != 0 ? 1 : 0) - (before != 0 ? 1 : 0);
        MarginE6 += (Math.Abs((long)position.Quantity) - Math.Abs((long)before))
            * _instruments[instrument].MarginPerContractE6;
        if (position.MarkPriceE9 == 0)
            position.MarkPriceE9 = priceE9;
        Revalue(instrument, ref position);
    }
}
