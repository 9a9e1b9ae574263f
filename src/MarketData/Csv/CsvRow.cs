using System.Globalization;
using ExecutionPipeline.Messages.Ingress;
using nietras.SeparatedValues;

namespace ExecutionPipeline.MarketData.Csv;

/// <summary>First, highest, lowest and last price of a period, in 1e-9.</summary>
internal readonly record struct BarPrices(long OpenE9, long HighE9, long LowE9, long CloseE9)
{
    /// <summary>Points of a bar's path.</summary>
    public const int Points = 4;

    /// <summary>
    /// The price at a quarter of the period: first, the extremes, last. Which extreme came first is not known; a bar
    /// that closed no lower than it opened is taken to have gone down first.
    /// </summary>
    public long At(int point) => point switch
    {
        0 => OpenE9,
        1 => CloseE9 >= OpenE9 ? LowE9 : HighE9,
        2 => CloseE9 >= OpenE9 ? HighE9 : LowE9,
        _ => CloseE9,
    };

    /// <summary>Whether the highest and lowest price are what they are called.</summary>
    public bool IsConsistent => LowE9 <= Math.Min(OpenE9, CloseE9) && HighE9 >= Math.Max(OpenE9, CloseE9);
}

/// <summary>A row of a CSV file. What is at one moment is a bar whose prices are all the same.</summary>
internal struct CsvRow
{
    public long TimeNs;
    public BarPrices Bid;
    public BarPrices Ask;
    public BarPrices Trade;

    /// <summary>0: there is no bid.</summary>
    public int BidQuantity;

    /// <summary>0: there is no offer.</summary>
    public int AskQuantity;

    /// <summary>0: there was no trade.</summary>
    public int TradeQuantity;
}

/// <summary>Reads the rows of a CSV file by its layout. Nothing is allocated per row.</summary>
internal sealed class CsvRowParser(CsvLayout layout)
{
    private const long NanosecondsPerTick = 100;

    // A count of seconds, milliseconds and so on since 1970 is told by its size. It must be of the years 1980 to 2261:
    // no date in digits alone, such as 20240102093000, is such a count, and nanoseconds tell no later time.
    private const long LeastMilliseconds = 100_000_000_000;
    private const long LeastMicroseconds = LeastMilliseconds * 1_000;
    private const long LeastNanoseconds = LeastMicroseconds * 1_000;
    private const long LeastSeconds = 315_532_800;
    private const long EndSeconds = 9_214_646_400;

    /// <summary>Reads a row.</summary>
    /// <exception cref="FormatException">A value cannot be used; the message says which and why.</exception>
    public void Read(SepReader.Row row, ref CsvRow parsed)
    {
        if (row.ColCount != layout.ColumnCount)
            throw new FormatException($"there are {row.ColCount} values, not {layout.ColumnCount}");

        parsed = new CsvRow { TimeNs = Time(Cell(row, CsvColumn.Ts)) };
        if (layout.HasQuotes)
        {
            parsed.Bid = Prices(
                row, CsvColumn.BidOpen, CsvColumn.BidHigh, CsvColumn.BidLow, CsvColumn.Bid, CsvColumn.BidSize,
                out parsed.BidQuantity);
            parsed.Ask = Prices(
                row, CsvColumn.AskOpen, CsvColumn.AskHigh, CsvColumn.AskLow, CsvColumn.Ask, CsvColumn.AskSize,
                out parsed.AskQuantity);
        }

        if (layout.HasTrades)
        {
            parsed.Trade = Prices(
                row, CsvColumn.Open, CsvColumn.High, CsvColumn.Low,
                layout.IsBars ? CsvColumn.Close : CsvColumn.Last, CsvColumn.Volume, out parsed.TradeQuantity);
        }
    }

    /// <summary>
    /// Four prices, or one where the layout has one; none where the price is empty or the quantity 0.
    /// </summary>
    private BarPrices Prices(
        SepReader.Row row, CsvColumn open, CsvColumn high, CsvColumn low, CsvColumn close, CsvColumn size,
        out int quantity)
    {
        quantity = 0;
        if (Cell(row, close).IsEmpty)
            return default;

        quantity = Quantity(Cell(row, size), size);
        var last = Price(Cell(row, close), close);
        if (!layout.IsBars)
            return new BarPrices(last, last, last, last);

        var bar = new BarPrices(
            Price(Cell(row, open), open), Price(Cell(row, high), high), Price(Cell(row, low), low), last);
        return bar.IsConsistent
            ? bar
            : throw new FormatException(
                $"{CsvLayout.NameOf(high)} and {CsvLayout.NameOf(low)} are not the highest and lowest price");
    }

    private ReadOnlySpan<char> Cell(SepReader.Row row, CsvColumn column) => row[layout.IndexOf(column)].Span.Trim();

    private long Price(ReadOnlySpan<char> text, CsvColumn column)
    {
        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (!decimal.TryParse(text, style, CultureInfo.InvariantCulture, out var price))
            throw new FormatException($"{CsvLayout.NameOf(column)} '{text}' is no number");

        if (price <= 0 || price > FieldLimits.PriceMaxE9 / layout.PriceUnitE9)
            throw new FormatException($"{CsvLayout.NameOf(column)} {text} is no price that is taken");

        var scaled = price * layout.PriceUnitE9;
        return scaled == decimal.Truncate(scaled)
            ? (long)scaled
            : throw new FormatException($"{CsvLayout.NameOf(column)} {text} has more than nine decimals");
    }

    /// <summary>What is more than the pipeline takes is taken as the most that it does.</summary>
    private static int Quantity(ReadOnlySpan<char> text, CsvColumn column)
    {
        const NumberStyles style = NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(text, style, CultureInfo.InvariantCulture, out var quantity)
            && quantity == decimal.Truncate(quantity)
                ? (int)Math.Min(quantity, FieldLimits.QuantityMax)
                : throw new FormatException($"{CsvLayout.NameOf(column)} '{text}' is no whole number from 0 on");
    }

    private long Time(ReadOnlySpan<char> text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return layout.Day is { } day ? TimeOfDay(day, count, text) : SinceEpoch(count, text);

        const DateTimeStyles style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return IsDated(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, style, out var time)
            && time > DateTimeOffset.UnixEpoch && time.ToUnixTimeSeconds() < EndSeconds
                ? NanosecondsOf(time)
                : throw NoTime(text);
    }

    /// <summary>
    /// Whether a text begins with a year, as ISO 8601 wants: what lacks one would be taken for a time of the day on
    /// which it is read, and where another number comes first, day and month could be mixed up.
    /// </summary>
    private static bool IsDated(ReadOnlySpan<char> text) =>
        text.Length > 4 && !text[..4].ContainsAnyExceptInRange('0', '9') && text[4] is '-' or '/';

    private static long TimeOfDay(WallClockDay day, long milliseconds, ReadOnlySpan<char> text) =>
        milliseconds <= TimeSpan.MillisecondsPerDay
            ? day.TimeNs(milliseconds)
            : throw new FormatException($"ts {text} is more than a day's milliseconds");

    private static long SinceEpoch(long count, ReadOnlySpan<char> text)
    {
        var perSecond = count switch
        {
            >= LeastNanoseconds => 1_000_000_000L,
            >= LeastMicroseconds => 1_000_000,
            >= LeastMilliseconds => 1_000,
            _ => 1,
        };
        return count / perSecond is >= LeastSeconds and < EndSeconds
            ? count * (1_000_000_000 / perSecond)
            : throw NoTime(text);
    }

    private static FormatException NoTime(ReadOnlySpan<char> text) => new(
        $"ts '{text}' is no time: give nanoseconds, microseconds, milliseconds or seconds since 1970, or ISO 8601");

    private static long NanosecondsOf(DateTimeOffset time) =>
        (time - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
}
