using System.Diagnostics;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Histograms;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Engine;

/// <summary>
/// The tactical engine: connects to the driver, waits for the pipeline, runs <see cref="EngineLoop{TChannel}"/> on a
/// thread of its own and reports what it did.
/// </summary>
public sealed class TacticalEngine(EngineOptions options, CancellationToken cancel)
{
    private const ulong CloseAllId = 1;

    /// <summary>One for the sender, one for the pipeline, and one that is left.</summary>
    private const int ProcessorsForReader = 3;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(1);

    // After the last signal the publications stand, and the way back is read, until nothing has come for a while.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestLinger = TimeSpan.FromSeconds(20);

    private readonly PipelineOptions _configured = DemoConfiguration.Load(options.ConfigFile, options.Settings);
    private readonly FirstProblem _clientProblem = new();
    private long _commandsSent;

    /// <summary>Runs to the end and says how it was.</summary>
    /// <exception cref="UsageException">The market data cannot be used.</exception>
    public EngineReport Run()
    {
        var traded = _configured.Instruments.FirstOrDefault(one => one.Id == options.InstrumentId)
            ?? _configured.Instruments.FirstOrDefault();
        var source = MarketSources.Open(
            options.DataFiles, options.DataInstruments, options.Seed, traded?.TickSize, options.RatePerSecond);
        try
        {
            return Run(new MarketFeed(source, options.Speed));
        }
        finally
        {
            (source as IDisposable)?.Dispose();
        }
    }

    private EngineReport Run(MarketFeed feed)
    {
        EngineReport report;
        using (var aeron = AeronClient.Connect(NewContext()))
            report = Run(feed, aeron);

        // The client's thread has ended, so what it had to say has been said: it tells more than what the loop saw.
        return report with { Problem = _clientProblem.Message ?? report.Problem };
    }

    private EngineReport Run(MarketFeed feed, AeronClient aeron)
    {
        var streams = DemoConfiguration.On(_configured.Streams, options.Channel);
        using var signals = aeron.AddExclusivePublication(streams.InputChannel, streams.SignalStream);
        using var market = aeron.AddExclusivePublication(streams.InputChannel, streams.MarketStream);
        using var commands = aeron.AddExclusivePublication(streams.InputChannel, streams.CommandStream);
        using var outbound = aeron.AddSubscription(streams.OutboundChannel, streams.OutboundStream);

        AeronChannel[] channels = [new(signals), new(market), new(commands)];
        var report = HasConnected(channels) ? RunLoop(feed, channels, new OutboundReader(outbound)) : NotConnected();
        return report with
        {
            SignalSession = signals.SessionId,
            MarketSession = market.SessionId,
            CommandSession = commands.SessionId,
        };
    }

    // Without a handler the client's thread would end the process when the driver goes away.
    private AeronClient.Context NewContext() => new AeronClient.Context()
        .AeronDirectoryName(options.AeronDirectory)
        .PreTouchMappedMemory(true)
        .ErrorHandler(_clientProblem);

    private bool HasConnected(AeronChannel[] channels)
    {
        var waited = Stopwatch.StartNew();
        while (!channels.All(channel => channel.IsConnected))
        {
            if (waited.Elapsed.TotalSeconds > options.ConnectTimeoutSeconds
                || _clientProblem.Message != null
                || cancel.WaitHandle.WaitOne(PollInterval))
                return false;
        }

        return true;
    }

    private EngineReport NotConnected() => cancel.IsCancellationRequested
        ? new EngineReport { Ending = EngineEnding.Interrupted }
        : new EngineReport
        {
            Ending = EngineEnding.NotConnected,
            Problem = FormattableString.Invariant(
                $"no pipeline subscribed within {options.ConnectTimeoutSeconds} s in {options.AeronDirectory}"),
        };

    private EngineReport RunLoop(MarketFeed feed, AeronChannel[] channels, OutboundReader outbound)
    {
        var isApart = options.Reader == ReaderChoice.Apart
            || (options.Reader == ReaderChoice.Auto && Environment.ProcessorCount >= ProcessorsForReader);
        using var reader = isApart ? new ReaderThread(outbound) : null;
        var loop = new EngineLoop<AeronChannel>(
            options, channels[0], channels[1], feed, isApart ? null : outbound)
        {
            IsSleeping = _configured.Ring.Wait == WaitMode.Block,
        };
        using var stop = cancel.Register(loop.Stop);
        var ending = EngineEnding.Failed;
        var isPinned = false;
        Exception? problem = null;
        var thread = new Thread(() =>
        {
            try
            {
                isPinned = options.Cpu is { } cpu && ThreadAffinity.TryPin(cpu);
                ending = loop.Run();
            }
            catch (Exception thrown)
            {
                problem = thrown;
            }
        })
        {
            Name = "tactical engine",
        };
        thread.Start();
        thread.Join();
        // One thread polls at a time.
        reader?.Dispose();
        if (problem is InvalidDataException)
            throw problem;

        string? unsent = null;
        if (ending == EngineEnding.Done && options.IsClosingAll)
        {
            unsent = CloseAll(channels[2], options.InstrumentId, LongestLinger, cancel);
            _commandsSent = unsent is null ? 1 : 0;
        }

        if (ending == EngineEnding.Done)
            ReadOn(outbound);
        var report = ReportOf(loop, feed, outbound, isPinned);
        return report with
        {
            Ending = ending,
            Problem = problem?.Message ?? loop.Problem ?? feed.Problem ?? reader?.Problem ?? unsent,
        };
    }

    private void ReadOn(OutboundReader outbound)
    {
        var all = Stopwatch.StartNew();
        var quiet = Stopwatch.StartNew();
        while (quiet.Elapsed < Linger && all.Elapsed < LongestLinger && !cancel.IsCancellationRequested)
        {
            if (outbound.Poll() > 0)
                quiet.Restart();
            else
                cancel.WaitHandle.WaitOne(PollInterval);
        }
    }

    private EngineReport ReportOf(
        EngineLoop<AeronChannel> loop, MarketFeed feed, OutboundReader outbound, bool isPinned)
    {
        var counts = loop.Counts;
        return new EngineReport
        {
            Ending = EngineEnding.Done,
            SentWarmup = counts.Warmup,
            SentMeasured = counts.Measured,
            SentMalformed = Enum.GetValues<MalformedKind>()
                .ToDictionary(ReportNames.KeyOf, kind => counts.Malformed[(int)kind]),
            MarketUpdates = counts.MarketUpdates,
            Commands = _commandsSent,
            HasMarketDataEnded = !feed.HasNext,
            MarketData = feed.Counts,
            BackPressureRetries = counts.Retries,
            Received = outbound.Counts(),
            ElapsedS = counts.Measured == 0 ? 0 : (counts.MeasuredToNs - counts.MeasuredFromNs) / 1e9,
            LatenessNs = HistogramFigures.Summarise(loop.Lateness),
            HiccupNs = HistogramFigures.Summarise(loop.Hiccups),
            HiccupHistogram = HistogramPayload.Encode(loop.Hiccups),
            AllocatedBytes = counts.AllocatedBytes,
            GcCollections = counts.Collections,
            PinnedCpu = isPinned ? options.Cpu : null,
        };
    }

    /// <summary>
    /// Ends the day flat, so that the account of the run is closed. Returns why that could not be asked for; null: it
    /// was.
    /// </summary>
    internal static string? CloseAll<TChannel>(
        TChannel commands, uint instrument, TimeSpan patience, CancellationToken cancel)
        where TChannel : IEngineChannel
    {
        _ = new CommandEncoder(commands.Message)
        {
            CommandId = CloseAllId,
            Kind = CommandKind.CloseAll,
            InstrumentId = instrument,
            SendTimeNs = NanoClock.NowNs() + NanoClock.WallAheadNs(),
        };
        SendResult sent;
        var waited = Stopwatch.StartNew();
        while ((sent = commands.Send(CommandEncoder.EncodedLength)) == SendResult.Busy
            && waited.Elapsed < patience
            && !cancel.IsCancellationRequested)
            cancel.WaitHandle.WaitOne(PollInterval);
        return sent switch
        {
            SendResult.Sent => null,
            SendResult.Busy => "CLOSE_ALL was not sent, so positions may be open: the pipeline takes no commands",
            _ => "CLOSE_ALL was not sent, so positions may be open: the pipeline has gone",
        };
    }
}

/// <summary>Reads what the pipeline publishes, until it is disposed of. It sleeps while there is nothing.</summary>
internal sealed class ReaderThread : IDisposable
{
    private readonly Thread _thread;
    private volatile bool _isStopped;

    public ReaderThread(IOutboundReader outbound)
    {
        _thread = new Thread(() => Read(outbound)) { Name = "outbound reader" };
        _thread.Start();
    }

    /// <summary>What ended it before its time, in one line; null: nothing has.</summary>
    public string? Problem { get; private set; }

    /// <summary>Waits for the thread.</summary>
    public void Dispose()
    {
        _isStopped = true;
        _thread.Join();
    }

    private void Read(IOutboundReader outbound)
    {
        try
        {
            while (!_isStopped)
            {
                if (outbound.Poll() == 0)
                    Thread.Sleep(1);
            }
        }
        catch (Exception problem)
        {
            Problem = problem.Message;
        }
    }
}

/// <summary>Keeps the first problem that an Aeron client's own thread meets, in one line.</summary>
internal sealed class FirstProblem : IErrorHandler
{
    private volatile string? _message;

    public string? Message => _message;

    public void OnError(Exception exception) =>
        _message ??= exception is AeronException known ? known.Reason : exception.Message;
}
