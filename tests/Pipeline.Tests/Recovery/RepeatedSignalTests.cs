using System.Buffers.Binary;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Recovery;

/// <summary>
/// An engine that has lost its connection sends its signals again. Each is answered as it was the first time, and none
/// is executed again.
/// </summary>
[TestFixture]
public sealed class RepeatedSignalTests
{
    /// <summary>More than the largest position admits, so that some are refused.</summary>
    private const int Signals = 24;

    private readonly CrashedFolder _folders = new();

    [OneTimeTearDown]
    public void RemoveFolders() => _folders.Dispose();

    [Test]
    public void ShouldAnswerAsTheFirstTimeWhenBothAreUnderWay(
        [Values(Topology.Inline, Topology.Fused, Topology.Pipelined)] Topology topology, [Values] JournalMode mode)
    {
        using var pipeline = Start(_folders.New(), topology, mode);
        Begin(pipeline);
        Send(pipeline, twice: true);

        var (first, again) = Answers(pipeline);
        AssertSame(first, again);
        AssertVaried(first);
        Assert.That(pipeline.Host.Chain.Routing.CountOf(RoutingOutcome.Repeated), Is.EqualTo(Signals));
        Assert.That(pipeline.Host.Chain.Risk.Approved, Is.EqualTo(first.Values.Count(static one => one.Approved > 0)));
    }

    [Test]
    public void ShouldAnswerAsTheFirstTimeWhenTheProcessWasKilledAndStartedAgain(
        [Values(Topology.Inline, Topology.Fused, Topology.Pipelined)] Topology topology)
    {
        Dictionary<ulong, Answer> first;
        string folder;
        using (var pipeline = Start(_folders.New(), topology, JournalMode.Async))
        {
            Begin(pipeline);
            Send(pipeline, twice: false);
            (first, _) = Answers(pipeline);
            pipeline.Await(() => pipeline.Host.Journal!.NextSequence == pipeline.Host.Chain.Results!.Sequence);
            folder = _folders.Copy(pipeline.Host.Journal!.Folder);
        }

        using var second = Start(folder, topology, JournalMode.Async);
        Assert.That(second.Host.Recovered!.SnapshotSequence, Is.Zero, "the journal is replayed");
        AssertRemembered(second, first);
    }

    [Test]
    public void ShouldAnswerAsTheFirstTimeWhenItStartsFromASnapshot()
    {
        var folder = _folders.New();
        Dictionary<ulong, Answer> first;
        using (var pipeline = Start(folder, Topology.Inline, JournalMode.Async))
        {
            Begin(pipeline);
            Send(pipeline, twice: false);
            (first, _) = Answers(pipeline);
        }

        using var second = Start(folder, Topology.Inline, JournalMode.Async);
        Assert.That(second.Host.Recovered!.Events, Is.Zero, "nothing is replayed");
        AssertRemembered(second, first);
    }

    private static void AssertRemembered(MemoryPipeline pipeline, Dictionary<ulong, Answer> first)
    {
        var orders = pipeline.Host.Chain.Routing.OrdersSent;
        Begin(pipeline);
        Send(pipeline, twice: false);
        var (news, again) = Answers(pipeline);
        Assert.That(news, Is.Empty, "all were taken in before");
        AssertSame(first, again);
        AssertVaried(again);
        Assert.That(pipeline.Host.Chain.Routing.OrdersSent, Is.EqualTo(orders));
    }

    private static void AssertSame(Dictionary<ulong, Answer> first, Dictionary<ulong, Answer> again)
    {
        Assert.That(first, Has.Count.EqualTo(Signals));
        Assert.That(again, Is.EquivalentTo(first));
    }

    private static void AssertVaried(Dictionary<ulong, Answer> answers)
    {
        var outcomes = answers.Values.Select(static one => one.Outcome).Distinct();
        RoutingOutcome[] expected = [RoutingOutcome.OrderSent, RoutingOutcome.RiskRefused, RoutingOutcome.Hold];
        Assert.That(outcomes, Is.SupersetOf(expected));
    }

    private static void Begin(MemoryPipeline pipeline)
    {
        pipeline.SendQuote();
        pipeline.Host.Start();
        pipeline.Await(() => pipeline.Host.Ingress.MarketUpdatesAdmitted == 1);
        if (pipeline.Host.Restart is { } restart)
            pipeline.Await(() => restart.IsAnswered);
    }

    private static void Send(MemoryPipeline pipeline, bool twice)
    {
        for (var id = 1UL; id <= Signals; id++)
        {
            for (var i = twice ? 2 : 1; i > 0; i--)
                pipeline.SendSignal(id, id % 5 == 0 ? TradeAction.Hold : TradeAction.Long);
        }

        pipeline.Await(() => pipeline.SignalsSeen == (twice ? 2 * Signals : Signals) && pipeline.Host.IsDrained);
    }

    /// <summary>What was answered to each signal: the first time, and as a repeat.</summary>
    private static (Dictionary<ulong, Answer> First, Dictionary<ulong, Answer> Again) Answers(MemoryPipeline pipeline)
    {
        var (first, again) = (new Dictionary<ulong, Answer>(), new Dictionary<ulong, Answer>());
        for (ReadOnlySpan<byte> left = pipeline.Outbound; left.Length > 0;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(left);
            if (DecisionDecoder.TryWrap(left.Slice(sizeof(int), length), out var decision))
                (decision.IsRepeat ? again : first).Add(decision.SignalId, Answer.Of(decision));
            left = left[(sizeof(int) + length)..];
        }

        return (first, again);
    }

    private static MemoryPipeline Start(string folder, Topology topology, JournalMode mode) => new(
        topology,
        journal: folder,
        state: new StateOptions { OrdersAtEnd = OrdersAtEnd.Leave },
        journalOptions: new JournalOptions { SegmentMb = 4, Mode = mode },
        change: static options => options with { Limits = options.Limits with { MaxPosition = 12 } });

    private sealed record Answer(
        RoutingOutcome Outcome, ulong OrderId, ulong ParentId, RiskViolations Violations, int Quantity, int Approved,
        long StopE9, long TargetE9, ExecutionStrategy Strategy, DecisionSource Source, TradeAction Action)
    {
        public static Answer Of(DecisionDecoder decision) => new(
            decision.Outcome, decision.OrderId, decision.ParentId, decision.RiskViolations, decision.Quantity,
            decision.ApprovedQuantity, decision.StopPriceE9, decision.TargetPriceE9, decision.Strategy,
            decision.Source, decision.Action);
    }
}
