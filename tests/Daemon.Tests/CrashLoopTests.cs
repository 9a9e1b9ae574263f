using System.Globalization;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Daemon.Tests;

/// <summary>
/// The daemon is killed again and again at random moments while it trades, and goes on with its journal. Afterwards the
/// journal is whole, leads to the results that its checkpoints hold, and its executions make up the books; no signal,
/// though the engine sends its last ones again, was traded twice.
/// </summary>
[NonParallelizable]
public sealed class CrashLoopTests
{
    private const string Variable = "XP_TEST_ROUNDS";
    private const int MostSignals = 600;
    private const int Resent = 5;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly byte[] _bytes = new byte[512];
    private readonly UnsafeBuffer _buffer = new(new byte[512]);
    private string _folder = "";
    private ulong _lastId;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-crashes-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldLoseNothingAndDoNothingTwiceWhenItIsKilledAtRandomMoments()
    {
        var random = TestSeed.NewRandom();
        var rounds = int.Parse(Environment.GetEnvironmentVariable(Variable) ?? "20", CultureInfo.InvariantCulture);
        var journal = Path.Combine(_folder, "journal");
        for (var round = 0; round <= rounds; round++)
        {
            var own = Directory.CreateDirectory(Path.Combine(_folder, $"{round}")).FullName;
            using var daemon = DaemonProcess.Start(own, Configuration, null, "--journal", journal);
            // Now and then it is killed before it has started.
            if (round > 0 && round < rounds && random.Next(8) == 0)
            {
                if (random.Next(2) == 0)
                    daemon.AwaitEvent("start");
                daemon.Send("KILL");
                daemon.End();
                continue;
            }

            daemon.AwaitEvent("ready");
            Trade(Path.Combine(own, "driver"), random.Next(1, MostSignals));
            daemon.Send(round < rounds ? "KILL" : "TERM");
            Assert.That(daemon.End(), round < rounds ? Is.Not.Zero : Is.Zero, daemon.Error);
        }

        AssertBooks(journal);
    }

    private static string Configuration => Configurations.Small("""
        "inference": { "deadline_us": 0, "sizing_guard": { "max_contracts": 3 } },
          "journal": { "segment_mb": 1 },
          "account": { "starting_cash": 50000000 },
          "limits": {
            "max_position": 40, "max_notional": 15000000, "max_daily_var": 500000, "max_weekly_var": 1000000,
            "max_daily_trades": 1000000, "max_order_value": 2000000, "max_position_share": 0.25,
            "max_sector_share": 0.3, "max_correlation": 1, "max_orders_per_second": 65536,
            "max_signal_age_ms": 0, "max_market_age_ms": 0
          },
        """);

    private static void AssertBooks(string journal)
    {
        var survey = JournalSurvey.Of(journal, CancellationToken.None);
        Assert.That((survey.Problem, survey.End), Is.EqualTo(((string?)null, JournalEnd.Ordered)));
        var (executions, signals, position) = (new HashSet<ulong>(), new HashSet<ulong>(), 0);
        var e = default(PipelineEvent);
        using (var reader = new JournalReader(journal))
        {
            while (reader.TryRead(ref e))
            {
                if (e.Header.Kind == EventKind.TradeQualified)
                    signals.Add(e.Payload.TradeQualified.SignalId);
                if (e.Header.Kind != EventKind.ExecutionReport)
                    continue;

                ref readonly var report = ref e.Payload.ExecutionReport;
                if (report.Kind == ExecutionReportKind.Trade && executions.Add(report.ExecutionId))
                    position += report.Side == Side.Buy ? report.LastQuantity : -report.LastQuantity;
            }
        }

        var options = PipelineConfiguration.Parse(System.Text.Encoding.UTF8.GetBytes(Configuration));
        var replay = new JournalReplay(options, new RuleBasedPolicy(new RuleBasedPolicyOptions()), new NullSink());
        using var input = new JournalReader(journal);
        replay.Run(input, CancellationToken.None);
        Assert.That(replay.DiffersBefore, Is.Null);
        Assert.That(replay.AgreedTo, Is.EqualTo(replay.Count));
        Assert.That(replay.Chain.Context.Portfolio.Position(0), Is.EqualTo(position));
        Assert.That(replay.Chain.Risk.Approved, Is.InRange(1, signals.Count));
        Assert.That(executions, Is.Not.Empty);
        TestContext.Out.WriteLine(FormattableString.Invariant(
            $"{replay.Count} events, {signals.Count} signals, {executions.Count} executions, position {position}"));
    }

    private void Trade(string driver, int signals)
    {
        using var aeron = AeronClient.Connect(new AeronClient.Context().AeronDirectoryName(driver));
        var streams = new StreamOptions();
        using var market = aeron.AddExclusivePublication(streams.InputChannel, streams.MarketStream);
        using var input = aeron.AddExclusivePublication(streams.InputChannel, streams.SignalStream);
        var first = _lastId > Resent ? _lastId - Resent + 1 : 1;
        _lastId += (ulong)signals;
        for (var id = first; id <= _lastId; id++)
        {
            Send(market, WriteQuote());
            Send(input, WriteSignal(id));
        }
    }

    private int WriteQuote()
    {
        var now = NanoClock.NowNs();
        _ = new MarketUpdateEncoder(_bytes)
        {
            InstrumentId = 1,
            BidPriceE9 = 4_800_000_000_000,
            AskPriceE9 = 4_800_250_000_000,
            BidQuantity = 500,
            AskQuantity = 500,
            BidOrders = 20,
            AskOrders = 20,
            ExchangeTimeNs = now,
            SendTimeNs = now,
        };
        return MarketUpdateEncoder.EncodedLength;
    }

    private int WriteSignal(ulong id)
    {
        var now = NanoClock.NowNs();
        _ = new TradeQualifiedEncoder(_bytes)
        {
            SignalId = id,
            InstrumentId = 1,
            Action = id % 2 == 0 ? TradeAction.Short : TradeAction.Long,
            Confidence = 0.9,
            SynergyStrength = 0.8,
            Urgency = 0.9,
            Price = 4800.25,
            SignalTimeNs = now,
            IntendedSendTimeNs = now,
            SendTimeNs = now,
        };
        return TradeQualifiedEncoder.EncodedLength;
    }

    private void Send(ExclusivePublication publication, int length)
    {
        _buffer.PutBytes(0, _bytes, 0, length);
        Assert.That(SpinWait.SpinUntil(() => publication.Offer(_buffer, 0, length) > 0, Timeout), "nobody reads");
    }
}
