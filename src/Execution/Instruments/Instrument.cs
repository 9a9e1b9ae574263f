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

    /// <summary>Binary places of <see cref="_rate"/>, so that 1 is exact and 1,000 fits.</summary>
    private const int RateShift = 52;

    /// <summary>Account currency for one of the instrument's, times 2^52.</summary>
    private readonly long _rate;

    /// <param name="options">What is configured.</param>
    /// <param name="index">Place in the table.</param>
    /// <param name="calendars">Null: the built-in ones.</param>
    /// <param name="rates">Null: an account in US dollars.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public Instrument(
        InstrumentOptions options, int index, CalendarTable? calendars = null, CurrencyRates? rates = null)
    {
        var rate = Found(options, () => (rates ?? CurrencyRates.Dollar).Of(options.Currency));
        Check(options.Id != 0, options, "id", "a number other than 0");
        Check(!string.IsNullOrWhiteSpace(options.Symbol), options, "symbol", "a name such as ES");
        Check(options.TickSize is > 0 and <= 1_000m, options, "tick_size", "a positive number of at most 1,000 points");
        Check(options.TickSize * 1e6m % 1 == 0, options, "tick_size", "a multiple of 0.000001");
        Check(options.Multiplier is > 0 and <= 1_000_000, options, "multiplier", "a number from 1 to 1,000,000");
        Check(options.MarginPerContract is >= 0 and <= 1e9m, options, "margin_per_contract", "0 to 1e9 in currency");
        CheckFee(options, options.CommissionPerContract, "commission_per_contract");
        CheckFee(options, options.ExchangeFeePerContract, "exchange_fee_per_contract");
        CheckFee(options, options.RegulatorFeePerContract, "regulator_fee_per_contract");
        Check(options.DailyVolatility is > 0 and <= 10, options, "daily_volatility", "0 to 10, such as 0.015, not 0");
        Check(options.AverageDailyVolume > 0, options, "average_daily_volume", "a positive number of contracts");
        Check(options.MaxPosition is > 0 and <= 1_000_000, options, "max_position", "1 to 1,000,000 contracts");
        Check(options.MaxPrice is > 0 and <= 1e9m, options, "max_price", "a price of at most 1e9 points");
        Check(
            (double)(options.MaxPrice * Math.Max(1, rate)) * 1e6 * options.MaxPosition * options.Multiplier
                < MaxValueE6,
            options,
            "max_position",
            "a smaller one, or max_price: the value of the largest position at that price would overflow");
        Check(
            options.MarginPerContract * rate * 1e6m * options.MaxPosition < MaxValueE6,
            options,
            "margin_per_contract",
            "a smaller one, or max_position: the margin of the largest position would overflow");
        Check(
            (options.CommissionPerContract + options.ExchangeFeePerContract + options.RegulatorFeePerContract)
                * rate * 1e6m * options.MaxPosition < MaxValueE6,
            options,
            "commission_per_contract",
            "a smaller one, or smaller fees, or max_position: the fees of the largest position would overflow");

        Index = index;
        Id = options.Id;
        Symbol = options.Symbol;
        TickSizeE9 = (long)(options.TickSize * 1e9m);
        Multiplier = options.Multiplier;
        PointValue = (double)(options.Multiplier * rate);
        MarginPerContractE6 = (long)Math.Round(options.MarginPerContract * rate * 1e6m);
        CommissionPerContractE6 = (long)Math.Round(options.CommissionPerContract * rate * 1e6m);
        var fees = options.ExchangeFeePerContract + options.RegulatorFeePerContract;
        FeePerContractE6 = (long)Math.Round((options.CommissionPerContract + fees) * rate * 1e6m);
        DailyVolatility = options.DailyVolatility;
        AverageDailyVolume = options.AverageDailyVolume;
        Sector = options.Sector.Trim();
        MaxPriceE9 = (long)(options.MaxPrice * 1e9m);
        MaxPosition = options.MaxPosition;
        Calendar = Found(options, () => (calendars ?? new CalendarTable([])).Find(options.Calendar));
        _rate = (long)Math.Round(rate * (1L << RateShift));
    }

    /// <summary>Place in the <see cref="InstrumentTable"/>: what events name it by.</summary>
    public int Index { get; }

    public uint Id { get; }

    public string Symbol { get; }

    public long TickSizeE9 { get; }

    /// <summary>Of the instrument's own currency, a point and contract.</summary>
    public int Multiplier { get; }

    /// <summary>What a contract gains for each point that its price rises, in the account's currency.</summary>
    public double PointValue { get; }

    public long MarginPerContractE6 { get; }

    /// <summary>The broker's part of <see cref="FeePerContractE6"/>.</summary>
    public long CommissionPerContractE6 { get; }

    /// <summary>Commission and fees of a contract and side.</summary>
    public long FeePerContractE6 { get; }

    /// <summary>As a fraction.</summary>
    public double DailyVolatility { get; }

    /// <summary>Contracts.</summary>
    public int AverageDailyVolume { get; }

    /// <summary>Empty: the instrument is a sector of its own.</summary>
    public string Sector { get; }

    public long MaxPriceE9 { get; }

    /// <summary>Contracts.</summary>
    public int MaxPosition { get; }

    /// <summary>When it trades.</summary>
    public TradingCalendar Calendar { get; }

    /// <summary>
    /// Signed value of a signed quantity, in 1e-6 of the account's currency; exact for a price on the tick where that
    /// is the instrument's own, else rounded to the nearest.
    /// </summary>
    public long ValueE6(long priceE9, long quantity)
    {
        var high = Math.BigMul(priceE9 / E9PerE6 * quantity * Multiplier, _rate, out long low);
        var half = (long)((ulong)low >> (RateShift - 1) & 1);
        return (high << (64 - RateShift)) + (long)((ulong)low >> RateShift) + half;
    }

    /// <summary>The price at which <paramref name="quantity"/> contracts have a value; 0 for none.</summary>
    public long PriceOfValueE9(long valueE6, int quantity)
    {
        if (quantity == 0)
            return 0;

        var roundingE6 = valueE6 < 0 ? -_rate / 2 : _rate / 2;
        var ownValueE6 = (long)((((Int128)valueE6 << RateShift) + roundingE6) / _rate);
        var divisor = (long)quantity * Multiplier;
        var whole = Math.DivRem(ownValueE6, divisor, out var rest);
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

    /// <summary>Names the instrument in what a table says of one of its keys.</summary>
    private static T Found<T>(InstrumentOptions options, Func<T> find)
    {
        try
        {
            return find();
        }
        catch (ArgumentException problem)
        {
            throw new ArgumentException($"instrument '{options.Symbol}' ({options.Id}): {problem.Message}", problem);
        }
    }

    private static void CheckFee(InstrumentOptions options, decimal fee, string option)
    {
        Check(fee is >= 0 and <= 1e6m, options, option, "0 to 1e6 in currency");
        Check(fee * 1e6m % 1 == 0, options, option, "a multiple of 0.000001");
    }

    private static void Check(bool isRight, InstrumentOptions options, string option, string expected)
    {
        if (!isRight)
            throw new ArgumentException($"instrument '{options.Symbol}' ({options.Id}): set {option} to {expected}.");
    }
}
