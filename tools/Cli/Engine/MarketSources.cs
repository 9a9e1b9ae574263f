using System.Globalization;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.MarketData.Csv;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Cli.Engine;

/// <summary>What a look at the market data found before they are played.</summary>
/// <param name="InstrumentIds">The file's instruments to follow; empty for the generator.</param>
/// <param name="Notes">What the user should know, one line each.</param>
/// <param name="Problem">Where the file is cut off or damaged; null: it is whole.</param>
public sealed record MarketCheck(IReadOnlyList<uint> InstrumentIds, IReadOnlyList<string> Notes, string? Problem)
{
    /// <summary>Whether there are quotes of the market's own; those around bars are made up.</summary>
    public bool HasQuotes { get; init; } = true;
}

/// <summary>The market that was asked for: a file, or the generator.</summary>
public static class MarketSources
{
    private const long OneE9 = 1_000_000_000;
    private const decimal Cent = 0.01m;

    /// <summary>Signals a second that the generator's usual market has contracts for.</summary>
    private const double UsualSignalsPerSecond = 20_000;

    /// <summary>Opens a market source. The caller disposes of it if it can be disposed of.</summary>
    /// <param name="dataFiles">The files, of one market; none: the generator.</param>
    /// <param name="instrumentIds">The files' instruments to follow; empty: what a look at the files suggests.</param>
    /// <param name="seed">The generator's.</param>
    /// <param name="tickSize">How far apart the quotes are that are made up around bars; null: a cent.</param>
    /// <param name="signalsPerSecond">For so many the generator's levels are large enough.</param>
    /// <exception cref="UsageException">The files have no market that can be played.</exception>
    public static IMarketSource Open(
        IReadOnlyList<string> dataFiles,
        IReadOnlyList<uint> instrumentIds,
        long seed,
        decimal? tickSize = null,
        double signalsPerSecond = 0)
    {
        if (dataFiles.Count == 0)
            return new MarketGenerator(GeneratorOptions(seed, signalsPerSecond));

        if (instrumentIds.Count == 0)
            instrumentIds = Check(dataFiles, instrumentIds, tickSize).InstrumentIds;

        return InWords(() => MarketFiles.Open(dataFiles, OptionsOf(instrumentIds, tickSize)));
    }

    /// <summary>Looks through files before anything is started for them.</summary>
    /// <param name="dataFiles">The files; none: the generator, of which there is nothing to say.</param>
    /// <param name="instrumentIds">The instruments that were chosen; empty: none were.</param>
    /// <param name="tickSize">The tick of the instrument that the prices are played for; null: any will do.</param>
    /// <exception cref="UsageException">The files have no market that can be played.</exception>
    public static MarketCheck Check(
        IReadOnlyList<string> dataFiles, IReadOnlyList<uint> instrumentIds, decimal? tickSize)
    {
        if (dataFiles.Count == 0)
            return new MarketCheck([], [], null);

        return InWords(() =>
        {
            var surveys = dataFiles.Select(file => Survey(file, tickSize)).ToArray();
            var together = MarketFiles.Together([.. surveys.Select(survey => survey.Capabilities)]);
            if (together.Detail == MarketDetail.Trades)
            {
                throw new UsageException(
                    $"{dataFiles[0]}: there are trades and no bid and offer; name a file beside it that has quotes");
            }

            MustHave(instrumentIds, surveys);
            var ids = instrumentIds.Count > 0 ? instrumentIds : Choice(surveys);
            var followed = surveys.Select(survey => Followed(survey, ids, instrumentIds.Count > 0)).ToArray();
            var problem = surveys.Select(survey => survey.Problem).FirstOrDefault(one => one != null);
            MustHaveAMarket(dataFiles, ids, problem);
            var notes = surveys.Zip(followed).SelectMany(pair => Notes(pair.First, pair.Second, tickSize))
                .Concat(MarketSurvey.Compare(surveys));
            if (together.Missing.Length > 0)
                notes = notes.Append(surveys is [var one] ? $"{one.Name}: {together.Missing}" : together.Missing);

            return new MarketCheck(ids, [.. notes], problem) { HasQuotes = together.HasQuotes };
        });
    }

    /// <summary>The middle of the first quote with both sides, in points; null: there is none.</summary>
    public static decimal? FirstPrice(IReadOnlyList<string> dataFiles, IReadOnlyList<uint> instrumentIds, long seed)
    {
        var source = Open(dataFiles, instrumentIds, seed);
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

    /// <summary>
    /// More signals need a deeper market: in a shallow one most orders would find nothing to trade with.
    /// </summary>
    private static MarketGeneratorOptions GeneratorOptions(long seed, double signalsPerSecond)
    {
        var usual = new MarketGeneratorOptions { Seed = (ulong)seed };
        var times = Math.Max(1, signalsPerSecond / UsualSignalsPerSecond);
        return usual with { MeanLevelQuantity = (int)(usual.MeanLevelQuantity * times) };
    }

    private static MarketFileOptions OptionsOf(IReadOnlyList<uint> instrumentIds, decimal? tickSize) => new()
    {
        Replay = new() { InstrumentIds = instrumentIds, StartsAtFirstTrade = true },
        BarSpreadE9 = SpreadE9(tickSize),
    };

    private static long SpreadE9(decimal? tickSize) => (long)((tickSize ?? Cent) * OneE9);

    private static MarketSurvey Survey(string dataFile, decimal? tickSize)
    {
        var tickSizeE9 = tickSize is { } tick ? (long)(tick * OneE9) : 1;
        var survey = MarketFiles.IsDbn(dataFile)
            ? SurveyDbn(dataFile, tickSizeE9)
            : SurveyCsv(dataFile, tickSizeE9, SpreadE9(tickSize));
        return survey.Instruments.Count > 0
            ? survey
            : throw new UsageException(survey.Problem ?? $"{dataFile}: there is no market in it");
    }

    private static MarketSurvey SurveyDbn(string dataFile, long tickSizeE9)
    {
        using var reader = DbnReader.Open(dataFile);
        if (reader.Metadata.Schema == DbnSchema.Definition)
            throw new UsageException($"{dataFile}: the file has definitions of instruments and no market");

        return MarketSurvey.Of(reader, tickSizeE9);
    }

    private static MarketSurvey SurveyCsv(string dataFile, long tickSizeE9, long spreadE9)
    {
        using var source = CsvSource.Open(dataFile, new CsvSourceOptions { BarSpreadE9 = spreadE9 });
        return MarketSurvey.Of(source, tickSizeE9);
    }

    private static void MustHave(IReadOnlyList<uint> chosen, MarketSurvey[] surveys)
    {
        var known = surveys.SelectMany(survey => survey.Instruments).ToArray();
        var missing = chosen.Except(known.Select(instrument => instrument.Id)).ToArray();
        if (missing.Length > 0 && !surveys.Any(survey => survey.HasMore))
        {
            throw new UsageException(
                $"{surveys[0].Name}: instrument {missing[0]} is not in it; {Listed(known)}");
        }
    }

    /// <summary>
    /// The instruments to follow through all files where nobody has chosen: what each file suggests, one after the
    /// other, unless a file has more of them than it suggests itself. It would go over to another one at that one's
    /// first record, so the one with the most records of all files is followed then.
    /// </summary>
    private static uint[] Choice(MarketSurvey[] surveys)
    {
        var recorded = surveys.Where(survey => !IsCsv(survey)).ToArray();
        uint[] ids = [.. recorded.SelectMany(survey => survey.Choice()).Distinct()];
        return recorded.All(survey => Known(survey, ids).Count == survey.Choice().Count)
            ? ids
            : [ids.MaxBy(id => recorded.Sum(survey => RecordsOf(survey, id)))];
    }

    private static IReadOnlyList<uint> Followed(MarketSurvey survey, IReadOnlyList<uint> ids, bool isChosen)
    {
        if (IsCsv(survey))
            return survey.Choice();

        var known = Known(survey, ids);
        return isChosen || (known.Count == 0 && survey.HasMore) ? ids
            : known.Count > 0 ? known
            : throw new UsageException(
                $"{survey.Name}: instrument {ids[0]}, which has the most records of all files, is not in it; "
                + "choose with --data-instruments");
    }

    private static bool IsCsv(MarketSurvey survey) => survey.Instruments[0].Id == MarketSurvey.CsvInstrument;

    private static List<uint> Known(MarketSurvey survey, IReadOnlyList<uint> ids) =>
        [.. ids.Where(id => RecordsOf(survey, id) > 0)];

    private static long RecordsOf(MarketSurvey survey, uint id) =>
        survey.Instruments.FirstOrDefault(instrument => instrument.Id == id)?.Records ?? 0;

    /// <summary>Before the first trade there are orders but hardly a market.</summary>
    private static void MustHaveAMarket(
        IReadOnlyList<string> dataFiles, IReadOnlyList<uint> followed, string? problem)
    {
        var source = MarketFiles.Open(dataFiles, OptionsOf(followed, null));
        using (source as IDisposable)
        {
            var update = default(MarketUpdate);
            if (!source.TryNext(ref update))
                throw new UsageException(problem ?? $"{dataFiles[0]}: there is no trade in it");
        }
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
        catch (MarketDataException problem)
        {
            HasNext = false;
            Problem = problem.Message;
        }
    }

    private long GapNs(long exchangeNs) => (long)Math.Clamp(exchangeNs / _speed, 0, LongestGapNs);
}
