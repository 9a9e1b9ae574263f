using ExecutionPipeline.Analysis.Reports;
using ExecutionPipeline.Cli.Replay;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Replay;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Pipeline.Backtest;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Cli.Backtest;

/// <summary>
/// A backtest: market data and signals go through the stages in the order of their times, on a virtual clock. At the
/// end of the data all that is open is closed.
/// </summary>
public sealed class BacktestRun : IRecordListener
{
    /// <summary>How long the close at the end may take, in seconds of the data's time.</summary>
    private const int CloseSeconds = 60;

    private const int EquityPoints = 1_000;
    private const int PricePoints = 4_000;

    /// <summary>So many updates are between two looks at who waits.</summary>
    private const int UpdatesPerLook = 4_096;

    private readonly LearnedVolume _volume = new();
    private readonly PipelineOptions _options;
    private readonly VirtualRun _run;
    private readonly OrderCollector _orders;
    private readonly OutboundComparison _outbound = new(null, null);
    private long _signals;
    private long _marketUpdates;
    private MarketUpdate _quote;
    private ISignalSource? _source;
    private ReplayFeed? _feed;

    /// <param name="options">Of the pipeline.</param>
    /// <param name="backend">Evaluates the actors; stays the caller's.</param>
    /// <param name="startNs">The time of the first market update.</param>
    /// <param name="venue">Null: the touch, without latency.</param>
    /// <param name="journal">
    /// Takes every event. The days before, which a replay does not know, are then no history of the volume. Null:
    /// nothing does.
    /// </param>
    public BacktestRun(
        PipelineOptions options, IPolicyBackend backend, long startNs, BacktestVenueOptions? venue = null,
        EventJournal? journal = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        venue ??= new BacktestVenueOptions { Latency = new VenueLatencyOptions { LatencyNs = 0, JitterNs = 0 } };
        _options = options;
        var ways = new VenueWays
        {
            Open = venue.Kind == BacktestVenue.Orders ? (table, sink) => OpenReplay(table, sink, venue.Fill) : null,
            Latency = venue.Latency,
            // What is configured is the user's word; else the days so far are the history of the one that is played.
            Volume = journal is not null || options.Instruments[0].VolumeProfile.Count > 0 ? null : [_volume],
            Journal = journal,
        };
        _run = new VirtualRun(options, backend, new StreamSink(_outbound), startNs, ways);
        _orders = new OrderCollector(_run.Instruments, venue.Kind.ToString().ToLowerInvariant());
        _run.Observer = _orders;
    }

    public InstrumentIds InstrumentIds => _run.InstrumentIds;

    public OrderCollector Orders => _orders;

    /// <summary>The stages' account and trades.</summary>
    public VirtualRun Stages => _run;

    /// <summary>Plays everything. Returns the figures.</summary>
    /// <param name="market">Of the first instrument that is configured.</param>
    /// <param name="signals">In order of time.</param>
    /// <param name="onProgress">Is told now and then how many signals went through, and how many orders left.</param>
    /// <param name="cancel">Ends it with an exception.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public BacktestResult Play(
        IMarketSource market, ISignalSource signals, Action<long, long>? onProgress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(signals);
        _source = signals;
        var update = default(MarketUpdate);
        string? problem = null;
        while (TryNext(market, ref update, ref problem))
        {
            TakeSignals(signals, update.ExchangeTimeNs);
            TakeMarket(in update);
            if (_marketUpdates % UpdatesPerLook != 0)
                continue;

            cancel.ThrowIfCancellationRequested();
            onProgress?.Invoke(_signals, _run.Chain.Routing.OrdersSent);
        }

        // Those behind the last update meet the quote that it left.
        TakeSignals(signals, long.MaxValue);
        _run.CloseAll(CloseSeconds);
        _outbound.Finish();
        onProgress?.Invoke(_signals, _run.Chain.Routing.OrdersSent);
        return Result(market.Counts, problem);
    }

    void IRecordListener.OnNext(long timeNs)
    {
        if (_source is not null)
            TakeSignals(_source, timeNs);
        _run.AdvanceTo(timeNs);
    }

    void IRecordListener.OnRecord(DbnReplay replay)
    {
        _feed?.OnRecord(replay);
        // In the middle of an event the book is not whole: what answers a report meets it at the event's end.
        if (replay.IsWhole)
            _run.Settle();
    }

    private Venue OpenReplay(InstrumentTable instruments, IReportSink sink, ReplayVenueOptions options)
    {
        _feed = new ReplayFeed(instruments, 0, sink, options);
        return new Venue(_feed.Venue);
    }

    /// <summary>Damaged data end where the damage is, and it is told.</summary>
    private static bool TryNext(IMarketSource market, ref MarketUpdate update, ref string? problem)
    {
        try
        {
            return market.TryNext(ref update);
        }
        catch (MarketDataException damage)
        {
            problem = damage.Message;
            return false;
        }
    }

    private void TakeMarket(in MarketUpdate update)
    {
        _marketUpdates++;
        _volume.Add(in update);
        _run.TakeMarket(0, in update);
        if (update is { BidQuantity: > 0, AskQuantity: > 0 } && update.BidPriceE9 < update.AskPriceE9)
            _quote = update;
    }

    private void TakeSignals(ISignalSource signals, long beforeNs)
    {
        EventHeader header = default;
        EventPayload payload = default;
        while (signals.NextTimeNs < beforeNs && _quote.BidQuantity > 0)
        {
            _signals++;
            if (signals.TryTake(in _quote, ref header, ref payload))
                _run.Take(in header, in payload);
        }
    }

    private BacktestResult Result(in MarketCounts counts, string? problem)
    {
        var portfolio = _run.Chain.Context.Portfolio;
        var routing = _run.Chain.Routing;
        var analysis = new ExecutionAnalysis(_orders.Orders, _orders.Markets, _orders.Trades);
        _orders.Equity.Add(_run.TimeNs, portfolio.EquityE6);
        return new BacktestResult
        {
            Figures = new BacktestFigures
            {
                Problem = problem,
                MarketUpdates = _marketUpdates,
                MarketData = counts,
                Events = _run.Events,
                Refused = _run.Refused,
                Signals = _signals,
                Outcomes = Enum.GetValues<RoutingOutcome>().Where(outcome => routing.CountOf(outcome) > 0)
                    .ToDictionary(ReportNames.KeyOf, routing.CountOf),
                ParentOrders = _orders.Orders.Count,
                OpenParentOrders = _orders.OpenOrders,
                ChildOrders = routing.OrdersSent - routing.ExitsSent,
                ExitOrders = routing.ExitsSent,
                Replaces = routing.ReplacesSent,
                Cancels = routing.CancelsSent,
                Fills = routing.Fills,
                Ordered = analysis.All?.Ordered ?? 0,
                Executed = analysis.All?.Executed ?? 0,
                Withdrawn = analysis.All?.Withdrawn ?? 0,
                TooDear = analysis.All?.TooDear ?? 0,
                Expired = analysis.All?.Expired ?? 0,
                RefusedContracts = analysis.All?.Refused ?? 0,
                FillRate = analysis.All?.FillRate,
                Trades = _orders.Trades.Count,
                TradesByExit = _orders.Trades.GroupBy(static trade => trade.ExitReason)
                    .OrderBy(static group => group.Key)
                    .ToDictionary(static group => ReportNames.KeyOf(group.Key), static group => group.Count()),
                OpenTrades = routing.Trades.OpenTrades,
                StartingCash = _options.Account.StartingCash,
                GrossPnl = Amount(portfolio.RealizedPnlE6),
                Fees = Amount(portfolio.FeesE6),
                NetPnl = Amount(portfolio.NetRealizedPnlE6),
                UnrealizedPnl = Amount(portfolio.UnrealizedPnlE6),
                Equity = Amount(portfolio.EquityE6),
                MaxDrawdown = Amount(_orders.Equity.MaxDrawdownE6),
                MaxDrawdownShare = _orders.Equity.MaxDrawdownShare,
                OutboundBytes = _outbound.Length,
                OutboundSha256 = _outbound.Sha256,
            },
            Costs = AnalysisFigures.Of(analysis) with
            {
                Equity = _orders.Equity.Points(EquityPoints),
                Chart = _orders.Chart(PricePoints),
            },
        };
    }

    private static decimal Amount(long amountE6) => amountE6 / 1_000_000m;
}

/// <summary>What a backtest came to.</summary>
public sealed class BacktestResult
{
    public required BacktestFigures Figures { get; init; }

    /// <summary>What the executions cost, with the account's equity over time.</summary>
    public required AnalysisFigures Costs { get; init; }
}

/// <summary>
/// The figures of a backtest. Money is an exact decimal number in the account's currency, quantities are contracts.
/// The same data, signals, seed, configuration and models give the same figures.
/// </summary>
public sealed record BacktestFigures
{
    public int Version { get; init; } = 1;

    /// <summary>Where the market data are cut off or damaged; null: they were played to their end.</summary>
    public string? Problem { get; init; }

    public required long MarketUpdates { get; init; }

    /// <summary>What came of the files' records.</summary>
    public required MarketCounts MarketData { get; init; }

    /// <summary>Events through the stages, reports and timers included.</summary>
    public required long Events { get; init; }

    /// <summary>Inputs that could not be admitted, such as prices that are not on the tick.</summary>
    public required long Refused { get; init; }

    public required long Signals { get; init; }

    /// <summary>What became of the signals and of the command at the end.</summary>
    public required IReadOnlyDictionary<string, long> Outcomes { get; init; }

    /// <summary>Decisions that became an order, and whose order has ended.</summary>
    public required int ParentOrders { get; init; }

    /// <summary>Those whose order had not ended.</summary>
    public required int OpenParentOrders { get; init; }

    /// <summary>Orders that were sent for them.</summary>
    public required long ChildOrders { get; init; }

    /// <summary>Stops, targets and closes that were sent for trades.</summary>
    public required long ExitOrders { get; init; }

    public required long Replaces { get; init; }

    public required long Cancels { get; init; }

    public required long Fills { get; init; }

    /// <summary>Contracts of the parent orders.</summary>
    public required long Ordered { get; init; }

    /// <summary>Of these, the contracts that were executed.</summary>
    public required long Executed { get; init; }

    /// <summary>Contracts taken back on purpose: a decision or an exit closed their trade, or the run ended.</summary>
    public required long Withdrawn { get; init; }

    /// <summary>Contracts given up since they would have cost more than the strategy's largest slippage.</summary>
    public required long TooDear { get; init; }

    /// <summary>Contracts whose time was over.</summary>
    public required long Expired { get; init; }

    /// <summary>Contracts that the venue or a check refused.</summary>
    public required long RefusedContracts { get; init; }

    /// <summary>Executed over ordered less withdrawn; null: nothing was ordered.</summary>
    public required double? FillRate { get; init; }

    /// <summary>Trades that closed.</summary>
    public required int Trades { get; init; }

    public required IReadOnlyDictionary<string, int> TradesByExit { get; init; }

    public required int OpenTrades { get; init; }

    public required decimal StartingCash { get; init; }

    /// <summary>Realised, before fees.</summary>
    public required decimal GrossPnl { get; init; }

    public required decimal Fees { get; init; }

    /// <summary>Realised, after fees.</summary>
    public required decimal NetPnl { get; init; }

    public required decimal UnrealizedPnl { get; init; }

    /// <summary>At the end.</summary>
    public required decimal Equity { get; init; }

    /// <summary>The deepest fall from the highest equity before it.</summary>
    public required decimal MaxDrawdown { get; init; }

    /// <summary>The same as a fraction of that peak.</summary>
    public required double MaxDrawdownShare { get; init; }

    public required long OutboundBytes { get; init; }

    /// <summary>Of the outbound messages: two backtests did the same when these are the same.</summary>
    public required string OutboundSha256 { get; init; }
}
