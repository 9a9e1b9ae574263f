using ExecutionPipeline.MarketData.Csv;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;

namespace ExecutionPipeline.MarketData.Sources;

/// <summary>What a file has of one instrument.</summary>
public sealed class SurveyedInstrument
{
    /// <summary>The venue's id.</summary>
    public required uint Id { get; init; }

    public long Records { get; internal set; }

    public long Trades { get; internal set; }

    /// <summary>The places of its first and last record among all of the file's.</summary>
    public long FirstRecord { get; init; }

    public long LastRecord { get; internal set; }

    /// <summary>Records with a price.</summary>
    public long Prices { get; internal set; }

    /// <summary>Records whose price is not a multiple of the tick that was asked about.</summary>
    public long PricesOffTick { get; internal set; }

    /// <summary>The greatest step, in 1e-9, that all of its prices are multiples of; 0 without a price.</summary>
    public long StepE9 { get; internal set; }

    /// <summary>Marks of an event's end.</summary>
    public long EventEnds { get; internal set; }
}

/// <summary>
/// What there is in a file of market data, found by reading it once before it is played: which instruments, whether
/// their prices fit a tick, and whether the file is whole.
/// </summary>
public sealed class MarketSurvey
{
    /// <summary>Records that are read at most, about two seconds of work.</summary>
    public const long RecordsMax = 10_000_000;

    /// <summary>The id of a CSV file's instrument, which no venue gives.</summary>
    public const uint CsvInstrument = 0;

    private readonly List<SurveyedInstrument> _instruments = [];

    private MarketSurvey(string name, MarketCapabilities capabilities) => (Name, Capabilities) = (name, capabilities);

    /// <summary>The file's name.</summary>
    public string Name { get; }

    /// <summary>What the file can tell of the market.</summary>
    public MarketCapabilities Capabilities { get; }

    /// <summary>
    /// The least and the greatest time of its records; the least is above the greatest without a record.
    /// </summary>
    public long FirstTimeNs { get; private set; } = long.MaxValue;

    public long LastTimeNs { get; private set; }

    /// <summary>In the order in which they first occur.</summary>
    public IReadOnlyList<SurveyedInstrument> Instruments => _instruments;

    /// <summary>Records read.</summary>
    public long Records { get; private set; }

    /// <summary>Whether the file has more records than are surveyed.</summary>
    public bool HasMore { get; private set; }

    /// <summary>Where the file is damaged or cut off, in one line; null: it is whole as far as read.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads a file.</summary>
    /// <param name="reader">The file at its beginning; the caller owns it.</param>
    /// <param name="tickSizeE9">The tick that prices should fit, in 1e-9.</param>
    /// <param name="recordsMax">Records that are read at most.</param>
    public static MarketSurvey Of(DbnReader reader, long tickSizeE9, long recordsMax = RecordsMax)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tickSizeE9);
        var survey = new MarketSurvey(reader.Name, MarketCapabilities.Of(reader.Metadata.Schema));
        try
        {
            survey.Read(reader, tickSizeE9, recordsMax);
        }
        catch (MarketDataException problem)
        {
            survey.Problem = problem.Message;
        }

        return survey;
    }

    /// <summary>Reads a CSV file, which is of one instrument, <see cref="CsvInstrument"/>.</summary>
    /// <param name="source">The file at its beginning; the caller owns it.</param>
    /// <param name="tickSizeE9">The tick that prices should fit, in 1e-9.</param>
    public static MarketSurvey Of(CsvSource source, long tickSizeE9)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tickSizeE9);
        var survey = new MarketSurvey(source.Name, source.Capabilities);
        try
        {
            survey.Read(source, tickSizeE9);
        }
        catch (MarketDataException problem)
        {
            survey.Problem = problem.Message;
        }

        return survey;
    }

    /// <summary>
    /// What is to be said of files that are played together: they are played in the order of time, and two that both
    /// have quotes, or both have trades, should not be of the same time. Problems are one sentence each.
    /// </summary>
    /// <param name="surveys">The files in the order in which they were named.</param>
    public static IEnumerable<string> Compare(IReadOnlyList<MarketSurvey> surveys)
    {
        ArgumentNullException.ThrowIfNull(surveys);
        var dated = surveys.Where(survey => survey.Records > 0).ToArray();
        foreach (var kind in dated.GroupBy(survey => survey.Capabilities.HasQuotes))
        {
            foreach (var (before, after) in kind.Zip(kind.Skip(1)).Where(Reversed))
                yield return $"{after.Name} begins before {before.Name}: files are played in the order of time.";
        }

        for (var i = 0; i < dated.Length; i++)
        {
            foreach (var other in dated.Skip(i + 1).Where(dated[i].Overlaps))
            {
                yield return dated[i].Capabilities.HasQuotes == other.Capabilities.HasQuotes
                    ? $"{dated[i].Name} and {other.Name} overlap: both are played, update by update in the order of "
                        + "time."
                    : $"{dated[i].Name} and {other.Name} overlap, and both have trades: a trade that is in both is "
                        + "played twice.";
            }
        }
    }

    /// <summary>
    /// The instruments to follow where nobody has chosen: all, one after the other, when each begins after the one
    /// before it has ended, as at a future's roll; else the one with the most records.
    /// </summary>
    public IReadOnlyList<uint> Choice()
    {
        var isSequence = _instruments.Zip(_instruments.Skip(1))
            .All(pair => pair.First.LastRecord < pair.Second.FirstRecord);
        return isSequence
            ? [.. _instruments.Select(instrument => instrument.Id)]
            : [_instruments.MaxBy(instrument => instrument.Records)!.Id];
    }

    private void Read(DbnReader reader, long tickSizeE9, long recordsMax)
    {
        var byId = new Dictionary<uint, SurveyedInstrument>();
        SurveyedInstrument? last = null;
        for (var record = default(MboRecord); Records < recordsMax; Records++)
        {
            if (!reader.TryRead(ref record))
                return;

            if (last?.Id != record.InstrumentId && !byId.TryGetValue(record.InstrumentId, out last))
            {
                last = new SurveyedInstrument { Id = record.InstrumentId, FirstRecord = Records };
                byId.Add(last.Id, last);
                _instruments.Add(last);
            }

            Count(last!, in record, tickSizeE9);
        }

        HasMore = true;
    }

    private void Read(CsvSource source, long tickSizeE9)
    {
        var instrument = new SurveyedInstrument { Id = CsvInstrument, FirstRecord = 0 };
        for (var update = default(MarketUpdate); source.TryNext(ref update); Records++)
        {
            if (Records == 0)
                _instruments.Add(instrument);

            var record = new MboRecord
            {
                EventTimeNs = update.ExchangeTimeNs,
                PriceE9 = update.TradeQuantity > 0 ? update.TradePriceE9 : update.BidPriceE9,
                Action = update.TradeQuantity > 0 ? MboAction.Trade : MboAction.None,
                Flags = MboFlags.Last,
            };
            Count(instrument, in record, tickSizeE9);
        }
    }

    private static bool Reversed((MarketSurvey Before, MarketSurvey After) pair) =>
        pair.After.FirstTimeNs < pair.Before.FirstTimeNs;

    private bool Overlaps(MarketSurvey other) =>
        (Capabilities.HasQuotes == other.Capabilities.HasQuotes
            || (Capabilities.HasTrades && other.Capabilities.HasTrades))
        && FirstTimeNs < other.LastTimeNs && other.FirstTimeNs < LastTimeNs;

    private void Count(SurveyedInstrument instrument, in MboRecord record, long tickSizeE9)
    {
        instrument.Records++;
        instrument.LastRecord = Records;
        FirstTimeNs = Math.Min(FirstTimeNs, record.EventTimeNs);
        LastTimeNs = Math.Max(LastTimeNs, record.EventTimeNs);
        if (record.IsLast)
            instrument.EventEnds++;
        if (record.Action == MboAction.Trade)
            instrument.Trades++;
        if (record.PriceE9 is <= 0 or > FieldLimits.PriceMaxE9)
            return;

        instrument.Prices++;
        if (record.PriceE9 % tickSizeE9 != 0)
            instrument.PricesOffTick++;
        instrument.StepE9 = GreatestStep(record.PriceE9, instrument.StepE9);
    }

    /// <summary>The greatest step that both are multiples of.</summary>
    public static long GreatestStep(long a, long b)
    {
        while (b != 0)
            (a, b) = (b, a % b);

        return a;
    }
}
