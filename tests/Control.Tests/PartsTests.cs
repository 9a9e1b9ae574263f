using System.Text;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Prometheus;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Control.Tests;

/// <summary>Parts of the control plane by themselves.</summary>
public sealed class PartsTests
{
    [Test]
    public void ShouldReferToNoStageWhenBuilt() => Assert.That(
        typeof(ControlServer).Assembly.GetReferencedAssemblies().Select(static one => one.Name),
        Has.None.EqualTo("ExecutionPipeline.Stages").And.None.EqualTo("xpd"));

    [Test]
    public void ShouldSayThatAMessageIsGoneWhenItWasWrittenOver()
    {
        var log = new EventLog(4);
        for (byte i = 1; i <= 6; i++)
            log.Append([i]);
        var bytes = new byte[EventLog.SlotBytes];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(log.First, Is.EqualTo(3));
            Assert.That(log.Read(2, bytes, out _), Is.EqualTo(EventLookup.Gone));
            Assert.That(log.Read(7, bytes, out _), Is.EqualTo(EventLookup.NotYet));
            Assert.That(log.Read(3, bytes, out var length), Is.EqualTo(EventLookup.Found));
            Assert.That(bytes.AsSpan(0, length).ToArray(), Is.EqualTo(new byte[] { 3 }));
        }
    }

    /// <summary>Prometheus takes a sum that falls for a restart.</summary>
    [Test]
    public void ShouldExportNoSumWhenValuesMayBeBelowZero()
    {
        var histogram = new MetricHistogram(1, 2) { IsSigned = true };
        foreach (var value in (double[])[1.5, -.5, 3, -1])
            histogram.Observe(value);
        var text = new StringBuilder();

        histogram.Write(text, "cost");
        histogram.WriteParts(text, "cost");

        var lines = $"{text}".Split('\n');
        Assert.That(lines, Does.Contain("cost_count 4"));
        Assert.That(lines, Does.Contain("cost_bucket{le=\"1\"} 2"));
        Assert.That(lines, Does.Contain("cost_above_zero_total 4.5"));
        Assert.That(lines, Does.Contain("cost_below_zero_total 1.5"));
        Assert.That($"{text}", Does.Not.Contain("_sum"));
    }

    /// <summary>Each container has a process 1.</summary>
    [TestCase(0, true)]
    [TestCase(1, false)]
    public void ShouldTellOfThePipelinesProcessWhenItsNumberIsOfTheSameNamespace(int further, bool isTold)
    {
        var text = new StringBuilder();

        ProcessMetrics.WritePipeline(text, PipelineReading.Of(new Dictionary<(PipelineFigure, int), long>
        {
            [(PipelineFigure.ProcessId, 0)] = Environment.ProcessId,
            [(PipelineFigure.ProcessNamespace, 0)] = ProcessNamespace.Own + further,
        }));

        Assert.That(ProcessNamespace.Own, Is.GreaterThan(0));
        Assert.That($"{text}".Contains("\nexecution_process_", StringComparison.Ordinal), Is.EqualTo(isTold));
        Assert.That($"{text}", Does.Contain("execution_gc_collections_total"));
    }

    [Test]
    public void ShouldNotHaveHeardAllWhenAMessageIsMissing()
    {
        var records = new PipelineRecords(new ControlOptions { AeronDirectory = "", KeyFile = "" });
        bool Take(int run, long number)
        {
            records.Take([1], new PipelineNumber(run, number));
            return records.IsWhole;
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Take(7, 5), Is.False, "the pipeline was there before");
            Assert.That(Take(7, 6), Is.False);
            Assert.That(Take(8, 1), Is.True, "it begins anew");
            Assert.That(Take(8, 2), Is.True);
            Assert.That(Take(9, 3), Is.True, "it goes on with its journal, behind an ordered end");
            Assert.That(Take(9, 5), Is.False, "one was lost");
            Assert.That(Take(9, 6), Is.False);
            Assert.That(Take(10, 65_543), Is.False, "it goes on behind a crash");
        }
    }

    [Test]
    public void ShouldKeepTheNewestAndPageThroughThemWhenThereAreTooMany()
    {
        var history = new History(capacity: 3);
        for (byte i = 1; i <= 4; i++)
            history.Put(key: i, sequence: i, [i]);
        history.Put(key: 3, sequence: 9, [33]);

        var first = history.Page(static _ => true, before: null, limit: 2);
        var second = history.Page(static _ => true, first.Next, limit: 2);

        Assert.That(first.Items.Select(static one => one.Message[0]), Is.EqualTo(new[] { 33, 4 }));
        Assert.That(second.Items.Select(static one => one.Message[0]), Is.EqualTo(new[] { 2 }));
        Assert.That(second.Next, Is.Null);
        Assert.That(history.Find(1), Is.Null);
    }

    [Test]
    public void ShouldKeepAnOrderThatWorksWhenManyOthersHaveEndedSince()
    {
        var records = new PipelineRecords(new ControlOptions { AeronDirectory = "", KeyFile = "", KeptRecords = 2 });
        records.Take(Order(1, OrderStatus.New, leaves: 1), new PipelineNumber(7, 1));
        for (ulong i = 2; i <= 4; i++)
            records.Take(Order(i, OrderStatus.Filled, leaves: 0), new PipelineNumber(7, (long)i));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(records.Orders.Find(1), Is.Not.Null, "it works");
            Assert.That(records.Orders.Find(2), Is.Null);
            Assert.That(IdsOf(records.Orders), Is.EqualTo((ulong[])[4, 3, 1]));
            Assert.That(records.IsWhole, Is.True);
        }

        records.Take(Order(1, OrderStatus.Cancelled, leaves: 0), new PipelineNumber(7, 5));
        records.Take(Order(5, OrderStatus.Filled, leaves: 0), new PipelineNumber(7, 6));
        records.Take(Order(6, OrderStatus.Filled, leaves: 0), new PipelineNumber(7, 7));
        Assert.That(IdsOf(records.Orders), Is.EqualTo((ulong[])[6, 5]), "what has ended goes");
    }

    [Test]
    public void ShouldNotHaveHeardAllWhenMoreOrdersWorkThanAreHeld()
    {
        var records = new PipelineRecords(new ControlOptions { AeronDirectory = "", KeyFile = "", KeptRecords = 2 });
        var number = 0;
        void Take(ulong id) =>
            records.Take(Order(id, OrderStatus.New, leaves: 1), new PipelineNumber(7, ++number));

        for (ulong id = 1; id <= OrderStore.DefaultCapacity; id++)
            Take(id);
        Assert.That(records.IsWhole, Is.True);
        Assert.That(records.Orders.Find(1), Is.Not.Null);

        Take(OrderStore.DefaultCapacity + 1);
        Assert.That(records.IsWhole, Is.False);
        Assert.That(records.Orders.Find(1), Is.Null);
        Assert.That(records.Orders.Find(2), Is.Not.Null);
    }

    /// <summary>Its first message may not have come. No other run has a number that was given before.</summary>
    [TestCase(2, 1, true)]
    [TestCase(20, 1, true)]
    [TestCase(20, 2, false)]
    [TestCase(20, 3, false)]
    public void ShouldHoldNoOrderOfBeforeWhenThePipelineBeginsWithNothing(int kept, long first, bool isWhole)
    {
        var records = new PipelineRecords(new ControlOptions { AeronDirectory = "", KeyFile = "", KeptRecords = kept });
        for (ulong id = 1; id <= 3; id++)
            records.Take(Order(id, OrderStatus.New, leaves: 1), new PipelineNumber(7, (long)id));

        records.Take(Order(4, OrderStatus.New, leaves: 1), new PipelineNumber(8, first));
        records.Take(Order(5, OrderStatus.Filled, leaves: 0), new PipelineNumber(8, first + 1));
        records.Take(Order(6, OrderStatus.Filled, leaves: 0), new PipelineNumber(8, first + 2));

        Assert.That(IdsOf(records.Orders), Is.EqualTo((ulong[])[6, 5, 4]));
        Assert.That(records.IsWhole, Is.EqualTo(isWhole));
    }

    /// <summary>Ids begin at 1 again, but for those of signals. What desks have done stands.</summary>
    [Test]
    public void ShouldRememberNothingOfBeforeByItsIdWhenThePipelineBeginsWithNothing()
    {
        var records = new PipelineRecords(new ControlOptions { AeronDirectory = "", KeyFile = "" });
        byte[][] messages =
        [
            Order(1, OrderStatus.Filled, leaves: 0), Encoded(DecisionEncoder.EncodedLength, static bytes =>
                _ = new DecisionEncoder(bytes) { SignalId = 1 }),
            Encoded(ParentOrderEndedEncoder.EncodedLength, static bytes =>
                _ = new ParentOrderEndedEncoder(bytes) { ParentId = 1 }),
            Encoded(TradeClosedEncoder.EncodedLength, static bytes =>
                _ = new TradeClosedEncoder(bytes) { TradeId = 1 }),
            Encoded(PositionUpdateEncoder.EncodedLength, static bytes =>
                _ = new PositionUpdateEncoder(bytes) { InstrumentId = 1 }),
            Encoded(RiskStateEncoder.EncodedLength, static bytes =>
                _ = new RiskStateEncoder(bytes) { InstrumentId = 1 }),
        ];
        History[] histories =
        [
            records.Orders, records.Executions, records.ParentsEnded, records.Trades, records.Positions,
            records.RiskStates,
        ];
        for (var i = 0; i < messages.Length; i++)
            records.Take(messages[i], new PipelineNumber(7, i + 1));
        Assert.That(histories.Select(static one => one.Count), Has.All.EqualTo(1));
        var decided = records.Decisions.Find(1)!;
        Assert.That(records.IsOfBefore(decided), Is.False);

        records.Take([1], new PipelineNumber(8, 1));

        Assert.That(histories.Select(static one => one.Count), Has.All.Zero);
        Assert.That(records.Decisions.Find(1), Is.EqualTo(decided));
        Assert.That(records.IsOfBefore(decided), Is.True);
        Assert.That(records.Actions.Count, Is.EqualTo(1));
    }

    /// <summary>Its end may be what has not come, and may not be.</summary>
    [Test]
    public void ShouldKeepAnOrderThatWorksWhenAMessageIsMissing()
    {
        var records = new PipelineRecords(new ControlOptions { AeronDirectory = "", KeyFile = "", KeptRecords = 2 });
        records.Take(Order(1, OrderStatus.New, leaves: 1), new PipelineNumber(7, 1));
        for (var number = 5; number <= 8; number++)
            records.Take(Order((ulong)number, OrderStatus.Filled, leaves: 0), new PipelineNumber(7, number));

        Assert.That(IdsOf(records.Orders), Is.EqualTo((ulong[])[8, 7, 1]));
        Assert.That(records.IsWhole, Is.False);
    }

    /// <summary>Between the two the pipeline tells of each order that works, since all of them were in doubt.</summary>
    [TestCase(CommandReason.VenuesAnswered, 51, 51, true)]
    [TestCase(CommandReason.VenuesAnswered, 51, 52, false, Description = "one of them is missing")]
    [TestCase(CommandReason.VenuesSilent, 51, 51, false, Description = "a venue has told of none")]
    public void ShouldHaveHeardAllWhenVenuesHaveAnsweredBehindARestart(
        int reason, long first, long told, bool isWhole)
    {
        var records = new PipelineRecords(new ControlOptions { AeronDirectory = "", KeyFile = "" });
        void Take(byte[] message, long number) => records.Take(message, new PipelineNumber(8, number));

        records.Take(Order(1, OrderStatus.New, leaves: 1), new PipelineNumber(7, 1));
        records.Take(Order(2, OrderStatus.New, leaves: 1), new PipelineNumber(7, 2));
        records.Take(Order(3, OrderStatus.Filled, leaves: 0), new PipelineNumber(7, 3));
        Take(Result(CommandKind.Restart, CommandReason.Restart), first - 1);
        Take(Order(1, OrderStatus.New, leaves: 1), told);
        Take(Result(CommandKind.Reconciled, reason), told + 1);

        Assert.That(records.IsWhole, Is.EqualTo(isWhole));
        Assert.That(IdsOf(records.Orders), Is.EqualTo(isWhole ? (ulong[])[1, 3] : [1, 3, 2]));
        if (isWhole)
            return;

        Take(Result(CommandKind.Reconciled, CommandReason.VenuesAnswered), told + 2);
        Assert.That(records.IsWhole, Is.EqualTo(told == first), "the venue was late");
    }

    /// <summary>Nothing is known of what was told before this control plane began.</summary>
    [Test]
    public void ShouldNotHaveHeardAllWhenOnlyTheEndOfReconcilingWasHeard()
    {
        var records = new PipelineRecords(new ControlOptions { AeronDirectory = "", KeyFile = "" });
        records.Take(Order(1, OrderStatus.New, leaves: 1), new PipelineNumber(7, 51));
        records.Take(Result(CommandKind.Reconciled, CommandReason.VenuesAnswered), new PipelineNumber(7, 52));

        Assert.That(records.IsWhole, Is.False);
        Assert.That(records.Orders.Find(1), Is.Not.Null);
    }

    /// <summary>The pipeline tells what the venue says of an order that it has forgotten.</summary>
    [Test]
    public void ShouldKeepTheEndOfAnOrderWhenALateWordOfItComes()
    {
        var records = new PipelineRecords(new ControlOptions { AeronDirectory = "", KeyFile = "", KeptRecords = 2 });
        byte[] Late(ulong id) => Order(
            id, OrderStatus.PartiallyFilled, leaves: 1, OrderStatus.None, ReportDisposition.Unknown);

        records.Take(Order(1, OrderStatus.Filled, leaves: 0), new PipelineNumber(7, 1));
        records.Take(Late(1), new PipelineNumber(7, 2));
        records.Take(Late(2), new PipelineNumber(7, 3));

        Assert.That(
            OrderStatusChangeDecoder.TryWrap(records.Orders.Find(1)!.Message, out var order) ? order.Status : default,
            Is.EqualTo(OrderStatus.Filled));
        Assert.That(records.Orders.Find(2), Is.Not.Null, "nothing else is known of it");

        for (ulong id = 3; id <= 5; id++)
            records.Take(Order(id, OrderStatus.Filled, leaves: 0), new PipelineNumber(7, (long)id + 1));
        Assert.That(IdsOf(records.Orders), Is.EqualTo((ulong[])[5, 4]), "neither works");
    }

    [Test]
    public void ShouldGiveWhatASlowListWouldWhenMessagesReplaceOneAnother()
    {
        const int capacity = 200;
        var random = new Random(TestSeed.Next());
        const int mostHeld = 50;
        static bool IsHeld(ulong key) => key % 7 == 0;
        var history = new History(capacity) { MostHeld = mostHeld };
        List<(ulong Key, long Sequence)> expected = [];
        for (long sequence = -5_000; sequence < 5_000; sequence++)
        {
            var key = (ulong)random.Next(1_000) * (ulong)random.Next(1, 3);
            history.Put(key, sequence, BitConverter.GetBytes(key), IsHeld(key));
            expected.RemoveAll(one => one.Key == key);
            expected.Add((key, sequence));
            foreach (var (isHeld, most) in ((bool, int)[])[(false, capacity), (true, mostHeld)])
            {
                if (expected.Count(one => IsHeld(one.Key) == isHeld) > most)
                    expected.RemoveAt(expected.FindIndex(one => IsHeld(one.Key) == isHeld));
            }
        }

        Assert.That(history.IsHeldLost, Is.True);
        Assert.That(history.Count, Is.EqualTo(expected.Count));
        var (modulus, limit) = ((ulong)random.Next(1, 5), random.Next(1, 60));
        List<(ulong Key, long Sequence)> found = [];
        long? before = null;
        do
        {
            var page = history.Page(message => BitConverter.ToUInt64(message) % modulus == 0, before, limit);
            found.AddRange(page.Items.Select(one => (BitConverter.ToUInt64(one.Message), one.Sequence)));
            Assert.That(page.Items, Has.Count.LessThanOrEqualTo(limit));
            before = page.Next;
        }
        while (before is not null);

        expected.Reverse();
        Assert.That(found, Is.EqualTo(expected.Where(one => one.Key % modulus == 0)));
        Assert.That(history.Find(expected[0].Key)!.Sequence, Is.EqualTo(expected[0].Sequence));
    }

    [Test]
    public void ShouldReadEveryMessageOfTheSchemaWhenItWritesThem()
    {
        var bytes = new byte[TradeClosedEncoder.EncodedLength];
        _ = new TradeClosedEncoder(bytes)
        {
            TradeId = ulong.MaxValue - 1,
            EntryTimeNs = 1_700_000_000_123_456_000,
            EntryPriceE9 = 4_150_250_000_000,
            NetPnlE6 = -1_500_000,
            Strategy = ExecutionStrategy.Twap5Min,
        };

        using (Assert.EnterMultipleScope())
        {
            Assert.That(MessageJson.TextOf(bytes, "trade_id"), Is.EqualTo("18446744073709551614"));
            Assert.That(MessageJson.TextOf(bytes, "entry_time"), Is.EqualTo("2023-11-14T22:13:20.123456Z"));
            Assert.That(MessageJson.TextOf(bytes, "entry_price"), Is.EqualTo("4150.25"));
            Assert.That(MessageJson.TextOf(bytes, "net_pnl"), Is.EqualTo("-1.5"));
            Assert.That(MessageJson.TextOf(bytes, "strategy"), Is.EqualTo("TWAP_5MIN"));
        }
    }

    [Test]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void ShouldKeepNoKeyAndLetOnlyTheOwnerReadWhenAFileIsMade()
    {
        var folder = Directory.CreateTempSubdirectory("xp-keys-").FullName;
        try
        {
            var file = Path.Combine(folder, "new", "keys.json");
            var keys = ApiKeys.Open(file, out var created);
            var trader = keys.Add("desk", Role.Trader);

            var again = ApiKeys.Open(file, out var second);

            using (Assert.EnterMultipleScope())
            {
                Assert.That(second, Is.Null, "the key is told once");
                Assert.That(again.Find(created!)!.Role, Is.EqualTo(Role.Administrator));
                Assert.That(again.Find(trader)!.OperatorId, Is.EqualTo(2));
                Assert.That(again.Find(trader + "0"), Is.Null);
                Assert.That(File.ReadAllText(file), Does.Not.Contain(created!).And.Not.Contain(trader));
                Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            }

            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
            Assert.That(() => ApiKeys.Open(file, out _), Throws.InstanceOf<IOException>().With.Message.Contains("600"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Order(
        ulong id,
        OrderStatus status,
        int leaves,
        OrderStatus previous = OrderStatus.PendingNew,
        ReportDisposition disposition = ReportDisposition.Applied) =>
        Encoded(OrderStatusChangeEncoder.EncodedLength, bytes => _ = new OrderStatusChangeEncoder(bytes)
        {
            OrderId = id,
            Status = status,
            PreviousStatus = previous,
            Quantity = 1,
            LeavesQuantity = leaves,
            CumulativeQuantity = 1 - leaves,
            LastQuantity = status == OrderStatus.Filled ? 1 : 0,
            Disposition = disposition,
        });

    private static byte[] Result(CommandKind kind, int reason) => Encoded(
        CommandResultEncoder.EncodedLength,
        bytes => _ = new CommandResultEncoder(bytes) { Kind = kind, Reason = reason });

    private static byte[] Encoded(int length, SpanAction encode)
    {
        var bytes = new byte[length];
        encode(bytes);
        return bytes;
    }

    private static IEnumerable<ulong> IdsOf(History orders) => orders.Page(static _ => true, null, 1_000).Items.Select(
        static one => OrderStatusChangeDecoder.TryWrap(one.Message, out var order) ? order.OrderId : 0);
}
