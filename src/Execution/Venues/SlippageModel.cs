using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>How an order's price suffers at a venue without an order book.</summary>
public enum SlippageKind : byte
{
    /// <summary>Linear where the data are bars, whose quotes are made up; else the quotes are the book.</summary>
    ByData = 0,

    /// <summary>Not at all: the quotes are the book, and an order walks through it.</summary>
    None = 1,

    /// <summary>By the same distance, whatever the size.</summary>
    Fixed = 2,

    /// <summary>By a distance for each contract.</summary>
    Linear = 3,

    /// <summary>By the square root of the order's share of what the market trades.</summary>
    SquareRoot = 4,
}

/// <summary>The slippage of a venue without an order book. Its defaults are the documented ones.</summary>
public sealed record SlippageOptions
{
    /// <summary>Which model. Default: by the data.</summary>
    public SlippageKind Model { get; init; }

    /// <summary>Points that a fixed slippage costs, 0 to 1,000. Default 0.25, a tick of ES.</summary>
    public double FixedAmount { get; init; } = 0.25;

    /// <summary>Ticks that each contract costs, 0 to 1,000. Default 0.1: ten contracts cost a tick.</summary>
    public double LinearRate { get; init; } = 0.1;

    /// <summary>
    /// The share of the price that an order costs which is as large as what the market trades, 0 to 1. Default 0.001.
    /// </summary>
    public double ImpactFactor { get; init; } = 0.001;

    /// <summary>Whether orders pay what a model says, and not what is displayed.</summary>
    internal bool HasModel => Model is SlippageKind.Fixed or SlippageKind.Linear or SlippageKind.SquareRoot;

    /// <summary>The same for data of which it is known whether they have quotes of the market's own.</summary>
    public SlippageOptions For(bool hasQuotes) => Model == SlippageKind.ByData
        ? this with { Model = hasQuotes ? SlippageKind.None : SlippageKind.Linear }
        : this;

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Model))
            throw new ArgumentException("slippage: set Model to ByData, None, Fixed, Linear or SquareRoot.");
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

    /// <exception cref="ArgumentException">An option is out of range, or no model is chosen.</exception>
    public SlippageModel(SlippageOptions options)
    {
        options.Validate();
        if (!options.HasModel)
            throw new ArgumentException("slippage: set Model to Fixed, Linear or SquareRoot.");

        _kind = options.Model;
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
