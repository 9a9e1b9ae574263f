using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Swap;

namespace ExecutionPipeline.Stages.Tests.Inference.Swap;

public sealed class ModelSwitchTests
{
    private const ulong First = 11;
    private const ulong Second = 22;

    private CountedPolicy _start = null!;
    private InferenceStage _stage = null!;

    private ModelSwitch Models => _stage.Models;

    [SetUp]
    public void MakeStage()
    {
        _start = new CountedPolicy(size: 1);
        _stage = new InferenceStage(_start, new InferenceOptions
        {
            Canary = new CanaryOptions { MinDecisions = 10, MaxDisagreement = 0.5, MaxInvalid = 1 },
        });
    }

    [TearDown]
    public void DisposeOfTheFirst() => _start.Dispose();

    [Test]
    public void ShouldDecideByTheNewModelsFromTheNextEventOnWhenTheyAreDeployed()
    {
        Assert.That(Decide(1), Is.EqualTo(1));
        Deploy(new CountedPolicy(size: 2), First);

        Assert.That(Decide(2), Is.EqualTo(2));
        Assert.That((Models.Version, Models.Swaps, Models.Ignored), Is.EqualTo((First, 1L, 0L)));
        Assert.That(_stage.Decisions, Is.EqualTo(2));
    }

    [Test]
    public void ShouldDisposeOfTheOldModelsOnceTheyAreLetGoAndNotBefore()
    {
        var first = new CountedPolicy(size: 2);
        Deploy(first, First);
        Models.Slots.Collect();
        Assert.That(first.Disposals, Is.Zero);

        Deploy(new CountedPolicy(size: 3), Second);
        Assert.That(first.Disposals, Is.Zero, "the deciding thread disposes of nothing");
        Models.Slots.Collect();
        Assert.That((first.Disposals, Models.Slots.Live), Is.EqualTo((1, 1)));
        Models.Slots.Dispose();
        Assert.That((first.Disposals, Models.Slots.Live, _start.Disposals), Is.EqualTo((1, 0, 0)));
    }

    [Test]
    public void ShouldGiveTheCanaryItsShareByTheSignalsIdWhenItRuns()
    {
        const int signals = 20_000;
        var canary = new CountedPolicy(size: 1, strategy: 1);
        Start(canary, shareBps: 1_000);

        for (ulong id = 1; id <= signals; id++) Decide(id);

        var figures = Models.Canary!;
        // Five standard deviations of a count with a tenth's chance.
        Assert.That(figures.Decisions, Is.EqualTo(signals / 10).Within(5 * Math.Sqrt(signals * 0.1 * 0.9)));
        Assert.That(figures.Decisions + figures.Others, Is.EqualTo(signals));
        Assert.That(canary.Runs, Is.EqualTo(figures.Decisions));
        Assert.That(_start.Runs, Is.EqualTo(signals), "the models beside it see every signal");
        Assert.That((figures.Disagreements, figures.Invalid, figures.MeanSizeDifference), Is.EqualTo((0L, 0L, 0.0)));

        var decisions = figures.Decisions;
        for (ulong id = 1; id <= signals; id++) Decide(id);
        Assert.That(figures.Decisions, Is.EqualTo(2 * decisions), "the same signals again");
    }

    [Test]
    public void ShouldAllocateNothingWhenACanaryRuns()
    {
        Start(new CountedPolicy(size: 1), shareBps: 5_000);

        Assert.That(AllocationMeter.FewestBytesOf(DecideAll), Is.Zero);
        Assert.That(Models.Canary!.Decisions, Is.GreaterThan(500));

        void DecideAll()
        {
            for (ulong id = 1; id <= 1_000; id++) Decide(id);
        }
    }

    [Test]
    public void ShouldRollBackWhenTheCanaryDisagreesTooOften()
    {
        Start(new CountedPolicy(size: 4), shareBps: 10_000);

        Assert.That(Enumerable.Range(1, 10).Select(id => Decide((ulong)id)), Is.All.EqualTo(5), "action 4's contracts");
        Assert.That(Decide(11), Is.EqualTo(1));

        var figures = Models.Canary!;
        Assert.That(figures.State, Is.EqualTo(CanaryState.RolledBackDisagreement));
        Assert.That((figures.Decisions, figures.Disagreements), Is.EqualTo((10L, 10L)));
        Assert.That(figures.MeanSizeDifference, Is.EqualTo(4.0));
        Assert.That(figures.ToString(), Does.StartWith("canary 000000000000000b RolledBackDisagreement: 10 decisions"));
    }

    [Test]
    public void ShouldLeaveAnswersThatAreNoneOutOfTheMeanSize()
    {
        var figures = new CanaryFigures { Version = First, ShareBps = 1 };
        var (two, five) = (default(PolicyOutputs), default(PolicyOutputs));
        two[PolicyOutputs.SizeOffset + 2] = 1;
        five[PolicyOutputs.SizeOffset + 4] = 1;
        figures.Add(in five, in two);
        figures.AddInvalid();
        Assert.That((figures.Decisions, figures.MeanSizeDifference), Is.EqualTo((2L, 3.0)));
    }

    [Test]
    public void ShouldDecideByTheOthersAndRollBackWhenTheCanaryGivesNoAnswers()
    {
        var canary = new CountedPolicy(size: 2, stop: float.NaN);
        Start(canary, shareBps: 10_000);

        Assert.That(Enumerable.Range(1, 5).Select(id => Decide((ulong)id)), Is.All.EqualTo(1));

        Assert.That(Models.Canary!.State, Is.EqualTo(CanaryState.RolledBackInvalid));
        Assert.That((Models.Canary.Invalid, canary.Runs, _stage.Fallbacks), Is.EqualTo((2L, 2, 0L)));
        Models.Slots.Collect();
        Assert.That(canary.Disposals, Is.EqualTo(1));
    }

    [Test]
    public void ShouldDecideEverythingByTheCanaryWhenItIsPromoted()
    {
        var old = new CountedPolicy(size: 2);
        Deploy(old, Second);
        Start(new CountedPolicy(size: 3), shareBps: 1);
        Send(new Command { Kind = CommandKind.PromoteModel });

        Assert.That(Decide(1), Is.EqualTo(3));
        Assert.That((Models.Version, Models.Canary!.State), Is.EqualTo((First, CanaryState.Promoted)));
        Models.Slots.Collect();
        Assert.That((old.Disposals, Models.Slots.Live), Is.EqualTo((1, 1)));
    }

    [Test]
    public void ShouldEndTheCanaryWhenItIsRolledBackOrReplaced()
    {
        var first = new CountedPolicy(size: 2);
        var second = new CountedPolicy(size: 3);
        Start(first, shareBps: 10_000);
        var figures = Models.Canary!;
        Start(second, shareBps: 10_000);
        Assert.That(figures.State, Is.EqualTo(CanaryState.RolledBack));
        Assert.That(Models.Canary, Is.Not.SameAs(figures));

        Send(new Command { Kind = CommandKind.RollbackModel });

        Assert.That(Decide(1), Is.EqualTo(1));
        Models.Slots.Collect();
        Assert.That((first.Disposals, second.Disposals, Models.Slots.Live), Is.EqualTo((1, 1, 0)));
    }

    [TestCase(CommandKind.PromoteModel, 0)]
    [TestCase(CommandKind.RollbackModel, 0)]
    [TestCase(CommandKind.DeployModel, 3, Description = "nothing is prepared there")]
    [TestCase(CommandKind.DeployModel, 99)]
    [TestCase(CommandKind.CanaryModel, -7)]
    public void ShouldGoOnAsBeforeWhenACommandHasNothingToDo(CommandKind kind, int slot)
    {
        Send(new Command { Kind = kind, ModelSlot = slot });

        Assert.That(Decide(1), Is.EqualTo(1));
        Assert.That((Models.Ignored, Models.Swaps), Is.EqualTo((1L, 0L)));
    }

    [Test]
    public void ShouldTakeNoMoreThanThereAreSlotsWhenNothingIsLetGo()
    {
        for (var i = 0; i < PolicySlots.Count; i++)
            Assert.That(Models.Slots.TryPrepare(Loaded(new CountedPolicy(1)), out _), Is.True);

        Assert.That(Models.Slots.TryPrepare(Loaded(new CountedPolicy(1)), out _), Is.False);
    }

    [TestCase(0, 0.1, 0, "MinDecisions")]
    [TestCase(1, 1.1, 0, "MaxDisagreement")]
    [TestCase(1, double.NaN, 0, "MaxDisagreement")]
    [TestCase(1, 0.1, -1, "MaxInvalid")]
    public void ShouldSayWhatToSetWhenAnOptionIsOutOfRange(int decisions, double share, int invalid, string name)
    {
        var options = new InferenceOptions
        {
            Canary = new CanaryOptions { MinDecisions = decisions, MaxDisagreement = share, MaxInvalid = invalid },
        };

        Assert.That(() => new InferenceStage(_start, options), Throws.ArgumentException.With.Message.Contains(name));
    }

    [Test]
    public void ShouldSayWhoDecidedWhenModelsAreExchangedAndACanaryRuns()
    {
        Assert.That(Signed(1), Is.EqualTo((DecisionSource.OnnxRuntime, 0ul, false)), "no version was named");
        Deploy(new CountedPolicy(size: 2), Second);
        Assert.That(Signed(2), Is.EqualTo((DecisionSource.OnnxRuntime, Second, false)));

        Start(new CountedPolicy(size: 2), shareBps: 5_000);
        var signed = Enumerable.Range(1, 100).Select(id => Signed((ulong)id)).ToList();
        Assert.That(signed.Count(static s => s.IsCanary), Is.EqualTo(Models.Canary!.Decisions).And.InRange(20, 80));
        Assert.That(signed.All(static s => s.Version == (s.IsCanary ? First : Second)));

        Send(new Command { Kind = CommandKind.PromoteModel });
        Assert.That(Signed(3), Is.EqualTo((DecisionSource.OnnxRuntime, First, false)));
    }

    [Test]
    public void ShouldSignForTheModelsThatDecidedWhenTheCanarysAnswerIsNone()
    {
        Deploy(new CountedPolicy(size: 2), Second);
        Start(new CountedPolicy(size: 2, stop: float.NaN), shareBps: 10_000);
        Assert.That(Signed(1), Is.EqualTo((DecisionSource.OnnxRuntime, Second, false)));

        Deploy(new CountedPolicy(size: 2, stop: float.NaN), First);
        Assert.That(Signed(2), Is.EqualTo((DecisionSource.RuleBased, 0ul, false)), "rules decide in their place");
    }

    /// <summary>The run before began with other models than this one, and only said which they were; 0 is the rules'.
    /// </summary>
    [TestCase(First, Second)]
    [TestCase(0ul, Second)]
    [TestCase(First, 0ul)]
    public void ShouldDecideByTheModelsThatAStateNamesWhenTheStartIsWithOthers(ulong named, ulong held)
    {
        Send(new Command { Kind = CommandKind.DeployModel, ModelVersion = named, ModelSlot = PolicySlots.None });
        var state = StateStream.ForWriting();
        Models.Transfer(state);
        using var other = new CountedPolicy(size: 2);
        var opened = new List<ulong>();
        var stage = new InferenceStage(other, new InferenceOptions());
        stage.Models.HoldAtStart(held);
        stage.Models.Open = version =>
        {
            opened.Add(version);
            return Loaded(new CountedPolicy(size: 1));
        };

        stage.Models.Transfer(StateStream.ForReading(state.Written));

        Assert.That(opened, Is.EqualTo(new[] { named }));
        _stage = stage;
        Assert.That(Decide(1), Is.EqualTo(1));
        Models.Slots.Dispose();
    }

    [Test]
    public void ShouldKnowWhatRollbacksHaveLeftUntilItDecidesAgain()
    {
        const ulong third = 33;
        foreach (var version in (ulong[])[First, Second, third])
            Deploy(new CountedPolicy(size: 1), version);
        Assert.That(Models.Left.ToArray(), Is.Empty, "nothing was rolled back");
        Deploy(new CountedPolicy(size: 1), Second, isRollback: true);
        Deploy(new CountedPolicy(size: 1), First, isRollback: true);
        Assert.That(Models.Left.ToArray(), Is.EqualTo(new[] { Second, third }));

        var state = StateStream.ForWriting();
        Models.Transfer(state);
        var loaded = new InferenceStage(_start, new InferenceOptions()).Models;
        loaded.Open = static _ => Loaded(new CountedPolicy(size: 1));
        loaded.Transfer(StateStream.ForReading(state.Written));
        Assert.That(loaded.Left.ToArray(), Is.EqualTo(new[] { Second, third }));
        loaded.Slots.Dispose();

        Deploy(new CountedPolicy(size: 1), third);
        Assert.That(Models.Left.ToArray(), Is.EqualTo(new[] { Second }));
        Send(new Command
        {
            Kind = CommandKind.CanaryModel,
            ModelVersion = Second,
            ModelSlot = Prepare(new CountedPolicy(size: 1)),
            CanaryShareBps = 1,
        });
        Assert.That(Models.Left.ToArray(), Is.EqualTo(new[] { Second }), "it is only tried");
        Send(new Command { Kind = CommandKind.PromoteModel });
        Assert.That(Models.Left.ToArray(), Is.Empty);
        for (ulong version = 100; version < 200; version++)
            Deploy(new CountedPolicy(size: 1), version, isRollback: true);
        Assert.That(Models.Left.ToArray(), Has.Length.EqualTo(16).And.All.InRange(183UL, 198UL));
        Models.Slots.Dispose();
    }

    [Test]
    public void ShouldOpenNothingWhenTheStartIsWithTheModelsThatAStateNames()
    {
        Send(new Command { Kind = CommandKind.DeployModel, ModelVersion = First, ModelSlot = PolicySlots.None });
        var state = StateStream.ForWriting();
        Models.Transfer(state);
        var stage = new InferenceStage(_start, new InferenceOptions());
        stage.Models.HoldAtStart(First);

        stage.Models.Transfer(StateStream.ForReading(state.Written));

        Assert.That((stage.Models.Version, stage.Models.Slots.Live), Is.EqualTo((First, 0)));
    }

    [Test]
    public void ShouldTakeTheMeanOfTheTimesOfThisProcessWhenAStateIsLoaded()
    {
        Start(new CountedPolicy(size: 1), shareBps: 10_000);
        for (ulong id = 1; id <= 9; id++)
            Decide(id);
        var state = StateStream.ForWriting();
        Models.Transfer(state);
        var loaded = new InferenceStage(_start, new InferenceOptions()).Models;
        loaded.Open = _ => Loaded(new CountedPolicy(size: 1));
        loaded.Transfer(StateStream.ForReading(state.Written));

        loaded.Canary!.AddTimes(100, 200);

        Assert.That(loaded.Canary.Decisions, Is.EqualTo(9));
        Assert.That((loaded.Canary.CandidateMeanNs, loaded.Canary.IncumbentMeanNs), Is.EqualTo((100.0, 200.0)));
        loaded.Slots.Dispose();
    }

    private int Decide(ulong signalId) => DecisionOn(signalId).Quantity;

    private (DecisionSource Source, ulong Version, bool IsCanary) Signed(ulong signalId)
    {
        var decision = DecisionOn(signalId);
        return (decision.Source, decision.ModelVersion, decision.Canary == 1);
    }

    private Decision DecisionOn(ulong signalId)
    {
        var e = new PipelineEvent { Header = { Kind = EventKind.TradeQualified } };
        // What an earlier event left in the slot.
        (e.Decision.ModelVersion, e.Decision.Canary) = (99, 1);
        e.Payload.TradeQualified.SignalId = signalId;
        e.Payload.TradeQualified.Action = TradeAction.Long;
        _stage.OnEvent(ref e);
        return e.Decision;
    }

    private void Deploy(CountedPolicy policy, ulong version, bool isRollback = false) => Send(new Command
    {
        Kind = CommandKind.DeployModel,
        ModelVersion = version,
        ModelSlot = Prepare(policy),
        IsRollback = isRollback ? (byte)1 : (byte)0,
    });

    private void Start(CountedPolicy policy, int shareBps) => Send(new Command
    {
        Kind = CommandKind.CanaryModel,
        ModelVersion = First,
        ModelSlot = Prepare(policy),
        CanaryShareBps = shareBps,
    });

    private int Prepare(CountedPolicy policy)
    {
        Assert.That(Models.Slots.TryPrepare(Loaded(policy), out var slot), Is.True);
        return slot;
    }

    private void Send(Command command)
    {
        var e = new PipelineEvent { Header = { Kind = EventKind.Model } };
        e.Payload.Command = command;
        _stage.OnEvent(ref e);
    }

    private static LoadedPolicy Loaded(CountedPolicy policy) => new(policy, "counted", null);
}
