using System.Reflection;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference.Swap;

namespace ExecutionPipeline.Pipeline.Tests.Snapshots;

/// <summary>
/// A chain that was saved and loaded is the one that was saved: in every field that is not named here with a reason,
/// and in every byte that it sends from then on.
/// </summary>
[TestFixture]
public sealed class ChainStateTests
{
    private const int Events = 4_000;

    /// <summary>Fields that are no state, each with the reason.</summary>
    private static readonly Dictionary<string, string> NoState = new()
    {
        ["VirtualRun._event"] = "is written anew with each event, and no stage reads what an earlier one left",
        ["VirtualRun._market"] = "is written before it is read",
        ["VirtualRun._reports"] = "is empty between two inputs",
        ["VirtualRun._own"] = "is empty between two inputs",
        ["VirtualRun._requests"] = "is empty between two inputs",
        ["OutboundPublisher._buffer"] = "is written before it is read",
        ["OutboundPublisher._sent"] = "counts what this process has sent",
        ["OutboundPublisher._sentBefore"] = "counts what this process has sent",
        ["OutboundPublisher._signals"] = "counts what this process has sent",
        ["OutboundPublisher._droppedBefore"] = "counts what this process has sent",
        ["OutboundPublisher.Dropped"] = "counts what this process has sent",
        ["OutboundPublisher.IsMuted"] = "is set by the host",
        ["OutboundPublisher.IsTimed"] = "is set by the host",
        ["OutboundPublisher.actions"] = "is read with the event that wrote it",
        ["OutboundPublisher._limits"] = "is the risk stage's, which is compared",
        ["OutboundPublisher.sink"] = "is where messages go",
        ["StageChain.telemetry"] = "measures this process",
        ["StageChain.pace"] = "is how fast this process's backend is",
        ["RoutingStage.Actions"] = "is read with the event that wrote it",
        ["RoutingOutputs.log"] = "is read with the event that wrote it",
        ["RoutingOutputs.reports"] = "is empty between two inputs",
        ["RoutingOutputs.timers"] = "is empty between two inputs",
        ["RoutingOutputs._isOwnOrderNext"] = "is false between two events",
        ["VenueReports.sink"] = "is empty between two inputs",
        ["PendingOrders._firstSkipped"] = "saves time, and what comes out is the same without it",
        ["PendingOrders._lastSkipped"] = "saves time, and what comes out is the same without it",
        ["ScenarioRisk._worst"] = "is filled before it is read",
        ["SortedLevels._path"] = "is filled before it is read",
        ["OrderSplitter._count"] = "is set anew by each split",
        ["TradeBook._epochs"] = "is filled before it is read",
        ["ModelSwitch.Slots"] = "is where policies wait: what decides is compared",
        ["ModelSwitch._incumbentSlot"] = "is where a policy lies, and not which",
        ["ModelSwitch._candidateSlot"] = "is where a policy lies, and not which",
        ["ModelSwitch.Open"] = "is given by the host",
        ["CanaryFigures._candidateNs"] = "is how long this process took",
        ["CanaryFigures._incumbentNs"] = "is how long this process took",
        ["CanaryFigures._timed"] = "is how often this process took that long",
        ["ModelSwitch._held"] = "is of which version the policy of this process is, which a state opens",
    };

    private Inputs _inputs = null!;
    private Inputs _others = null!;

    [OneTimeSetUp]
    public void Draw()
    {
        var seed = TestSeed.Next();
        _inputs = new Inputs(seed, Events);
        _others = new Inputs(seed + 1, Events);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(10)]
    [TestCase(333)]
    [TestCase(1_500)]
    [TestCase(3_000)]
    public void ShouldHoldAndSendTheSameWhenLoadedIntoANewChain(int before)
    {
        var saved = new MixedRun();
        saved.Take(_inputs, 0, before);
        AssertGoesOn(saved, new MixedRun(), before);
    }

    [TestCase(20)]
    [TestCase(700)]
    [TestCase(2_500)]
    public void ShouldHoldAndSendTheSameWhenLoadedIntoAUsedChain(int before)
    {
        var saved = new MixedRun();
        saved.Take(_inputs, 0, before);
        var used = new MixedRun();
        used.Take(_others, 0, Events / 2);
        AssertGoesOn(saved, used, before);
    }

    [Test]
    public void ShouldSaveTheSameBytesWhenWhatWasLoadedIsSaved()
    {
        var saved = new MixedRun();
        var loaded = new MixedRun();
        for (var place = 0; place < Events; place += 500)
        {
            saved.Take(_inputs, place, 500);
            var bytes = saved.Save();
            loaded.Load(bytes);

            Assert.That(loaded.Save().AsSpan().SequenceEqual(bytes), $"after {place + 500} events");
            Assert.That(loaded.Hash(), Is.EqualTo(saved.Hash()));
        }
    }

    [Test]
    public void ShouldHashAnotherStateWhenOneEventMoreWasHandled()
    {
        var run = new MixedRun();
        var hashes = new HashSet<ulong> { run.Hash() };
        for (var place = 0; place < 200; place++)
        {
            run.Take(_inputs, place, 1);
            Assert.That(hashes.Add(run.Hash()), $"after {place + 1} events the state is as it was before");
        }
    }

    /// <summary>A build that forgets a field is made of a good one: the field is put back after the loading.</summary>
    [Test]
    public void ShouldFindTheFieldWhenOneWasNotLoaded()
    {
        var saved = new MixedRun();
        saved.Take(_inputs, 0, 3_000);
        var loaded = new MixedRun();
        var fresh = new MixedRun();
        loaded.Load(saved.Save());
        Assert.That(ObjectGraph.Compare(saved.Run, loaded.Run, NoState), Is.Empty);

        var forgotten = new SortedSet<string>();
        foreach (var (owner, unused, field) in ObjectGraph.Variables(loaded.Run, fresh.Run, NoState))
        {
            var (value, before) = (field.GetValue(owner), field.GetValue(unused));
            if (Equals(value, before) || !forgotten.Add(ObjectGraph.NameOf(field)))
                continue;

            field.SetValue(owner, before);
            Assert.That(ObjectGraph.Compare(saved.Run, loaded.Run, NoState), Is.Not.Empty, ObjectGraph.NameOf(field));
            field.SetValue(owner, value);
        }

        Assert.That(ObjectGraph.Compare(saved.Run, loaded.Run, NoState), Is.Empty);
        Assert.That(forgotten, Has.Count.GreaterThan(60));
        string[] some =
            ["OrderSender._lastNumber", "PendingOrders._lastId", "Portfolio.RealizedPnlE6", "TimerWheel._lastId"];
        Assert.That(forgotten, Is.SupersetOf(some));
    }

    [Test]
    public void ShouldKeepLimitsThatWereChangedWhileItRan()
    {
        var (saved, loaded) = (new MixedRun(), new MixedRun());
        var (header, payload) = SetLimit(LimitKey.MaxOrderSize, 1);
        Assert.That(saved.Run.Take(in header, in payload), Is.True);
        loaded.Load(saved.Save());
        Assert.That(loaded.Run.Chain.Risk.Limits, Is.EqualTo(saved.Run.Chain.Risk.Limits));
        Assert.That(loaded.Run.Chain.Risk.Limits.MaxOrderSize, Is.EqualTo(1));
        Assert.That(ObjectGraph.Compare(saved.Run, loaded.Run, NoState), Is.Empty);
    }

    /// <summary>A field that no input of these tests has changed, as one that was just added, is found too.</summary>
    [Test]
    public void ShouldLoadEveryFieldThatCanChangeWhateverItHolds()
    {
        var (saved, loaded) = (new MixedRun(), new MixedRun());
        saved.Take(_inputs, 0, 500);
        var variables = ObjectGraph.Variables(saved.Run, loaded.Run, NoState)
            .Where(static v => v.First.GetType().FullName!.StartsWith("ExecutionPipeline.", StringComparison.Ordinal)
                && v.First is not (ModelSwitch or CanaryFigures)
                && !IsParameter(v.Field))
            .ToList();
        foreach (var (owner, _, field) in variables)
            field.SetValue(owner, ObjectGraph.Another(field.GetValue(owner)!));

        loaded.Load(saved.Save());
        var forgotten = variables.Where(static v => !Equals(v.Field.GetValue(v.First), v.Field.GetValue(v.Second)));
        Assert.That(variables, Has.Count.GreaterThan(150));
        Assert.That(forgotten.Select(static v => ObjectGraph.NameOf(v.Field)).Distinct(), Is.Empty);
    }

    [TestCase("OrderSender", "_lastNumber")]
    [TestCase("PendingOrders", "_lastId")]
    [TestCase("Portfolio", "RealizedPnlE6")]
    [TestCase("InferenceStage", "_events")]
    [TestCase("PreTradeLimits", "TradesToday")]
    [TestCase("TradeBook", "_lastTradeId")]
    public void ShouldSendOtherBytesWhenAFieldWasNotLoaded(string owner, string field)
    {
        var saved = new MixedRun();
        var (held, other, found) = ObjectGraph.Variables(saved.Run, new MixedRun().Run, NoState)
            .First(variable => ObjectGraph.NameOf(variable.Field) == $"{owner}.{field}");
        var before = 1_000;
        saved.Take(_inputs, 0, before);
        // What is drawn may begin with a kill: then there were no orders, and the field has what it begins with.
        while (saved.Run.Chain.Routing.OrdersSent < 100 || Equals(found.GetValue(held), found.GetValue(other)))
            saved.Take(_inputs, before++, 1);
        var loaded = new MixedRun();
        loaded.Load(saved.Save());
        var (one, _, _) = ObjectGraph.Variables(loaded.Run, saved.Run, NoState)
            .First(variable => ObjectGraph.NameOf(variable.Field) == $"{owner}.{field}");
        found.SetValue(one, found.GetValue(other));

        saved.TakeOutbound();
        var sentBefore = saved.Run.Chain.Routing.OrdersSent;
        saved.Take(_inputs, before, Events - before);
        Assert.That(saved.Run.Chain.Routing.OrdersSent, Is.GreaterThan(sentBefore + 100), "orders afterwards");
        Exception? failure = null;
        try
        {
            loaded.Take(_inputs, before, Events - before);
        }
        catch (Exception problem)
        {
            // A stage that stops is a difference too.
            failure = problem;
        }

        Assert.That(failure is not null || !loaded.TakeOutbound().AsSpan().SequenceEqual(saved.TakeOutbound()));
    }

    /// <summary>What a constructor was given, under the name that the compiler makes of it: configuration.</summary>
    private static bool IsParameter(FieldInfo field) => field.Name.EndsWith(">P", StringComparison.Ordinal);

    private void AssertGoesOn(MixedRun saved, MixedRun loaded, int before)
    {
        var bytes = saved.Save();
        loaded.Load(bytes);
        Assert.That(ObjectGraph.Compare(saved.Run, loaded.Run, NoState), Is.Empty);

        saved.TakeOutbound();
        loaded.TakeOutbound();
        saved.Take(_inputs, before, Events - before);
        loaded.Take(_inputs, before, Events - before);
        var (expected, sent) = (saved.TakeOutbound(), loaded.TakeOutbound());
        Assert.That(expected, Has.Length.GreaterThan(10_000));
        var same = sent.AsSpan().CommonPrefixLength(expected);
        Assert.That((same, sent.Length), Is.EqualTo((expected.Length, expected.Length)));
        Assert.That(ObjectGraph.Compare(saved.Run, loaded.Run, NoState), Is.Empty);
        Assert.That(loaded.Hash(), Is.EqualTo(saved.Hash()));
    }

    private static (EventHeader Header, EventPayload Payload) SetLimit(LimitKey limit, double value)
    {
        var header = new EventHeader { Kind = EventKind.Command, TimeNs = Inputs.StartNs + 1, CorrelationId = 1 };
        EventPayload payload = default;
        payload.Command = new Command
        {
            CommandId = 1,
            Kind = CommandKind.SetLimit,
            Reason = 1,
            Limit = limit,
            LimitValue = value,
            SendTimeNs = header.TimeNs,
        };
        return (header, payload);
    }
}
