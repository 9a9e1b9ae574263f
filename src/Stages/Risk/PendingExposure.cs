using System.Numerics;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Risk;

/// <summary>
/// What each instrument holds and what its approved orders can still lead to, with the sums over all instruments that
/// the limits on the portfolio need. Position and mark are remembered from the instruments' own events.
/// </summary>
internal sealed class PendingExposure : IStateful
{
    private readonly InstrumentTable _instruments;
    private readonly InstrumentRisk[] _risks;
    private readonly PendingOrders _pending;
    private readonly AdoptedOrders _adopted;
    private readonly ExposureRisk _exposures;
    private readonly ScenarioRisk _scenarios;
    private readonly int[] _sectors;
    private readonly long[] _sectorNotionalE6;
    private long _grossNotionalE6;
    private long _marginE6;

    /// <param name="instruments">Of the events' indices.</param>
    /// <param name="varModel">Of the same instruments.</param>
    /// <param name="scenarios">Of the same instruments.</param>
    /// <param name="places">Orders told apart.</param>
    public PendingExposure(
        InstrumentTable instruments,
        VarModel varModel,
        ScenarioModel scenarios,
        int places = ExecutionLedger.OrderPlaces)
    {
        _pending = new PendingOrders(places);
        _adopted = new AdoptedOrders(Math.Min(places, OrderStore.DefaultCapacity));
        _instruments = instruments;
        _risks = new InstrumentRisk[instruments.Count];
        _exposures = new ExposureRisk(varModel);
        _scenarios = new ScenarioRisk(scenarios);
        _sectors = LimitTable.SectorsOf(instruments);
        _sectorNotionalE6 = new long[instruments.Count];
    }

    /// <summary>The approved orders that no report has settled yet.</summary>
    public PendingOrders Orders => _pending;

    /// <summary>Instruments that are long or that their orders can make so: a bit each.</summary>
    public ulong MayBeLong { get; private set; }

    /// <summary>Instruments that are short or that their orders can make so: a bit each.</summary>
    public ulong MayBeShort { get; private set; }

    /// <summary>Whether there are past days to work a historical shortfall out from.</summary>
    public bool HasScenarios => _scenarios.HasDays;

    public ref InstrumentRisk this[int instrument] => ref _risks[instrument];

    /// <summary>
    /// Remembers an instrument's position and mark from its event. Without a market only signals have a price: the last
    /// of them is what pending orders are valued at until there is a market.
    /// </summary>
    public void Remember(ref readonly PipelineEvent e)
    {
        ref var risk = ref _risks[e.Header.InstrumentIndex];
        risk.Position = e.Portfolio.Position;
        if (e.Portfolio.MarkPriceE9 != 0)
            risk.MarkPriceE9 = e.Portfolio.MarkPriceE9;
        Revalue(e.Header.InstrumentIndex, ref risk);
    }

    /// <summary>The position limit changes: what is held and what is approved stays so.</summary>
    public void GrantPositions()
    {
        foreach (ref var risk in _risks.AsSpan())
        {
            (risk.GrantedLong, risk.GrantedShort) = (int.MaxValue, int.MaxValue);
            TakeOffGrants(ref risk);
        }
    }

    /// <summary>A new price of an instrument, for how prices move.</summary>
    public void ObservePrice(int instrument, long timeNs) =>
        _exposures.TryObserve(instrument, _risks[instrument].MarkPriceE9, timeNs);

    /// <summary>Takes an approved order in.</summary>
    /// <param name="instrument">Index.</param>
    /// <param name="signed">Contracts: bought, or sold as a negative number; not 0.</param>
    /// <param name="timeNs">Of the event.</param>
    /// <returns>The order's id.</returns>
    public ulong Pend(int instrument, int signed, long timeNs)
    {
        ref var risk = ref _risks[instrument];
        if (signed > 0)
            risk.PendingBuy += signed;
        else
            risk.PendingSell -= signed;
        var id = _pending.Add(instrument, signed, timeNs);
        Revalue(instrument, ref risk);
        return id;
    }

    /// <summary>
    /// Takes off what is pending no more, executed or ended without, and takes in what was adopted.
    /// </summary>
    /// <param name="e">A report.</param>
    /// <param name="isFirst">Whether it is the order's first answer.</param>
    public void Settle(ref readonly PipelineEvent e, out bool isFirst)
    {
        ref readonly var report = ref e.Payload.ExecutionReport;
        ref var risk = ref _risks[e.Header.InstrumentIndex];
        isFirst = false;
        int settled;
        if (report.IsAdoption)
            settled = -_adopted.Add(in report, e.Resolution.Left);
        else if (!_adopted.TrySettle(in report, in e.Resolution, out settled))
            settled = _pending.Settle(report, e.Resolution, out isFirst);
        if (report.Side == Side.Buy)
            risk.PendingBuy -= settled;
        else
            risk.PendingSell -= settled;
        Remember(in e);
    }

    /// <summary>What an order of the event's instrument is judged by, whatever its size.</summary>
    /// <param name="e">Any of the instrument.</param>
    /// <param name="sign">1 for a buy, -1 for a sale, 0 for no order.</param>
    public OrderFrame FrameOf(ref readonly PipelineEvent e, int sign)
    {
        var index = e.Header.InstrumentIndex;
        ref readonly var risk = ref _risks[index];
        var buys = sign >= 0 ? risk.PendingBuy : 0;
        var sales = sign <= 0 ? risk.PendingSell : 0;
        return new OrderFrame
        {
            Instrument = _instruments[index],
            Sign = sign,
            Position = risk.Position,
            Pending = buys - sales,
            MarkPriceE9 = risk.MarkPriceE9,
            OthersNotionalE6 = _grossNotionalE6 - risk.NotionalE6,
            SectorNotionalE6 = _sectorNotionalE6[_sectors[index]] - risk.NotionalE6,
            OthersMarginE6 = _marginE6 - risk.MarginE6,
            EquityE6 = e.Portfolio.EquityE6,
            Marginal = _exposures.Marginal(index),
        };
    }

    /// <summary>Instruments that are or may come to be open, with a position in one of them.</summary>
    public int OpenPositionsWith(int instrument, long projected)
    {
        var bit = 1UL << instrument;
        var open = MayBeLong | MayBeShort;
        return BitOperations.PopCount(projected != 0 ? open | bit : open & ~bit);
    }

    /// <summary>Historical expected shortfall in currency with an order filled; 0 without past days.</summary>
    public double HistoricalShortfall(int instrument, in OrderFrame frame, int quantity) =>
        _scenarios.HasDays
            ? _scenarios.ShortfallWith(instrument, frame.ValueE6(frame.ProjectedBy(quantity)) * 1e-6)
            : 0;

    public void Transfer(StateStream state)
    {
        state.Array(_risks);
        _pending.Transfer(state);
        _adopted.Transfer(state);
        _exposures.Transfer(state);
        _scenarios.Transfer(state);
        state.Array(_sectorNotionalE6);
        state.Value(ref _grossNotionalE6);
        state.Value(ref _marginE6);
        MayBeLong = state.Next(MayBeLong);
        MayBeShort = state.Next(MayBeShort);
    }

    /// <summary>What can be reached no more on a side is granted no more.</summary>
    private static void TakeOffGrants(ref InstrumentRisk risk)
    {
        risk.GrantedLong = (int)Math.Clamp(risk.Highest, 0, risk.GrantedLong);
        risk.GrantedShort = (int)Math.Clamp(-risk.Lowest, 0, risk.GrantedShort);
    }

    /// <summary>Keeps the sums over all instruments up to date.</summary>
    private void Revalue(int index, ref InstrumentRisk risk)
    {
        var instrument = _instruments[index];
        var worst = risk.Largest;
        TakeOffGrants(ref risk);
        var notionalE6 = instrument.ValueE6(risk.MarkPriceE9, worst);
        _grossNotionalE6 += notionalE6 - risk.NotionalE6;
        _sectorNotionalE6[_sectors[index]] += notionalE6 - risk.NotionalE6;
        risk.NotionalE6 = notionalE6;
        var marginE6 = worst * instrument.MarginPerContractE6;
        _marginE6 += marginE6 - risk.MarginE6;
        risk.MarginE6 = marginE6;

        var bit = 1UL << index;
        MayBeLong = risk.Highest > 0 ? MayBeLong | bit : MayBeLong & ~bit;
        MayBeShort = risk.Lowest < 0 ? MayBeShort | bit : MayBeShort & ~bit;
        var settled = (long)risk.Position + risk.PendingBuy - risk.PendingSell;
        var exposure = instrument.ValueE6(risk.MarkPriceE9, settled) * 1e-6;
        _exposures.Set(index, exposure);
        _scenarios.Set(index, exposure);
    }
}
