using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Instruments;

/// <summary>
/// A validated instrument in integers: prices in 1e-9 of a point, money in 1e-6 of the account's currency. Ticks are
/// multiples of 1e-6, so a price times quantity times multiplier is exact.
/// </summary>
public sealed class Instrument
{
    /// <summary>1e-9 in 1e-6.</summary>
    private const long E9PerE6 = 1_000;

    /// <summary>Values of all instruments together stay below 2^62, so no sum of them overflows.</summary>
    private const long MaxValueE6 = (1L << 62) / InstrumentTable.MaxCount;

    private readonly ZoneOffsets _zone;
    private readonly TimeOnly _sessionOpen;
    private readonly TimeOnly _sessionClose;

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public Instrument(InstrumentOptions options, int index)
    {
        Check(options.Id != 0, options, "Id", "a number other than 0");
        Check(!string.IsNullOrWhiteSpace(options.Symbol), options, "Symbol", "a name such as ES");
        Check(options.TickSize is > 0 and <= 1_000m, options, "TickSize", "a positive number of at most 1,000 points");
        Check(options.TickSize * 1e6m % 1 == 0, options, "TickSize", "a multiple of 0.000001");
        Check(options.Multiplier is > 0 and <= 1_000_000, options, "Multiplier", "a number from 1 to 1,000,000");
        Check(options.MarginPerContract is >= 0 and <= 1e9m, options, "MarginPerContract", "0 to 1e9 in currency");
        Check(options.FeePerContract is >= 0 and <= 1e6m, options, "FeePerContract", "0 to 1e6 in currency");
        Check(options.FeePerContract * 1e6m % 1 == 0, options, "FeePerContract", "a multiple of 0.000001");
        Check(options.DailyVolatility is >= 0 and <= 10, options, "DailyVolatility", "a fraction such as 0.015");
        Check(options.MaxPosition is > 0 and <= 1_000_000, options, "MaxPosition", "1 to 1,000,000 contracts");
        Check(options.MaxPrice is > 0 and <= 1e9m, options, "MaxPrice", "a price of at most 1e9 points");
        Check(
            options.MaxPrice * 1e6m * options.MaxPosition * options.Multiplier < MaxValueE6,
            options,
            "MaxPosition",
            "a smaller one, or MaxPrice: the value of the largest position at that price would overflow");

        Index = index;
        Id = options.Id;
        Symbol = options.Symbol;
        TickSizeE9 = (long)(options.TickSize * 1e9m);
        Multiplier = options.Multiplier;
        MarginPerContractE6 = (long)(options.MarginPerContract * 1e6m);
        FeePerContractE6 = (long)(options.FeePerContract * 1e6m);
        DailyVolatility = options.DailyVolatility;
        Sector = options.Sector.Trim();
        MaxPriceE9 = (long)(options.MaxPrice * 1e9m);
        MaxPosition = options.MaxPosition;
        _zone = ZoneOf(options);
        _sessionOpen = options.SessionOpen;
        _sessionClose = options.SessionClose;
    }

    /// <summary>Place in the <see cref="InstrumentTable"/>: what events name it by.</summary>
    public int Index { get; }

    public uint Id { get; }

    public string Symbol { get; }

    public long TickSizeE9 { get; }

    /// <summary>Currency a point and contract.</summary>
    public int Multiplier { get; }

    public long MarginPerContractE6 { get; }

    /// <summary>A contract and side.</summary>
    public long FeePerContractE6 { get; }

    /// <summary>As a fraction.</summary>
    public double DailyVolatility { get; }

    /// <summary>Empty: the instrument is a sector of its own.</summary>
    public string Sector { get; }

    public long MaxPriceE9 { get; }

    /// <summary>Contracts.</summary>
    public int MaxPosition { get; }

    /// <summary>The session's progress by event time; each caller has its own, as it keeps the running day.</summary>
    public TradingSession CreateSession() => new(_zone, _sessionOpen, _sessionClose);

    /// <summary>Signed value of a signed quantity, in 1e-6 currency; exact for a price on the tick.</summary>
    public long ValueE6(long priceE9, long quantity) => priceE9 / E9PerE6 * quantity * Multiplier;

    /// <summary>The price at which <paramref name="quantity"/> contracts have a value; 0 for none.</summary>
    public long PriceOfValueE9(long valueE6, int quantity)
    {
        if (quantity == 0)
            return 0;

        var divisor = (long)quantity * Multiplier;
        var whole = Math.DivRem(valueE6, divisor, out var rest);
        return whole * E9PerE6 + rest * E9PerE6 / divisor;
    }

    /// <summary>The nearest price on the tick; halves go up.</summary>
    public long RoundToTickE9(long priceE9)
    {
        var shifted = priceE9 + TickSizeE9 / 2;
        var rest = shifted % TickSizeE9;
        return shifted - (rest < 0 ? rest + TickSizeE9 : rest);
    }

    /// <summary>Whether an order or a quote could have this price: positive, on the tick, not absurd.</summary>
    public bool IsPrice(long priceE9) => priceE9 > 0 && priceE9 <= MaxPriceE9 && priceE9 % TickSizeE9 == 0;

    /// <summary>Whether a quoted side is there.</summary>
    public static bool IsQuoted(long priceE9, int quantity) => priceE9 != MarketUpdate.NoPrice && quantity > 0;

    private static ZoneOffsets ZoneOf(InstrumentOptions options)
    {
        try
        {
            return ZoneOffsets.Of(options.TimeZone);
        }
        catch (ArgumentException problem)
        {
            throw new ArgumentException($"instrument '{options.Symbol}': {problem.Message}", problem);
        }
    }

    private static void Check(bool isRight, InstrumentOptions options, string option, string expected)
    {
        if (!isRight)
            throw new ArgumentException($"instrument '{options.Symbol}' ({options.Id}): set {option} to {expected}.");
    }
}
