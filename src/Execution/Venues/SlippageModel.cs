using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>How an order's price suffers at a venue without an order book.</summary>
public enum SlippageKind : byte
{
    /// <summary>By the same distance, whatever the size.</summary>
    Fixed = 0,

    /// <summary>By a distance for each contract.</summary>
    Linear = 1,

    /// <summary>By the square root of the order's share of what the market trades.</summary>
    Impact = 2,
}

/// <summary>The slippage of a venue without an order book. Its defaults are the documented ones.</summary>
public sealed class SlippageOptions
{
    /// <summary>Which model. Default: linear.</summary>
    public SlippageKind Kind { get; init; } = SlippageKind.Linear;

    /// <summary>Points that a fixed slippage costs, 0 to 1,000. Default 0.25, a tick of ES.</summary>
    public double FixedAmount { get; init; } = 0.25;

    /// <summary>Ticks that each contract costs, 0 to 1,000. Default 0.1: ten contracts cost a tick.</summary>
    public double LinearRate { get; init; } = 0.1;

    /// <summary>
    /// The share of the price that an order costs which is as large as what the market trades, 0 to 1. Default 0.001.
    /// </summary>
    public double ImpactFactor { get; init; } = 0.001;

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Kind))
            throw new ArgumentException("slippage: set Kind to Fixed, Linear or Impact.");
        if (!(FixedAmount is >= 0 and <= 1_000))
            throw new ArgumentException("slippage: set FixedAmount to 0 to 1,000 points.");
        if (!(LinearRate is >= 0 and <= 1_000))
            throw new ArgumentException("slippage: set LinearRate to 0 to 1,000 ticks a contract.");
        if (!(ImpactFactor is >= 0 and <= 1))
            throw new ArgumentException("slippage: set ImpactFactor to 0 to 1, a share of the price.");
    }
}

/// <summary>
/// What an order trades at where prices are known and no order book is, such as on bars: the market's price, made worse
/// by a model and then rounded to the tick against the order. Nothing is random and nothing is kept.
/// </summary>
public sealed class SlippageModel
{
    private const double E9 = 1e9;

    private readonly SlippageKind _kind;
    private readonly double _fixedE9;
    private readonly double _linearRate;
    private readonly double _impactFactor;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SlippageModel(SlippageOptions options)
    {
        options.Validate();
        _kind = options.Kind;
        _fixedE9 = options.FixedAmount * E9;
        _linearRate = options.LinearRate;
        _impactFactor = options.ImpactFactor;
    }

    /// <summary>The price of an execution, on the tick and inside the instrument's prices, in 1e-9.</summary>
    /// <param name="instrument">What is traded.</param>
    /// <param name="side">Of the order.</param>
    /// <param name="quantity">Contracts; positive.</param>
    /// <param name="marketPriceE9">What the market trades at; positive.</param>
    /// <param name="marketVolume">
    /// Contracts that the market trades meanwhile, for the model of impact; where none are known, the order is taken to
    /// be as large as the market.
    /// </param>
    public long PriceE9(Instrument instrument, Side side, int quantity, long marketPriceE9, long marketVolume)
    {
        var slippageE9 = SlippageE9(instrument, quantity, marketPriceE9, marketVolume);
        var tickE9 = instrument.TickSizeE9;
        var lastE9 = instrument.MaxPriceE9 / tickE9 * tickE9;
        var priceE9 = side == Side.Buy
            ? (marketPriceE9 + slippageE9 + tickE9 - 1) / tickE9 * tickE9
            : Math.Max(0, marketPriceE9 - slippageE9) / tickE9 * tickE9;
        return Math.Clamp(priceE9, tickE9, lastE9);
    }

    private long SlippageE9(Instrument instrument, int quantity, long marketPriceE9, long marketVolume)
    {
        var slippageE9 = _kind switch
        {
            SlippageKind.Fixed => _fixedE9,
            SlippageKind.Linear => _linearRate * quantity * instrument.TickSizeE9,
            _ => _impactFactor * marketPriceE9 * Math.Sqrt(marketVolume > 0 ? (double)quantity / marketVolume : 1),
        };

        // Rounded, so that a tenth of a tick times ten is a tick; bounded, so that it can be added.
        return (long)Math.Round(Math.Min(slippageE9, instrument.MaxPriceE9));
    }
}
