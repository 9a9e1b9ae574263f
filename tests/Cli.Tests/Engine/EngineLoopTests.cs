using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Cli.Tests.Engine;

[CancelAfter(120_000)]
public sealed class EngineLoopTests
{
    private static EngineOptions Options => new()
    {
        AeronDirectory = "unused",
        Events = 300,
        WarmupEvents = 50,
        RatePerSecond = 50_000,
        InstrumentId = 9,
    };

    [Test]
    public void ShouldKeepTheScheduleWhateverHappenedWhenItSends()
    {
        var signals = new RecordingChannel { BusyAttempts = 3 };
        var loop = NewLoop(Options, signals);

        Assert.That(loop.Run(), Is.EqualTo(EngineEnding.Done));

        var sent = Read(signals);
        var intended = sent.Skip(50).Select(signal => signal.IntendedSendTimeNs).ToList();
        var schedule = new SignalSchedule(intended[0], 50_000);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sent.Select(signal => signal.SignalId), Is.EqualTo(Enumerable.Range(1, 350)));
            Assert.That(intended, Is.EqualTo(Enumerable.Range(0, 300).Select(index => schedule.IntendedNs(index))));
            Assert.That(sent.All(signal => signal.SendTimeNs >= signal.IntendedSendTimeNs), Is.True);
            Assert.That(loop.Counts.Warmup, Is.EqualTo(50));
            Assert.That(loop.Counts.Measured, Is.EqualTo(300));
            Assert.That(loop.Counts.Retries, Is.GreaterThanOrEqualTo(350 * 3));
            Assert.That(loop.Counts.AllocatedBytes, Is.GreaterThanOrEqualTo(0));
            Assert.That(loop.Lateness.TotalCount, Is.EqualTo(300));
        }
    }

    [Test]
    public void ShouldMixMalformedMessagesInWhenAsked()
    {
        var signals = new RecordingChannel();
        var loop = NewLoop(Options with { MalformedPerKind = 4 }, signals);

        loop.Run();

        var reader = new MessageReader(new InstrumentIds(9));
        var counters = new RejectCounters();
        var header = default(EventHeader);
        var payload = default(EventPayload);
        foreach (var message in signals.Sent)
        {
            if (!reader.TryRead(
                message, InboundMessages.All, long.MaxValue / 2, ref header, ref payload, out var rejection))
                counters.Count(rejection.Reason);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(signals.Sent, Has.Count.EqualTo(350 + 20));
            Assert.That(loop.Counts.Malformed, Is.All.EqualTo(4));
            Assert.That(counters.Total, Is.EqualTo(20));
            Assert.That(counters[RejectReason.UnknownTemplate], Is.EqualTo(4));
            Assert.That(counters[RejectReason.ShortBlock], Is.EqualTo(4));
            Assert.That(counters[RejectReason.NotFinite], Is.EqualTo(4));
            Assert.That(counters[RejectReason.OutOfRange], Is.EqualTo(4));
            Assert.That(counters[RejectReason.UnknownAction], Is.EqualTo(4));
        }
    }

    [Test]
    public void ShouldSayTheSameOfASignalWhenItIsSentAgain()
    {
        var (first, again) = (new RecordingChannel(), new RecordingChannel());
        NewLoop(Options, first).Run();
        NewLoop(Options with { FirstSignalId = 101 }, again).Run();

        Assert.That(Read(again).Select(signal => signal.SignalId), Is.EqualTo(Enumerable.Range(101, 350)));
        Assert.That(TradeQualifiedDecoder.TryWrap(first.Sent[100], out var one), Is.True);
        Assert.That(TradeQualifiedDecoder.TryWrap(again.Sent[0], out var other), Is.True);
        Assert.That(
            (other.Action, other.Confidence, other.SynergyStrength, other.Urgency),
            Is.EqualTo((one.Action, one.Confidence, one.SynergyStrength, one.Urgency)));
    }

    [Test]
    public void ShouldSendAQuoteBeforeTheFirstSignalWhenTheMarketBeginsOneSided()
    {
        var market = new RecordingChannel();
        var order = new List<string>();
        var signals = new RecordingChannel { OnSent = _ => order.Add("signal") };
        market = new RecordingChannel { OnSent = _ => order.Add("market") };
        var feed = new MarketFeed(new ListSource(ListSource.OneSided(0), ListSource.Quote(5)), 1);

        new EngineLoop<RecordingChannel>(Options, signals, market, feed).Run();

        Assert.That(order.Take(3), Is.EqualTo(new[] { "market", "market", "signal" }));
        Assert.That(MarketUpdateDecoder.TryWrap(market.Sent[1], out var update), Is.True);
        Assert.That(update.AskPriceE9, Is.EqualTo(100_250_000_000));
        Assert.That(Read(signals)[0].Price, Is.EqualTo(100.125));
    }

    [Test]
    public void ShouldPlayTheMarketWhenEachSignalIsLate()
    {
        const long gapNs = 10_000;
        var (market, played) = (new RecordingChannel(), new List<int>());
        var signals = new RecordingChannel { OnSent = _ => played.Add(market.Sent.Count) };
        var quotes = Enumerable.Range(1, 50_000).Select(static i => ListSource.Quote(i * gapNs));
        var options = Options with { RatePerSecond = 10_000_000 };

        new EngineLoop<RecordingChannel>(
            options, signals, market, new MarketFeed(new ListSource([.. quotes]), 1), clock: new FastClock()).Run();

        Assert.That(played[^1] - played[50], Is.GreaterThan(30), "300 signals take at least 300 us of this clock");
    }

    [Test]
    public void ShouldSayLostWhenTheReceiverIsGone()
    {
        var loop = NewLoop(Options, new RecordingChannel { GoneAfter = 100 });

        Assert.That(loop.Run(), Is.EqualTo(EngineEnding.DriverLost));
        Assert.That(loop.Counts.Warmup + loop.Counts.Measured, Is.EqualTo(100));
    }

    [Test]
    public void ShouldEndSoonWhenStopped()
    {
        EngineLoop<RecordingChannel>? loop = null;
        var signals = new RecordingChannel
        {
            OnSent = count =>
            {
                if (count == 60)
                    loop!.Stop();
            },
        };
        loop = NewLoop(Options with { Events = 1_000_000_000 }, signals);

        Assert.That(loop.Run(), Is.EqualTo(EngineEnding.Interrupted));
        Assert.That(loop.Counts.Measured, Is.EqualTo(10));
    }

    [Test]
    public void ShouldRefuseTheMarketWhenItNeverHasBothSides()
    {
        var feed = new MarketFeed(new ListSource(ListSource.OneSided(0)), 1);
        var loop = new EngineLoop<RecordingChannel>(Options, new RecordingChannel(), new RecordingChannel(), feed);

        Assert.That(() => loop.Run(), Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public void ShouldGiveUpWhenNothingIsTakenForTenSeconds()
    {
        var clock = new FastClock();
        var loop = NewLoop(Options, new RecordingChannel { BusyAttempts = int.MaxValue }, clock);

        Assert.That(loop.Run(), Is.EqualTo(EngineEnding.DriverLost));
        Assert.That(loop.Problem, Is.EqualTo("the pipeline has taken no message for 10 s"));
        Assert.That(loop.Counts.Warmup, Is.Zero);
    }

    [TestCase(3_600_000_000_000)]
    [TestCase(-3_600_000_000_000)]
    public void ShouldKeepItsPaceAndStampTheWallClockWhenThatIsStepped(long stepNs)
    {
        var clock = new FastClock { StepNs = stepNs };
        var signals = new RecordingChannel();
        var loop = NewLoop(Options, signals, clock);

        Assert.That(loop.Run(), Is.EqualTo(EngineEnding.Done));
        Assert.That(signals.Sent, Has.Count.EqualTo(350));
        foreach (var signal in Read(signals))
        {
            Assert.That(signal.SendTimeNs - clock.NowNs(), Is.InRange(stepNs - 60_000_000_000, stepNs));
            Assert.That(signal.SendTimeNs, Is.GreaterThanOrEqualTo(signal.IntendedSendTimeNs));
        }
    }

    private static EngineLoop<RecordingChannel> NewLoop(
        EngineOptions options, RecordingChannel signals, IEventClock? clock = null) => new(
        options, signals, new RecordingChannel(), new MarketFeed(new ListSource(ListSource.Quote(0)), 1), null, clock);

    private static List<(ulong SignalId, double Price, long IntendedSendTimeNs, long SendTimeNs)> Read(
        RecordingChannel channel)
    {
        var signals = new List<(ulong, double, long, long)>();
        foreach (var message in channel.Sent)
        {
            Assert.That(TradeQualifiedDecoder.TryWrap(message, out var signal), Is.True);
            signals.Add((signal.SignalId, signal.Price, signal.IntendedSendTimeNs, signal.SendTimeNs));
        }

        return signals;
    }

    /// <summary>Each reading is a microsecond after the one before.</summary>
    private sealed class FastClock : IEventClock
    {
        private long _nowNs = 1_790_000_000_000_000_000;

        public long StepNs { get; init; }

        public long NowNs() => _nowNs += 1_000;

        public long WallAheadNs() => StepNs;
    }
}
