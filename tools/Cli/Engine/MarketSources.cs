using System.Globalization;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Cli.Engine;

/// <summary>What a look at the market data found before they are played.</summary>
/// <param name="InstrumentIds">The file's instruments to follow; empty for the generator.</param>
/// <param name="Notes">What the user should know, one line each.</param>
/// <param name="Problem">Where the file is cut off or damaged; null: it is whole.</param>
public sealed record MarketCheck(IReadOnlyList<uint> InstrumentIds, IReadOnlyList<string> Notes, string? Problem);

/// <summary>The market that was asked for: a file, or the generator.</summary>
public static class MarketSources
{
    private const long OneE9 = 1_000_000_000;

    /// <summary>Opens a market source. The caller disposes of it if it can be disposed of.</summary>
    /// <param name="dataFile">The file; null: the generator.</param>
    /// <param name="instrumentIds">The file's instruments to follow; empty: what a look at the file suggests.</param>
    /// <param name="seed">The generator's.</param>
    /// <exception cref="UsageException">The file has no market that can be played.</exception>
    public static IMarketSource Open(string? dataFile, IReadOnlyList<uint> instrumentIds, long seed)
    {
        if (dataFile is null)
            return new MarketGenerator(new MarketGeneratorOptions { Seed = (ulong)seed });

        if (instrumentIds.Count == 0)
            instrumentIds = Check(dataFile, instrumentIds, null).InstrumentIds;

        return InWords(() => MarketReplay.Open(dataFile, OptionsOf(instrumentIds)));
    }

    /// <summary>Looks through a file before anything is started for it.</summary>
    /// <param name="dataFile">The file; null: the generator, of which there is nothing to say.</param>
    /// <param name="instrumentIds">The instruments that were chosen; empty: none were.</param>
    /// <param name="tickSize">The tick of the instrument that the prices are played for; null: any will do.</param>
    /// <exception cref="UsageException">The file has no market that can be played.</exception>
    public static MarketCheck Check(string? dataFile, IReadOnlyList<uint> instrumentIds, decimal? tickSize)
    {
        if (dataFile is null)
            return new MarketCheck([], [], null);

        return InWords(() =>
        {
            var survey = Survey(dataFile, tickSize);
            if (survey.Schema == DbnSchema.Trades)
                throw new UsageException($"{dataFile}: schema trades has no bid and offer; mbo, mbp-1 and tbbo have");

            var followed = Followed(dataFile, survey, instrumentIds);
            MustHaveAMarket(dataFile, followed, survey.Problem);
            return new MarketCheck(followed, [.. Notes(survey, followed, tickSize)], survey.Problem);
        });
    }

    /// <summary>The middle of the first quote with both sides, in points; null: there is none.</summary>
    public static decimal? FirstPrice(string? dataFile, IReadOnlyList<uint> instrumentIds, long seed)
    {
        var source = Open(dataFile, instrumentIds, seed);
        try
        {
            var update = default(MarketUpdate);
            while (source.TryNext(ref update))
            {
                if (update is { BidQuantity: > 0, AskQuantity: > 0 })
                    return MiddleOf(in update);
            }

            return null;
        }
        finally
        {
            (source as IDisposable)?.Dispose();
        }
    }

    /// <summary>In points; the quote must have both sides.</summary>
    public static decimal MiddleOf(in MarketUpdate quote) =>
        ((decimal)quote.BidPriceE9 + quote.AskPriceE9) / (2 * OneE9);

    /// <summary>What came of the records that were played, in one line.</summary>
    public static string Describe(in MarketCounts counts)
    {
        (long Count, string What)[] others =
        [
            (counts.RecordsOfOthers, "of instruments that are not followed"),
            (counts.RecordsRefused, "that contradict the book"),
            (counts.RecordsAfterGaps, "after a possible gap"),
            (counts.RecordsBackInTime, "out of the order of time"),
            (counts.CrossedEvents, "events with a crossed book, without quotes"),
            (counts.StaleOrders, "orders taken out that a lost record had left"),
            (counts.EventsWithoutEnd, "events whose end was not marked"),
            (counts.Rolls, "changes of the instrument"),
        ];
        var told = others.Where(other => other.Count > 0).Select(other => $", {Number(other.Count)} {other.What}");
        return $"{Number(counts.RecordsApplied)} records and {Number(counts.Trades)} trades of "
            + $"{Number(counts.TradedQuantity)} played{string.Concat(told)}";
    }

    private static MarketReplayOptions OptionsOf(IReadOnlyList<uint> instrumentIds) =>
        new() { InstrumentIds = instrumentIds, StartsAtFirstTrade = true };

    private static MarketSurvey Survey(string dataFile, decimal? tickSize)
    {
        using var reader = DbnReader.Open(dataFile);
        if (reader.Metadata.Schema == DbnSchema.Definition)
            throw new UsageException($"{dataFile}: the file has definitions of instruments and no market");

        return MarketSurvey.Of(reader, tickSize is { } tick ? (long)(tick * OneE9) : 1);
    }

    private static IReadOnlyList<uint> Followed(string dataFile, MarketSurvey survey, IReadOnlyList<uint> chosen)
    {
        if (survey.Instruments.Count == 0)
            throw new UsageException(survey.Problem ?? $"{dataFile}: there is no market in it");
        if (chosen.Count == 0)
            return survey.Choice();

        var missing = chosen.Except(survey.Instruments.Select(instrument => instrument.Id)).ToArray();
        return missing.Length == 0 || survey.HasMore
            ? chosen
            : throw new UsageException(
                $"{dataFile}: instrument {missing[0]} is not in it; {Listed(survey.Instruments)}");
    }

    /// <summary>Before the first trade there are orders but hardly a market.</summary>
    private static void MustHaveAMarket(string dataFile, IReadOnlyList<uint> followed, string? problem)
    {
        using var replay = MarketReplay.Open(dataFile, OptionsOf(followed));
        var update = default(MarketUpdate);
        if (!replay.TryNext(ref update))
            throw new UsageException(problem ?? $"{dataFile}: there is no trade in it");
    }

    private static IEnumerable<string> Notes(MarketSurvey survey, IReadOnlyList<uint> followed, decimal? tickSize)
    {
        if (survey.Problem != null)
            yield return $"{survey.Problem} What is whole before that is played.";
        if (survey.HasMore)
            yield return $"{survey.Name}: the first {Number(survey.Records)} records were looked through.";
        if (followed.Count > 1)
        {
            yield return $"{survey.Name}: instruments {string.Join(", then ", followed)} are followed, one after the "
                + "other; --data-instruments chooses.";
        }

        var others = survey.Instruments.Where(instrument => !followed.Contains(instrument.Id)).ToArray();
        if (others.Length > 0)
        {
            yield return $"{survey.Name}: instrument {string.Join(", then ", followed)} is followed; "
                + $"{Number(others.Sum(other => other.Records))} of {Number(survey.Records)} records are of "
                + $"{Count(others.Length, "other")} and passed over; --data-instruments chooses.";
        }

        var own = survey.Instruments.Where(instrument => followed.Contains(instrument.Id)).ToArray();
        if (own.Sum(instrument => instrument.EventEnds) == 0)
            yield return $"{survey.Name}: no record marks the end of an event; a later time is taken for it.";

        var offTick = own.Sum(instrument => instrument.PricesOffTick);
        if (offTick > 0 && tickSize is { } tick)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{survey.Name}: {Number(offTick)} of {Number(own.Sum(one => one.Prices))} prices do not fit the "
                + $"instrument's tick of {tick:0.#########}; they fit {StepOf(own):0.#########}: "
                + $"set tick_size in --config.");
        }
    }

    private static decimal StepOf(IEnumerable<SurveyedInstrument> instruments)
    {
        var step = instruments.Select(instrument => instrument.StepE9).Aggregate(0L, MarketSurvey.GreatestStep);
        return (decimal)step / OneE9;
    }

    private static string Listed(IReadOnlyList<SurveyedInstrument> instruments)
    {
        const int listedMax = 5;
        var listed = string.Join(", ", instruments.Take(listedMax).Select(instrument => instrument.Id));
        return instruments.Count > listedMax ? $"it has {listed} and {instruments.Count - listedMax} more"
            : $"it has {listed}";
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static T InWords<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (MarketDataException problem)
        {
            throw new UsageException(problem.Message);
        }
    }
}

/// <summary>
/// Plays a market source against the clock. A pause in the data of more than <see cref="LongestGapNs"/> of playing
/// time is cut to that, so that a quiet night does not stop the demo's market.
/// </summary>
public sealed class MarketFeed
{
    /// <summary>The longest pause between two updates, in nanoseconds of playing time.</summary>
    public const long LongestGapNs = 1_000_000_000;

    private readonly IMarketSource _source;
    private readonly double _speed;
    private MarketUpdate _next;
    private MarketUpdate _quote;
    private long _dueNs;

    /// <summary>Reads the first update.</summary>
    /// <param name="source">Updates in the order of their time.</param>
    /// <param name="speed">How fast they play; 1 is real time.</param>
    public MarketFeed(IMarketSource source, double speed)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _speed = speed;
        ReadNext();
    }

    /// <summary>There is another update.</summary>
    public bool HasNext { get; private set; }

    /// <summary>Where the data are cut off or damaged, once played up to there; null: nowhere yet.</summary>
    public string? Problem { get; private set; }

    /// <summary>What came of the records played so far.</summary>
    public MarketCounts Counts => _source.Counts;

    /// <summary>The last update taken that had both sides, uncrossed: what signals take their price from.</summary>
    public ref readonly MarketUpdate Quote => ref _quote;

    /// <summary>There has been an update with both sides.</summary>
    public bool HasQuote => _quote.BidQuantity > 0;

    /// <summary>The next update; its time is due from <paramref name="nowNs"/> on.</summary>
    public bool IsDue(long nowNs) => HasNext && nowNs >= _dueNs;

    /// <summary>Starts the clock: the next update is due at once.</summary>
    public void Start(long nowNs) => _dueNs = nowNs;

    /// <summary>Takes the next update and reads the one after it. Call only while there is one.</summary>
    public void Take(out MarketUpdate update)
    {
        update = _next;
        var hasBoth = update.BidQuantity > 0 && update.AskQuantity > 0;
        if (hasBoth && update.BidPriceE9 < update.AskPriceE9)
            _quote = update;

        ReadNext();
        if (HasNext)
            _dueNs += GapNs(_next.ExchangeTimeNs - update.ExchangeTimeNs);
    }

    /// <summary>Damaged data end where the damage is: the market stands still from then on, and it is told.</summary>
    private void ReadNext()
    {
        try
        {
            HasNext = _source.TryNext(ref _next);
        }
        catch (DbnFormatException problem)
        {
            HasNext = false;
            Problem = problem.Message;
        }
    }

    private long GapNs(long exchangeNs) => (long)Math.Clamp(exchangeNs / _speed, 0, LongestGapNs);
}
