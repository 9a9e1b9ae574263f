using System.Security.Cryptography;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Backtest;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Tests.Support;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Pipeline.Tests.Backtest;

public sealed class VirtualRunTests
{
    private const int Inputs = 4_000;
    private const long SecondNs = 1_000_000_000;

    [TestCase(1)]
    [TestCase(20)]
    public void ShouldSendTheSameBytesWhenTheInputIsTheSame(int seed)
    {
        var first = Play(seed, out _, out _);
        var second = Play(seed, out _, out _);
        var other = Play(seed + 1, out _, out _);

        Assert.That(second, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [TestCase(3)]
    [TestCase(8)]
    public void ShouldHoldWhatItsTradesHoldWhenOrdersAreWorked(int seed)
    {
        Play(seed, out var run, out var watch);
        var chain = run.Chain;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(watch.PositionsThatDiffer, Is.Zero, "the position is the sum of the trades after each event");
            Assert.That(chain.Routing.Trades.ClosedTrades, Is.GreaterThan(50));
            Assert.That(run.IsFlat, Is.True, "everything was closed");
            Assert.That(watch.NetOfTradesE6, Is.EqualTo(chain.Context.Portfolio.NetRealizedPnlE6));
            Assert.That(chain.Context.Portfolio.UnrealizedPnlE6, Is.Zero);
        }
    }

    [Test]
    public void ShouldFireTimersAtTheirOwnTimesWhenTheMarketIsSilent()
    {
        Play(5, out var run, out var watch);
        SignalEachSecond(run, signals: 60);
        var before = watch.RiskTimers;

        run.AdvanceTo(run.TimeNs + 600 * SecondNs);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(watch.RiskTimers - before, Is.InRange(599, 601), "risk has one each second");
            Assert.That(watch.LateTimers, Is.Zero);
            Assert.That(watch.StepsBack, Is.Zero, "time never goes back");
            Assert.That(watch.ParentTimers, Is.GreaterThan(20), "algorithms have theirs");
        }
    }

    [Test]
    public void ShouldPassOverAnInputWhoseFieldsAreOutOfRange()
    {
        Play(5, out var run, out _);
        var header = new EventHeader { Kind = EventKind.MarketUpdate, TimeNs = run.TimeNs };
        EventPayload payload = default;
        payload.MarketUpdate = new MarketUpdate
        {
            BidPriceE9 = 4_800_100_000_000,
            AskPriceE9 = 4_800_250_000_000,
            BidQuantity = 1,
            AskQuantity = 1,
            BidOrders = 1,
            AskOrders = 1,
            TradePriceE9 = MarketUpdate.NoPrice,
            ExchangeTimeNs = run.TimeNs,
            SendTimeNs = run.TimeNs,
        };
        var events = run.Events;

        Assert.That(run.Take(in header, in payload), Is.False, "the bid is off the tick");
        Assert.That(run.Refused, Is.EqualTo(1));
        Assert.That(run.Events, Is.EqualTo(events));
    }

    /// <summary>The recorded venues came back by reports, which a virtual run leaves out.</summary>
    [Test]
    public void ShouldGoOnTradingWhenTheRecordedPipelineWasStartedAgain()
    {
        // One of a hundred seeds kills for most of the second half.
        var input = new SeededInput(seed: 5, instruments: 2);
        var run = new VirtualRun(
            TestPipelines.Managed(Topology.Inline), TestPipelines.Rules(), new NullSink(), input.TimeNs);
        Feed(run, input, Inputs / 2);
        Command(run, CommandKind.Restart, CommandReason.Restart, 1 << 16);
        Command(run, CommandKind.Reconciled, CommandReason.VenuesAnswered);
        var (sent, filled) = (run.Chain.Routing.OrdersSent, run.Chain.Routing.Fills);
        Feed(run, input, Inputs / 2);

        Assert.That(run.Chain.Routing.OrdersSent - sent, Is.GreaterThan(sent / 4));
        Assert.That(run.Chain.Routing.Fills - filled, Is.GreaterThan(filled / 4));
    }

    private static void Feed(VirtualRun run, SeededInput input, int count)
    {
        EventHeader header = default;
        EventPayload payload = default;
        for (var i = 0; i < count; i++)
        {
            input.Next(ref header, ref payload);
            run.Take(in header, in payload);
        }
    }

    /// <summary>Orders that time alone works: the market says nothing more.</summary>
    private static void SignalEachSecond(VirtualRun run, int signals)
    {
        Command(run, CommandKind.Resume, reason: 1);
        for (var i = 1; i <= signals; i++)
        {
            var header = new EventHeader
            {
                Kind = EventKind.TradeQualified,
                InstrumentIndex = i % 2,
                TimeNs = run.TimeNs + SecondNs,
            };
            EventPayload payload = default;
            payload.TradeQualified = new TradeQualified
            {
                SignalId = 1_000_000 + (ulong)i,
                Action = TradeAction.Long,
                Confidence = 0.9,
                SynergyStrength = 0.8,
                Urgency = 0.1,
                PriceE9 = run.Chain.Context.Portfolio.MarkPriceE9(header.InstrumentIndex),
                BidAskSpread = double.NaN,
                BookDepth = double.NaN,
                VolumeIntensity = double.NaN,
                Volatility = double.NaN,
                Atr = double.NaN,
                Position = double.NaN,
                AvailableMargin = double.NaN,
                Equity = double.NaN,
                UnrealizedPnl = double.NaN,
                Drawdown = double.NaN,
                SignalTimeNs = header.TimeNs,
                IntendedSendTimeNs = header.TimeNs,
                SendTimeNs = header.TimeNs,
            };
            Assert.That(run.Take(in header, in payload), "it is an input");
        }

        Assert.That(run.Chain.Routing.WorkingParents, Is.Positive);
    }

    private static void Command(VirtualRun run, CommandKind kind, int reason, int quantity = 0)
    {
        EventPayload payload = default;
        payload.Command = new Command
        {
            Kind = kind,
            Reason = reason,
            Quantity = quantity,
            SendTimeNs = run.TimeNs,
        };
        var header = new EventHeader { Kind = EventKind.Command, TimeNs = run.TimeNs };
        Assert.That(run.Take(in header, in payload), "it is an input");
    }

    private static string Play(int seed, out VirtualRun run, out Watch watch)
    {
        var input = new SeededInput(seed, instruments: 2);
        // Not closed: a test may let the run go on.
        var outbound = new MemoryStream();
        run = new VirtualRun(
            TestPipelines.Managed(Topology.Inline), TestPipelines.Rules(), new StreamSink(outbound), input.TimeNs);
        watch = new Watch(run);
        run.Observer = watch;
        EventHeader header = default;
        EventPayload payload = default;
        for (var i = 0; i < Inputs; i++)
        {
            input.Next(ref header, ref payload);
            Assert.That(run.Take(in header, in payload), Is.True);
        }

        // A new quote for each: what the last one showed may have been taken.
        run.CloseAll(seconds: 0);
        for (var i = 0; i < 200 && !run.IsFlat; i++)
        {
            input.Next(ref header, ref payload);
            if (header.Kind == EventKind.MarketUpdate)
                run.Take(in header, in payload);
        }

        return Convert.ToHexString(SHA256.HashData(outbound.ToArray()));
    }

    private sealed class Watch(VirtualRun run) : IEventObserver
    {
        private long _timeNs;

        public long PositionsThatDiffer { get; private set; }

        public long NetOfTradesE6 { get; private set; }

        public long RiskTimers { get; private set; }

        public long ParentTimers { get; private set; }

        public long LateTimers { get; private set; }

        public long StepsBack { get; private set; }

        public void OnHandled(ref readonly PipelineEvent e, ActionLog actions)
        {
            StepsBack += e.Header.TimeNs < _timeNs ? 1 : 0;
            _timeNs = e.Header.TimeNs;
            for (var i = 0; i < run.Instruments.Count; i++)
            {
                if (run.Chain.Routing.Trades.Position(i) != run.Chain.Context.Portfolio.Position(i))
                    PositionsThatDiffer++;
            }

            for (var i = 0; i < e.Routing.ActionCount; i++)
            {
                ref readonly var action = ref actions[e.Routing.FirstAction + i];
                if (action.Kind == RoutingActionKind.TradeClosed)
                    NetOfTradesE6 += action.Trade.GrossPnlE6 - action.Trade.EntryFeesE6 - action.Trade.ExitFeesE6;
            }

            if (e.Header.Kind != EventKind.Timer)
                return;

            RiskTimers += e.Payload.Timer.Owner == TimerOwner.Risk ? 1 : 0;
            ParentTimers += e.Payload.Timer.Owner == TimerOwner.Parent ? 1 : 0;
            LateTimers += e.Header.TimeNs > e.Payload.Timer.DueTimeNs
                && e.Payload.Timer.Owner == TimerOwner.Risk ? 1 : 0;
        }
    }
}
