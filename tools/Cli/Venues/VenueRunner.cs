using System.Text.Json;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Drivers;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Daemon;
using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Recovery;
using ExecutionPipeline.Pipeline.Venues;

namespace ExecutionPipeline.Cli.Venues;

/// <summary>`xp venue`: the matching venue as a process of its own, until it is interrupted.</summary>
public static class VenueRunner
{
    /// <summary>
    /// An untethered subscriber: a venue that was killed must not hold up the tactical engine's market data.
    /// </summary>
    private const string Untethered = "tether=false";

    private const int UpdatesPerTurn = 32;

    /// <summary>
    /// Runs to the end, or to where the market data are damaged, and writes what was done as one line of JSON. Returns
    /// the exit code: 1 when the market data are damaged.
    /// </summary>
    /// <exception cref="UsageException">The configuration or the market data cannot be used.</exception>
    public static Task<int> RunAsync(VenueProcessOptions options, TextWriter output, CancellationToken cancel) =>
        Task.Run(() => Run(options, output, cancel), CancellationToken.None);

    private static int Run(VenueProcessOptions options, TextWriter output, CancellationToken cancel)
    {
        DriverDirectories.MustHoldADriver(options.AeronDirectory);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (options.IsWatchingInput)
            Supervision.OnEnd(stop.Cancel);

        var pipeline = DemoConfiguration.Load(options.ConfigFile, options.Settings);
        var link = options.Channel == null ? pipeline.Venue : pipeline.Venue with { Channel = options.Channel };
        var problem = new FirstProblem();
        VenueFigures figures;
        string? damage;
        using (var aeron = AeronClient.Connect(new AeronClient.Context()
            .AeronDirectoryName(options.AeronDirectory)
            .ErrorHandler(problem)))
        {
            var table = DemoConfiguration.Make(options.ConfigFile, () => new InstrumentTable(
                pipeline.Instruments, pipeline.Calendars,
                new CurrencyRates(pipeline.Account.Currency, pipeline.Account.Rates)));
            var ids = new InstrumentIds([.. pipeline.Instruments.Select(static one => one.Id)]);
            using var server = DemoConfiguration.Make(options.ConfigFile, () => new VenueServer(
                aeron, link, table, ids, MatchingOf(options), NanoClock.NowNs(), JournalOf(options, pipeline)));
            Tell(server.Recovered);
            // Timers and orders would stand still until the system's time has come up with the journal.
            if (JournalLead.Describe(NanoClock.GoOnFrom(server.TimeNs)) is { } lead)
                Console.Error.WriteLine($"xp venue: {lead}");
            var check = CheckOf(options, pipeline);
            using var market = MarketOf(options, check.InstrumentIds, pipeline, aeron, ids);
            Serve(server, market, problem, stop.Token);
            Finish(server, problem);
            figures = server.Figures;
            damage = market.Problem ?? check.Problem;
        }

        output.WriteLine(JsonSerializer.Serialize(figures, ReportJson.Line));
        output.Flush();
        if ((problem.Message ?? damage) is not { } said)
            return cancel.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;

        Console.Error.WriteLine($"xp venue: {said}");
        return ExitCode.Failed;
    }

    private static void Serve(VenueServer server, IVenueMarket market, FirstProblem problem, CancellationToken stop)
    {
        var idle = new BackoffIdleStrategy(100, 100, 1_000, 100_000);
        // Where the data are damaged the market would stand still, and orders go on trading in it.
        while (!stop.IsCancellationRequested && problem.Message == null && market.Problem == null)
        {
            var nowNs = NanoClock.NowNs();
            idle.Idle(server.DoWork(nowNs) + market.Feed(server, nowNs, UpdatesPerTurn));
        }
    }

    private static void Finish(VenueServer server, FirstProblem problem)
    {
        try
        {
            server.Finish();
        }
        catch (Exception unfinished) when (unfinished is IOException or UnauthorizedAccessException)
        {
            problem.OnError(unfinished);
        }
    }

    private static MatchingVenueOptions MatchingOf(VenueProcessOptions options)
    {
        var matching = new MatchingVenueOptions
        {
            LatencyNs = options.LatencyUs * 1_000,
            JitterNs = options.JitterUs * 1_000,
        };
        // A seed that decides nothing must not tell one journal from another.
        return options.JitterUs == 0 ? matching : matching with { Seed = (ulong)options.Seed };
    }

    private static VenueJournalOptions? JournalOf(VenueProcessOptions options, PipelineOptions pipeline) =>
        options.JournalFolder is { } folder
            ? new VenueJournalOptions { Folder = folder, Journal = pipeline.Journal, Pipeline = pipeline }
            : null;

    private static void Tell(RecoveredVenue? recovered)
    {
        if (recovered is null)
            return;

        if (recovered.Note is { } cut)
            Console.Error.WriteLine($"xp venue: cut: {cut}");
        Console.Error.WriteLine(FormattableString.Invariant(
            $"xp venue: restart: {recovered.Events} events replayed in {recovered.Took.TotalSeconds:0.000} s; ")
            + $"{recovered.OpenOrders} orders open");
    }

    /// <summary>Looks through the files, and tells what there is to say of them.</summary>
    private static MarketCheck CheckOf(VenueProcessOptions options, PipelineOptions pipeline)
    {
        var check = MarketSources.Check(options.DataFiles, options.DataInstruments, TickOf(pipeline));
        foreach (var note in check.Notes)
            Console.Error.WriteLine($"xp venue: {note}");
        return check;
    }

    private static decimal? TickOf(PipelineOptions pipeline) => pipeline.Instruments.FirstOrDefault()?.TickSize;

    private static IVenueMarket MarketOf(
        VenueProcessOptions options, IReadOnlyList<uint> followed, PipelineOptions pipeline, AeronClient aeron,
        InstrumentIds ids)
    {
        if (options.IsGenerated || options.DataFiles.Count > 0)
        {
            return new PlayedMarket(
                MarketSources.Open(options.DataFiles, followed, options.Seed, TickOf(pipeline)), options.Speed);
        }

        var streams = DemoConfiguration.On(pipeline.Streams, options.Channel);
        var channel = streams.InputChannel;
        channel += (channel.Contains('?') ? "|" : "?") + Untethered;
        return new PublishedMarket(aeron.AddSubscription(channel, streams.MarketStream), ids);
    }
}

/// <summary>Where a venue's market comes from.</summary>
internal interface IVenueMarket : IDisposable
{
    /// <summary>Where its data are cut off or damaged, once fed up to there; null: nowhere yet.</summary>
    string? Problem { get; }

    /// <summary>Hands over what is due, at most so many updates. Returns how many there were.</summary>
    int Feed(VenueServer server, long nowNs, int limit);
}

/// <summary>A recorded or generated market of the first instrument, which plays against the clock.</summary>
internal sealed class PlayedMarket : IVenueMarket
{
    private readonly MarketData.Sources.IMarketSource _source;
    private readonly MarketFeed _feed;
    private bool _hasStarted;

    public string? Problem => _feed.Problem;

    public PlayedMarket(MarketData.Sources.IMarketSource source, double speed)
    {
        _source = source;
        _feed = new MarketFeed(source, speed);
    }

    public int Feed(VenueServer server, long nowNs, int limit)
    {
        if (!_hasStarted)
            _feed.Start(nowNs);
        _hasStarted = true;
        var taken = 0;
        for (; taken < limit && _feed.IsDue(nowNs); taken++)
        {
            _feed.Take(out var update);
            server.OnMarket(0, update);
        }

        return taken;
    }

    public void Dispose() => (_source as IDisposable)?.Dispose();
}

/// <summary>The market data that the tactical engine publishes for the pipeline.</summary>
internal sealed class PublishedMarket(Subscription subscription, InstrumentIds ids) : IVenueMarket, IFragmentHandler
{
    private readonly MessageReader _reader = new(ids);
    private readonly byte[] _message = new byte[Messages.Wire.Schema.MaxEncodedLength];
    private EventHeader _header;
    private EventPayload _payload;
    private VenueServer? _server;
    private long _nowNs;

    /// <summary>Nothing: it comes from a file that another process plays, which tells.</summary>
    public string? Problem => null;

    public int Feed(VenueServer server, long nowNs, int limit)
    {
        (_server, _nowNs) = (server, nowNs);
        return subscription.Poll(this, limit);
    }

    public void Dispose() => subscription.Dispose();

    /// <summary>What the pipeline's ingress would refuse, and says so, is passed over here.</summary>
    void IFragmentHandler.OnFragment(IDirectBuffer buffer, int offset, int length, Header header)
    {
        if (length > _message.Length)
            return;

        buffer.GetBytes(offset, _message, 0, length);
        var message = _message.AsSpan(0, length);
        if (_reader.TryRead(message, InboundMessages.Market, _nowNs, ref _header, ref _payload, out _))
            _server!.OnMarket(_header.InstrumentIndex, _payload.MarketUpdate);
    }
}
