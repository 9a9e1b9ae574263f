using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Cli.Engine;

/// <summary>
/// The tactical engine's one sending thread: market data when they are due, signals at their intended times whatever
/// became of the ones before, and nothing but clock readings in between.
/// </summary>
/// <typeparam name="TChannel">A sealed class, so that calls to it are direct.</typeparam>
public sealed class EngineLoop<TChannel>
    where TChannel : IEngineChannel
{
    private const long LateNs = 60_000_000_000;
    private const long PauseNs = 250_000_000;
    private const long LeadNs = 5_000_000;
    private const int MarketUpdatesPerTurn = 4;

    // As long as a client may be silent before its driver gives it up.
    private const long StallLimitNs = 10_000_000_000;

    // Closer to the next signal than this nothing is polled.
    private const long PollNs = 5_000;

    private readonly EngineOptions _options;
    private readonly TChannel _signals;
    private readonly TChannel _market;
    private readonly MarketFeed _feed;
    private readonly IOutboundReader? _outbound;
    private readonly IEventClock _clock;
    private readonly SignalMessages _messages;
    private readonly MalformedPlan _malformed;
    private readonly HiccupMeter _hiccups = new();
    private readonly LongHistogram _lateness = new(1, LateNs, 3);
    private long _sentMalformed;
    private bool _isMeasuring;
    private bool _isGone;
    private volatile bool _isStopped;

    /// <summary>A loop that has sent nothing yet.</summary>
    /// <param name="options">What to send.</param>
    /// <param name="signals">Where signals go.</param>
    /// <param name="market">Where market data go.</param>
    /// <param name="feed">Where market data come from.</param>
    /// <param name="outbound">
    /// What the pipeline publishes is read from here while nothing is due; null: nowhere.
    /// </param>
    /// <param name="clock">Paces and stamps; null: the system's.</param>
    public EngineLoop(
        EngineOptions options,
        TChannel signals,
        TChannel market,
        MarketFeed feed,
        IOutboundReader? outbound = null,
        IEventClock? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _signals = signals;
        _market = market;
        _feed = feed;
        _outbound = outbound;
        _clock = clock ?? new SystemEventClock();
        _messages = new SignalMessages(options.InstrumentId, new SignalMix(options.Seed, options.Holds));
        _malformed = new MalformedPlan(options.Events, options.MalformedPerKind);
    }

    /// <summary>
    /// Whether it sleeps a millisecond while nothing is due, so that signals leave late by as much. Default: it spins.
    /// </summary>
    public bool IsSleeping { get; init; }

    private bool HasEnded => _isStopped || _isGone;

    public EngineCounts Counts { get; } = new();

    /// <summary>Why not everything could be sent, in one line; null while nothing is known.</summary>
    public string? Problem { get; private set; }

    /// <summary>What idle spinning saw while measured signals were sent, in nanoseconds.</summary>
    public HistogramBase Hiccups => _hiccups.Histogram;

    /// <summary>How late measured signals were sent, in nanoseconds.</summary>
    public HistogramBase Lateness => _lateness;

    /// <summary>Makes <see cref="Run"/> end soon. Any thread may call it.</summary>
    public void Stop() => _isStopped = true;

    /// <summary>Sends everything. Returns why it ended.</summary>
    public EngineEnding Run()
    {
        MakeMarket();
        // What writes a signal is compiled before the first is due.
        WriteSignal(0, _clock.NowNs(), _clock.NowNs());
        SendSignals(_clock.NowNs() + LeadNs, _options.WarmupEvents);
        Idle(_clock.NowNs() + PauseNs / 2);
        GC.Collect();
        Idle(_clock.NowNs() + PauseNs / 2);

        _isMeasuring = true;
        var collections = GC.CollectionCount(0);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Counts.MeasuredFromNs = _clock.NowNs() + LeadNs;
        SendSignals(Counts.MeasuredFromNs, _options.Events);
        Counts.AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Counts.Collections = GC.CollectionCount(0) - collections;
        return _isStopped ? EngineEnding.Interrupted : _isGone ? EngineEnding.DriverLost : EngineEnding.Done;
    }

    // Signals need a price, so the data play at once up to the first quote with both sides.
    private void MakeMarket()
    {
        while (_feed.HasNext && !_feed.HasQuote && !HasEnded)
            SendMarketUpdate(_clock.NowNs());
        _feed.Start(_clock.NowNs());
        if (!_feed.HasQuote && !HasEnded)
            throw new InvalidDataException("the market data have no quote with a bid and an offer");
    }

    private void SendSignals(long startNs, long count)
    {
        var schedule = new SignalSchedule(startNs, _options.RatePerSecond);
        var nowNs = _clock.NowNs();
        _hiccups.Resume(nowNs);
        for (long index = 0; index < count && !HasEnded;)
        {
            var intendedNs = schedule.IntendedNs(index);
            nowNs = _clock.NowNs();

            // A long gap ends past the next signal's time, so it is recorded before that signal is sent.
            var hasRecorded = _isMeasuring && _hiccups.TryRecord(nowNs);
            if (nowNs < intendedNs)
            {
                Turn(nowNs, intendedNs - nowNs, hasRecorded);
                continue;
            }

            SendSignal(index++, intendedNs, nowNs);
            // However late the signals are, the market goes on.
            if (_feed.IsDue(nowNs) && !HasEnded)
                SendMarketUpdate(nowNs);
        }
    }

    private void Idle(long untilNs)
    {
        for (var nowNs = _clock.NowNs(); nowNs < untilNs && !HasEnded; nowNs = _clock.NowNs())
            Turn(nowNs, untilNs - nowNs, false);
    }

    // What there is to do while no signal is due. An empty poll is no work: it takes no longer than the clock.
    private void Turn(long nowNs, long timeLeftNs, bool hasRecorded)
    {
        if (_feed.IsDue(nowNs))
            SendMarketUpdates(nowNs);
        else if ((timeLeftNs < PollNs || _outbound is null || _outbound.Poll() == 0) && !hasRecorded)
        {
            if (!IsSleeping)
                return;
            Thread.Sleep(1);
        }

        _hiccups.Resume(_clock.NowNs());
    }

    private void SendMarketUpdates(long nowNs)
    {
        for (var i = 0; i < MarketUpdatesPerTurn && _feed.IsDue(nowNs) && !HasEnded; i++)
            SendMarketUpdate(nowNs);
    }

    private void SendMarketUpdate(long nowNs)
    {
        _feed.Take(out var update);
        _ = new MarketUpdateEncoder(_market.Message)
        {
            InstrumentId = _options.InstrumentId,
            BidPriceE9 = update.BidPriceE9,
            AskPriceE9 = update.AskPriceE9,
            BidQuantity = update.BidQuantity,
            AskQuantity = update.AskQuantity,
            BidOrders = update.BidOrders,
            AskOrders = update.AskOrders,
            TradePriceE9 = update.TradePriceE9,
            TradeQuantity = update.TradeQuantity,
            Aggressor = update.Aggressor,
            ExchangeTimeNs = update.ExchangeTimeNs,
            SendTimeNs = nowNs + _clock.WallAheadNs(),
        };
        if (TrySend(_market, MarketUpdateEncoder.EncodedLength, MarketUpdateLayout.SendTimeNsOffset, ref nowNs))
            Counts.MarketUpdates++;
    }

    // Inlined, since compiling it at the first signal would come between its stamp and its sending.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SendSignal(long index, long intendedNs, long nowNs)
    {
        var id = IdOf(index + (_isMeasuring ? _options.WarmupEvents : 0));
        var length = WriteSignal(id, intendedNs, nowNs);
        if (!TrySend(_signals, length, TradeQualifiedLayout.SendTimeNsOffset, ref nowNs))
            return;

        if (_isMeasuring)
        {
            Counts.Measured++;
            Counts.MeasuredToNs = nowNs;
            _lateness.RecordValue(Math.Clamp(nowNs - intendedNs, 1, LateNs));
            SendMalformed(index, intendedNs);
        }
        else
        {
            Counts.Warmup++;
        }

        _hiccups.Resume(_clock.NowNs());
    }

    // Their ids come after those of all well-formed signals.
    private void SendMalformed(long index, long intendedNs)
    {
        for (var due = _malformed.DueAfter(index); _sentMalformed < due && !HasEnded; _sentMalformed++)
        {
            var id = IdOf(_options.WarmupEvents + _options.Events + _sentMalformed);
            var kind = MalformedPlan.KindOf(_sentMalformed);
            var nowNs = _clock.NowNs();
            WriteSignal(id, intendedNs, nowNs);
            var length = SignalMessages.Spoil(_signals.Message, kind);
            if (TrySend(_signals, length, TradeQualifiedLayout.SendTimeNsOffset, ref nowNs))
                Counts.Malformed[(int)kind]++;
        }
    }

    private ulong IdOf(long index) => (ulong)(_options.FirstSignalId + index);

    // Stamps are the system's real time, by which other processes can compare them.
    private int WriteSignal(ulong id, long intendedNs, long nowNs)
    {
        var aheadNs = _clock.WallAheadNs();
        return _messages.Write(_signals.Message, id, in _feed.Quote, intendedNs + aheadNs, nowNs + aheadNs);
    }

    // A message that has to wait for room is stamped anew on each attempt, so that its stamp is when it was sent.
    private bool TrySend(TChannel channel, int length, int sendTimeOffset, ref long nowNs)
    {
        var triedNs = nowNs;
        while (!HasEnded)
        {
            switch (channel.Send(length))
            {
                case SendResult.Sent:
                    return true;
                case SendResult.Gone:
                    GiveUp("the pipeline or the media driver went away before everything was sent");
                    return false;
            }

            Counts.Retries++;
            _outbound?.Poll();
            nowNs = _clock.NowNs();
            if (nowNs - triedNs > StallLimitNs)
                GiveUp($"the pipeline has taken no message for {StallLimitNs / 1_000_000_000} s");

            var stamp = channel.Message[(MessageHeader.SizeBytes + sendTimeOffset)..];
            BinaryPrimitives.WriteInt64LittleEndian(stamp, nowNs + _clock.WallAheadNs());
        }

        return false;
    }

    private void GiveUp(string problem)
    {
        _isGone = true;
        Problem = problem;
    }
}

/// <summary>What the sending thread counts. Read it when the thread has ended.</summary>
public sealed class EngineCounts
{
    public long Warmup { get; set; }

    public long Measured { get; set; }

    /// <summary>By <see cref="MalformedKind"/>.</summary>
    public long[] Malformed { get; } = new long[Enum.GetValues<MalformedKind>().Length];

    public long MarketUpdates { get; set; }

    /// <summary>Attempts that were not taken at once.</summary>
    public long Retries { get; set; }

    /// <summary>When the first measured signal was due, in nanoseconds since the Unix epoch.</summary>
    public long MeasuredFromNs { get; set; }

    /// <summary>When the last measured signal was sent, in nanoseconds since the Unix epoch.</summary>
    public long MeasuredToNs { get; set; }

    /// <summary>Bytes that the thread allocated while it sent measured signals.</summary>
    public long AllocatedBytes { get; set; }

    /// <summary>Collections of the process while it sent measured signals.</summary>
    public long Collections { get; set; }
}
