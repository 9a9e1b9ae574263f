using System.Globalization;
using System.Text.RegularExpressions;

namespace ExecutionPipeline.MarketData.Csv;

/// <summary>What a column of a CSV file has. Prices are as written, or in steps of the layout's scale.</summary>
internal enum CsvColumn
{
    Ts,
    Bid,
    Ask,
    BidSize,
    AskSize,
    Last,
    Open,
    High,
    Low,
    Close,
    Volume,
    BidOpen,
    BidHigh,
    BidLow,
    AskOpen,
    AskHigh,
    AskLow,
}

/// <summary>
/// Which columns a CSV file has, and how its numbers are to be read. A header's names decide, or for the second and
/// minute bars of the LEAN engine, which have no header, the file's name.
/// </summary>
internal sealed partial class CsvLayout
{
    // The bars of both sides have no header, so the names behind volume are not taken in one.
    private static readonly string[] Names =
    [
        "ts", "bid", "ask", "bid_size", "ask_size", "last", "open", "high", "low", "close", "volume", "bid_open",
        "bid_high", "bid_low", "ask_open", "ask_high", "ask_low",
    ];

    private static readonly CsvColumn[] Quote = [CsvColumn.Bid, CsvColumn.Ask, CsvColumn.BidSize, CsvColumn.AskSize];
    private static readonly CsvColumn[] Trade = [CsvColumn.Last, CsvColumn.Volume];

    private static readonly CsvColumn[] Bar =
        [CsvColumn.Open, CsvColumn.High, CsvColumn.Low, CsvColumn.Close, CsvColumn.Volume];

    private static readonly CsvColumn[] TradeBarOrder =
        [CsvColumn.Ts, CsvColumn.Open, CsvColumn.High, CsvColumn.Low, CsvColumn.Close, CsvColumn.Volume];

    private static readonly CsvColumn[] QuoteBarOrder =
    [
        CsvColumn.Ts, CsvColumn.BidOpen, CsvColumn.BidHigh, CsvColumn.BidLow, CsvColumn.Bid, CsvColumn.BidSize,
        CsvColumn.AskOpen, CsvColumn.AskHigh, CsvColumn.AskLow, CsvColumn.Ask, CsvColumn.AskSize,
    ];

    private readonly int[] _indexes;

    private CsvLayout(IReadOnlyList<CsvColumn> columns)
    {
        _indexes = new int[Enum.GetValues<CsvColumn>().Length];
        Array.Fill(_indexes, -1);
        for (var i = 0; i < columns.Count; i++)
            _indexes[(int)columns[i]] = i;

        ColumnCount = columns.Count;
        HasQuotes = Has(CsvColumn.Bid);
        HasTrades = Has(CsvColumn.Volume);
        IsBars = Has(CsvColumn.Open) || Has(CsvColumn.BidOpen);
    }

    public int ColumnCount { get; }

    /// <summary>Whether the first line names the columns.</summary>
    public bool HasHeader { get; private init; } = true;

    public bool HasQuotes { get; }

    public bool HasTrades { get; }

    /// <summary>Whether a row tells of a period, with its first, highest, lowest and last price.</summary>
    public bool IsBars { get; }

    /// <summary>What a price of 1 in the file is, in 1e-9.</summary>
    public long PriceUnitE9 { get; private init; } = 1_000_000_000;

    /// <summary>The day whose milliseconds times are; null: times count from the Unix epoch.</summary>
    public WallClockDay? Day { get; private init; }

    /// <summary>How long a bar lasts in nanoseconds; null: as long as the file's bars are apart.</summary>
    public long? BarNs { get; private init; }

    /// <summary>A column's place in a row, or -1.</summary>
    public int IndexOf(CsvColumn column) => _indexes[(int)column];

    /// <summary>The layout that a file's name stands for; null: a header is needed.</summary>
    /// <param name="fileName">Such as 20131007_quote.zip or 20131007_spy_second_trade.csv.</param>
    /// <param name="entryName">
    /// The name of the file within an archive, such as 20131007_spy_minute_trade.csv; null: it is no archive. Archives
    /// of second and of minute bars have the same names.
    /// </param>
    public static CsvLayout? OfName(string fileName, string? entryName = null)
    {
        var entry = Bars().Match(entryName ?? "");
        var match = entry.Success ? entry : Bars().Match(fileName);
        if (!match.Success || !DateTime.TryParseExact(
            match.Groups["day"].ValueSpan, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return null;

        return new CsvLayout(match.Groups["kind"].Value == "quote" ? QuoteBarOrder : TradeBarOrder)
        {
            HasHeader = false,
            PriceUnitE9 = 100_000,
            Day = new WallClockDay(day, TimeZoneInfo.FindSystemTimeZoneById("America/New_York")),
            BarNs = match.Groups["period"].ValueSpan.Equals("minute", StringComparison.OrdinalIgnoreCase)
                ? 60_000_000_000
                : 1_000_000_000,
        };
    }

    /// <summary>The layout that a header's names stand for.</summary>
    /// <exception cref="FormatException">A column is unknown, missing or named twice; the message names it.</exception>
    public static CsvLayout OfHeader(IReadOnlyList<string> names)
    {
        if (names.Any(name => name.Any(letter => char.IsControl(letter) || letter == '\uFFFD')))
            throw new FormatException("the file is neither DBN nor CSV that begins with the names of its columns");

        var columns = names.Select(name => ColumnOf(name.Trim().TrimStart('\uFEFF'))).ToArray();
        if (columns.GroupBy(column => column).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new FormatException($"column {NameOf(twice.Key)} is named twice");

        if (!columns.Contains(CsvColumn.Ts))
            throw new FormatException($"column ts is missing; there are {string.Join(", ", names)}");

        Require(columns, Bar, columns.Intersect(Bar[..^1]).Any());
        Require(columns, Trade, columns.Contains(CsvColumn.Last));
        Require(columns, Quote, columns.Intersect(Quote).Any());
        var kinds = columns.Intersect([CsvColumn.Open, CsvColumn.Last, CsvColumn.Bid]).ToArray();
        if (kinds.Length == 0)
        {
            throw new FormatException(
                "prices are missing: bid, ask, bid_size and ask_size, last and volume, or open, high, low, close and "
                + "volume are needed");
        }

        if (kinds.Length > 1 && kinds.Contains(CsvColumn.Open))
        {
            throw new FormatException(
                $"column {NameOf(kinds.First(kind => kind != CsvColumn.Open))} does not go with bars (open, high, low, "
                + "close): they are one file, quotes or trades another");
        }

        if (columns.Contains(CsvColumn.Volume) && kinds is [CsvColumn.Bid])
            throw new FormatException("column last is missing: volume is of trades");

        return new CsvLayout(columns);
    }

    /// <summary>A column's name in a header.</summary>
    public static string NameOf(CsvColumn column) => Names[(int)column];

    private bool Has(CsvColumn column) => IndexOf(column) >= 0;

    private static void Require(CsvColumn[] columns, CsvColumn[] group, bool isThere)
    {
        var missing = group.Except(columns).ToArray();
        if (isThere && missing.Length > 0)
        {
            throw new FormatException(
                $"column {NameOf(missing[0])} is missing, which goes with "
                + string.Join(", ", group.Except(missing).Select(NameOf)));
        }
    }

    private static CsvColumn ColumnOf(string name)
    {
        var index = Array.FindIndex(Names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
        return index is >= 0 and <= (int)CsvColumn.Volume
            ? (CsvColumn)index
            : throw new FormatException(
                $"column '{name}' is not known; {string.Join(", ", Names[..(int)CsvColumn.Volume])} and volume are");
    }

    [GeneratedRegex(
        @"^(?<day>\d{8})_(?:\w+_(?<period>second|minute)_)?(?<kind>quote|trade)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Bars();
}
