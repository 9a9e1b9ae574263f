using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Algorithms;

/// <summary>
/// An execution algorithm: a plan for a parent order, and a reaction that says which child order should be at the venue
/// now. Whoever calls it compares that with the child that is there, and submits, replaces or cancels. All that an
/// algorithm keeps is in the parent order; it reads no clock, and its random numbers follow from a counter alone, so
/// that a replay repeats it.
/// </summary>
public abstract class ExecutionAlgorithm
{
    /// <summary>Lays the schedule out: <see cref="ParentOrder.EndNs"/>, slices, and what else the reaction needs.
    /// </summary>
    /// <param name="parent">New, with quantity, side, start, arrival and limit price.</param>
    /// <param name="market">Of its instrument, now.</param>
    public abstract void Plan(ref ParentOrder parent, in MarketView market);

    /// <summary>
    /// Says what should be at the venue. Called when the parent begins, when its child trades, ends or could not be
    /// sent, when the touch changes, when the time asked for has come, and after a pause.
    /// </summary>
    /// <param name="parent">With what has been executed so far.</param>
    /// <param name="market">Of its instrument, now: its time is the event's.</param>
    /// <param name="child">
    /// The child at the venue; <see cref="ChildState.None"/> where there is none.
    /// </param>
    public abstract ChildTarget React(ref ParentOrder parent, in MarketView market, in ChildState child);
}

/// <summary>The child order that an algorithm wants at the venue now.</summary>
public struct ChildTarget
{
    /// <summary>Contracts open for execution; 0: none, and a child that is there is cancelled.</summary>
    public int Quantity;

    public OrderType Type;
    public TimeInForce TimeInForce;

    /// <summary>On the tick, in 1e-9; 0 for a market order.</summary>
    public long LimitPriceE9;

    /// <summary>When the algorithm wants to be asked again; 0: not by time.</summary>
    public long WakeNs;

    /// <summary>Nothing more is wanted: what is not executed is given up once nothing is at the venue.</summary>
    public bool IsDone;

    /// <summary>With <see cref="IsDone"/>: to go on would pass the parent's limit price.</summary>
    public bool IsTooDear;
}

/// <summary>The child order at the venue, as an algorithm sees it.</summary>
public readonly record struct ChildState(int Leaves, OrderType Type, TimeInForce TimeInForce, long LimitPriceE9)
{
    public static readonly ChildState None;

    public bool IsWorking => Leaves > 0;
}

/// <summary>What algorithms know of an instrument's market. Prices in 1e-9, quantities in contracts.</summary>
public struct MarketView
{
    public Instrument Instrument;

    /// <summary>The event's, in nanoseconds since the Unix epoch, UTC.</summary>
    public long TimeNs;

    /// <summary>Best bid, or <see cref="MarketUpdate.NoPrice"/>.</summary>
    public long BidPriceE9;

    /// <summary>Best offer, or <see cref="MarketUpdate.NoPrice"/>.</summary>
    public long AskPriceE9;

    public int BidQuantity;
    public int AskQuantity;

    /// <summary>Mid, else last trade; 0 when there is none.</summary>
    public long MarkPriceE9;

    /// <summary>Average true range; 0 while it is unknown.</summary>
    public long AtrE9;

    /// <summary>One-minute realised volatility as a fraction; 0 while it is unknown.</summary>
    public double Volatility;

    /// <summary>Contracts that the market has traded since the start.</summary>
    public long TradedVolume;

    public MarketRegime Regime;
    public VolatilityRegime VolatilityRegime;

    /// <summary>An instrument of whose market nothing is known yet.</summary>
    public static MarketView Unknown(Instrument instrument) => new()
    {
        Instrument = instrument,
        BidPriceE9 = MarketUpdate.NoPrice,
        AskPriceE9 = MarketUpdate.NoPrice,
    };

    /// <summary>Takes over prices and volatility as an event has them.</summary>
    public void See(in PortfolioSnapshot portfolio)
    {
        BidPriceE9 = portfolio.BidPriceE9;
        AskPriceE9 = portfolio.AskPriceE9;
        MarkPriceE9 = portfolio.MarkPriceE9;
        AtrE9 = portfolio.AtrE9;
        Volatility = portfolio.Volatility;
    }

    /// <summary>Whether the best bid is above the best offer.</summary>
    public readonly bool IsCrossed =>
        BidPriceE9 != MarketUpdate.NoPrice && AskPriceE9 != MarketUpdate.NoPrice && BidPriceE9 > AskPriceE9;

    /// <summary>The own side's best price: where an order rests; the mark while that side is not quoted.</summary>
    public readonly long NearTouchE9(Side side) => TouchE9(side == Side.Buy ? BidPriceE9 : AskPriceE9);

    /// <summary>The other side's best price: what trades at once; the mark while that side is not quoted.</summary>
    public readonly long FarTouchE9(Side side) => TouchE9(side == Side.Buy ? AskPriceE9 : BidPriceE9);

    /// <summary>Passes all but the instrument, which the configuration gives.</summary>
    public void Transfer(StateStream state)
    {
        state.Value(ref TimeNs);
        state.Value(ref BidPriceE9);
        state.Value(ref AskPriceE9);
        state.Value(ref BidQuantity);
        state.Value(ref AskQuantity);
        state.Value(ref MarkPriceE9);
        state.Value(ref AtrE9);
        state.Value(ref Volatility);
        state.Value(ref TradedVolume);
        state.Value(ref Regime);
        state.Value(ref VolatilityRegime);
    }

    private readonly long TouchE9(long priceE9) => Math.Max(
        Instrument.TickSizeE9,
        Instrument.RoundToTickE9(priceE9 == MarketUpdate.NoPrice ? MarkPriceE9 : priceE9));
}
