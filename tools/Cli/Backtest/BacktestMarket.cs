using System.Globalization;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Venues.Replay;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Cli.Backtest;

/// <summary>
/// The market of a backtest: files that were looked through, or the generator. It can be opened often.
/// </summary>
public sealed class BacktestMarket
{
    private const long MinuteNs = 60_000_000_000;
    private const int UpdatesPerLook = 65_536;

    private readonly BacktestOptions _options;
    private readonly InstrumentOptions _traded;
    private readonly MarketCheck _check;

    /// <param name="options">Name the files, or how long a generated market lasts, and the venue.</param>
    /// <param name="traded">The instrument that the prices are played for.</param>
    /// <param name="cancel">Ends it with an exception.</param>
    /// <exception cref="UsageException">The files have no market that can be played.</exception>
    public BacktestMarket(BacktestOptions options, InstrumentOptions traded, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(traded);
        _options = options;
        _traded = traded;
        _check = MarketSources.Check(options.DataFiles, options.DataInstruments, traded.TickSize);
        var hasOrders = OrderFlow.CanPlay(options.DataFiles);
        var kind = options.Venue ?? (hasOrders ? BacktestVenue.Orders : BacktestVenue.Touch);
        var notes = new List<string>(_check.Notes);
        if (kind == BacktestVenue.Orders && !hasOrders)
        {
            notes.Add("The market data have no single orders (schema mbo): orders trade with the best bid and offer.");
            kind = BacktestVenue.Touch;
        }

        if (kind == BacktestVenue.Touch && options.Fill is not null)
            notes.Add("--fill-model plays no part: the venue of the best bid and offer has its own queue.");

        if (!_check.HasQuotes)
            notes.Add("Orders that trade at once pay what exchange.slippage says; without that, the linear slippage.");

        Venue = new BacktestVenueOptions { Kind = kind, Latency = options.Latency };
        Span = options.DataFiles.Count > 0 ? Look(cancel) : GeneratedMarket.SpanOf(options.Minutes * MinuteNs);
        if (kind == BacktestVenue.Orders)
            Venue = Venue with { Fill = FillOf(options.Fill ?? FillChoice.Queue, notes, cancel) };
        FirstPrice = MiddleOfFirst();
        Notes = notes;
    }

    /// <summary>What the user should know, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Where the files are cut off or damaged; null: they are whole.</summary>
    public string? Problem => _check.Problem;

    /// <summary>Where orders go, and how they are filled there.</summary>
    public BacktestVenueOptions Venue { get; }

    /// <summary>The time that the market covers.</summary>
    public MarketSpan Span { get; }

    /// <summary>The middle of the first quote, in points.</summary>
    public decimal FirstPrice { get; }

    /// <summary>The configuration with the slippage that the data need.</summary>
    public PipelineOptions Complete(PipelineOptions pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var slippage = pipeline.Exchange.Slippage.For(_check.HasQuotes);
        return pipeline with { Exchange = pipeline.Exchange with { Slippage = slippage } };
    }

    /// <summary>Opens the market at its beginning. The caller disposes of it if it can be disposed of.</summary>
    /// <param name="listener">Is shown single orders where the venue trades with them.</param>
    /// <param name="seed">Of a generated market; null: as was asked for.</param>
    public IMarketSource Open(IRecordListener? listener, long? seed = null)
    {
        if (_options.DataFiles.Count == 0)
            return new GeneratedMarket(seed ?? _options.Seed, _traded, _options.Minutes * MinuteNs);

        return Venue.Kind == BacktestVenue.Touch
            ? MarketSources.Open(_options.DataFiles, _check.InstrumentIds, _options.Seed, _traded.TickSize)
            : OpenOrders(listener);
    }

    /// <summary>Plays the market once with seeded signals.</summary>
    /// <param name="pipeline">The configuration.</param>
    /// <param name="backend">Evaluates the actors; stays the caller's.</param>
    /// <param name="seed">Of the signals, of the way to the venue, and of a generated market.</param>
    /// <param name="onProgress">Is told now and then how many signals went through, and how many orders left.</param>
    /// <param name="cancel">Ends it with an exception.</param>
    public BacktestResult Play(
        PipelineOptions pipeline, IPolicyBackend backend, long seed, Action<long, long>? onProgress,
        CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var venue = Venue with { Latency = Venue.Latency with { Seed = (ulong)seed } };
        var run = new BacktestRun(Complete(pipeline), backend, Span.FirstNs, venue);
        var open = SeededSignals.SessionsIn(Span, run.Stages.Instruments[0].Calendar);
        var signals = new SeededSignals(open, _options.Signals.Count, seed, _traded.Id, run.InstrumentIds);
        var source = Open(run, seed);
        using var closing = source as IDisposable;
        return run.Play(source, signals, onProgress, cancel);
    }

    private OrderFlow OpenOrders(IRecordListener? listener) => new(_options.DataFiles, new MarketReplayOptions
    {
        InstrumentIds = _check.InstrumentIds,
        StartsAtFirstTrade = true,
        Listener = listener,
        Places = BacktestVenueOptions.MaxRestingOrders,
    });

    private ReplayVenueOptions FillOf(FillChoice choice, List<string> notes, CancellationToken cancel)
    {
        var model = choice switch
        {
            FillChoice.Fraction => FillModel.Fraction,
            FillChoice.Hazard => FillModel.Hazard,
            FillChoice.Adverse => FillModel.AdverseSelection,
            _ => FillModel.QueueAhead,
        };
        var seed = (ulong)_options.Seed;
        if (model is not (FillModel.Fraction or FillModel.Hazard))
            return Options(0, 0);

        var calibration = new Calibration();
        Play(OpenOrders(calibration), static (in MarketUpdate _) => { }, cancel);
        var (fractionBps, hazardBps) = (calibration.Fills.FractionBps, calibration.Fills.HazardBps);
        notes.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"Of {calibration.Fills.Trades} trades that an order at the end of the best queue saw at its price, "
            + $"{hazardBps / 100.0:0.0} % reached it, with {fractionBps / 100.0:0.0} % of the contracts."));
        return Options(fractionBps, hazardBps);

        ReplayVenueOptions Options(int fractionBps, int hazardBps) => new()
        {
            Model = model,
            FractionBps = fractionBps,
            HazardBps = hazardBps,
            Seed = seed,
            MaxRestingOrders = BacktestVenueOptions.MaxRestingOrders,
        };
    }

    /// <summary>Looks through the data once: signals are spread over the time that they cover.</summary>
    /// <exception cref="UsageException">The files of recorded orders overlap.</exception>
    private MarketSpan Look(CancellationToken cancel)
    {
        var (firstNs, lastNs) = (0L, 0L);
        var market = Open(null);
        var orders = market as OrderFlow;
        string? file = null;
        Play(market, See, cancel);
        return firstNs > 0
            ? new MarketSpan(firstNs, lastNs)
            : throw new InvalidDataException("the market data have no quote with a bid and an offer");

        void See(in MarketUpdate update)
        {
            if (firstNs == 0 && update is { BidQuantity: > 0, AskQuantity: > 0 })
                firstNs = update.ExchangeTimeNs;

            if (orders is not null && update.ExchangeTimeNs < lastNs)
            {
                throw new UsageException(
                    $"{orders.Name} begins before {file} has ended: recorded orders are played file after file; name "
                    + "files that do not overlap, or --venue touch");
            }

            (lastNs, file) = (update.ExchangeTimeNs, orders?.Name);
        }
    }

    private decimal MiddleOfFirst()
    {
        var market = Open(null);
        using var closing = market as IDisposable;
        var update = default(MarketUpdate);
        while (market.TryNext(ref update))
        {
            if (update is { BidQuantity: > 0, AskQuantity: > 0 })
                return MarketSources.MiddleOf(in update);
        }

        throw new InvalidDataException("the market data have no quote with a bid and an offer");
    }

    private static void Play(IMarketSource market, UpdateHandler onUpdate, CancellationToken cancel)
    {
        using var closing = market as IDisposable;
        var update = default(MarketUpdate);
        try
        {
            for (var count = 1L; market.TryNext(ref update); count++)
            {
                onUpdate(in update);
                if (count % UpdatesPerLook == 0)
                    cancel.ThrowIfCancellationRequested();
            }
        }
        catch (MarketDataException)
        {
            // The run comes to the same place and says what is wrong there.
        }
    }

    private delegate void UpdateHandler(in MarketUpdate update);

    /// <summary>Measures the fills of the first file's queues.</summary>
    private sealed class Calibration : IRecordListener
    {
        private DbnReplay? _file;
        private RecordedBook? _book;

        public FillCalibration Fills { get; } = new();

        public void OnNext(long timeNs)
        {
        }

        public void OnRecord(DbnReplay replay)
        {
            _file ??= replay;
            if (_file != replay)
                return;

            _book ??= new RecordedBook(replay.Book, replay.Queues);
            _book.IsContinuous = replay.IsContinuous;
            _book.Show(replay.Record, replay.Change);
            if (replay.IsContinuous)
                Fills.OnRecord(_book);
        }
    }
}
