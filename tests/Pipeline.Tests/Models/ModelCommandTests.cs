using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Tests.Recovery;
using ExecutionPipeline.Pipeline.Tests.Support;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Stages.Inference.Swap;

namespace ExecutionPipeline.Pipeline.Tests.Models;

[TestFixture(Topology.Inline)]
[TestFixture(Topology.Pipelined)]
public sealed class ModelCommandTests(Topology topology)
{
    private TestModels _models = null!;
    private LivePipeline _pipeline = null!;
    private ulong _signals;

    private ModelSwitch Switch => _pipeline.Host.Chain.Inference.Models;

    [SetUp]
    public void Launch()
    {
        _signals = 0;
        _models = new TestModels();
        _pipeline = new LivePipeline(topology, journal: _models.JournalFolder, models: _models.Source);
        _pipeline.SendQuote();
        _pipeline.SendModelCommand(CommandKind.DeployModel, _models.First);
        AwaitVersion(_models.First);
    }

    [TearDown]
    public void End()
    {
        _pipeline.Dispose();
        _models.Dispose();
    }

    [Test]
    public void ShouldMissNothingWhenModelsAreDeployedBetweenSignals()
    {
        SendSignals(50);
        _pipeline.SendModelCommand(CommandKind.DeployModel, _models.Second);
        SendSignals(50);
        AwaitVersion(_models.Second);
        SendSignals(50);

        _pipeline.Await(() => _pipeline.Host.Chain.Telemetry.SignalsSeen == 150);
        var inference = _pipeline.Host.Chain.Inference;
        Assert.That((inference.Decisions, inference.Fallbacks, Switch.Swaps), Is.EqualTo((150L, 0L, 2L)));
        _pipeline.Await(() => _models.Store.History()[0] == _models.Second);
        Assert.That(_models.Store.History(), Is.EqualTo(new[] { _models.Second, _models.First }));
        Assert.That(_pipeline.Host.Fault, Is.Null);
    }

    [Test]
    public void ShouldGoBackToTheModelsBeforeWhenRolledBack()
    {
        _pipeline.SendModelCommand(CommandKind.DeployModel, _models.Second);
        AwaitVersion(_models.Second);
        _pipeline.Await(() => _models.Store.History()[0] == _models.Second);
        _pipeline.SendModelCommand(CommandKind.RollbackModel);
        AwaitVersion(_models.First);

        _pipeline.Await(() => _models.Store.History()[0] == _models.First);
        _pipeline.Await(() => Switch.Slots.Live == 1);
    }

    [Test]
    public void ShouldNeverReturnToModelsThatWereLeftWhenRolledBackTwice()
    {
        DeploySecondAndThird();
        foreach (var version in (ModelVersion[])[_models.Second, _models.First])
        {
            _pipeline.SendModelCommand(CommandKind.RollbackModel);
            AwaitVersion(version);
            _pipeline.Await(() => _models.Store.History()[0] == version);
        }

        Assert.That(_models.Store.History(), Is.EqualTo(new[] { _models.First }));
        Refuse(() => _pipeline.SendModelCommand(CommandKind.RollbackModel), "there is no previous version");
    }

    [Test]
    public void ShouldWriteDownWhatDecidesOnceTheStoreCanBeWrittenAgain()
    {
        var current = BreakCurrentBehindSecond();
        _pipeline.SendModelCommand(CommandKind.DeployModel, _models.First);
        AwaitNote($"is not written down as current: {current}: ");

        Directory.Delete(current);

        _pipeline.Await(() => File.Exists(current) && _models.Store.History()[0] == _models.First);
    }

    /// <summary>What was left is known to whoever goes on with the journal, whatever the store has taken.</summary>
    [Test]
    public void ShouldNeverReturnToModelsThatWereLeftWhenTheStoreTakesThatAfterARestartAlone([Values] bool isKilled)
    {
        DeploySecondAndThird();
        var block = BlockWriting();
        _pipeline.SendModelCommand(CommandKind.RollbackModel);
        AwaitVersion(_models.Second);
        AwaitNote("is not written down as current: ");
        using var folders = new CrashedFolder();
        var folder = isKilled ? folders.Copy(_models.JournalFolder) : _models.JournalFolder;
        _pipeline.Dispose();
        Directory.Delete(block);

        _pipeline = new LivePipeline(topology, journal: folder, models: _models.Source);
        Assert.That(Switch.Version, Is.EqualTo(_models.Second.Prefix));
        _pipeline.Await(() => _models.Store.History()[0] == _models.Second);
        Assert.That(_models.Store.History(), Is.EqualTo(new[] { _models.Second, _models.First }));
        _pipeline.SendModelCommand(CommandKind.RollbackModel);
        AwaitVersion(_models.First);
        _pipeline.Await(() => _models.Store.History()[0] == _models.First);
        Assert.That(_models.Store.History(), Is.EqualTo(new[] { _models.First }));
    }

    [Test]
    public void ShouldNeverReturnToModelsThatWereLeftWhenTheStoreTakesTwoRollbacksAtOnce()
    {
        var third = DeploySecondAndThird();
        var block = BlockWriting();
        foreach (var version in (ModelVersion[])[_models.Second, _models.First])
        {
            _pipeline.SendModelCommand(CommandKind.RollbackModel);
            AwaitVersion(version);
        }

        Refuse(() => _pipeline.SendModelCommand(CommandKind.RollbackModel), "there is no previous version");
        Directory.Delete(block);
        _pipeline.Await(() => _models.Store.History()[0] == _models.First);
        Assert.That(_models.Store.History(), Is.EqualTo(new[] { _models.First }));

        _pipeline.SendModelCommand(CommandKind.DeployModel, third);
        AwaitVersion(third);
        _pipeline.Await(() => _models.Store.History()[0] == third);
        Assert.That(_models.Store.History(), Is.EqualTo(new[] { third, _models.First }), "it decides again");
    }

    /// <summary>Every attempt takes a slot, and there are few.</summary>
    [Test]
    public void ShouldTryACanaryAllTheSameWhenTheStoreCannotKeepIt()
    {
        Directory.CreateDirectory(Path.Combine(_models.Store.Location, "canary"));
        for (var attempt = 0; attempt < 12; attempt++)
        {
            _pipeline.SendModelCommand(CommandKind.CanaryModel, _models.Second, shareBps: 1);
            _pipeline.Await(() => Switch.Canary is { State: CanaryState.Running });
            _pipeline.SendModelCommand(CommandKind.RollbackModel);
            _pipeline.Await(() => Switch.Canary is { State: CanaryState.RolledBack });
        }

        AwaitNote($"{_models.Second} is not written down as canary: ");
        _pipeline.Await(() => Switch.Slots.Live == 1);
    }

    [Test]
    public void ShouldKeepACanaryInTheStoreWhileItRuns()
    {
        var add = new ModelStore(_models.Store.Location, retention: 2);
        _pipeline.SendModelCommand(CommandKind.CanaryModel, _models.Second, shareBps: 1);
        _pipeline.Await(() => Switch.Canary is { State: CanaryState.Running });
        AddOne(1);
        Assert.That(File.Exists(_models.FileOf(_models.Second)), "it is being tried");

        _pipeline.SendModelCommand(CommandKind.RollbackModel);
        _pipeline.Await(() => !File.Exists(Path.Combine(_models.Store.Location, "canary")));
        AddOne(2);
        Assert.That(File.Exists(_models.FileOf(_models.Second)), Is.False);

        void AddOne(int model) =>
            _models.Add(manifest => manifest with { Models = [manifest.Models[model]] }, add);
    }

    [Test]
    public void ShouldDecideEverythingByTheCanaryWhenItIsPromoted()
    {
        _pipeline.SendModelCommand(CommandKind.CanaryModel, _models.Second, shareBps: 10_000);
        _pipeline.Await(() => Switch.Canary is { State: CanaryState.Running });
        SendSignals(20);
        _pipeline.Await(() => Switch.Canary!.Decisions == 20);
        Assert.That(Switch.Version, Is.EqualTo(_models.First.Prefix));

        _pipeline.SendModelCommand(CommandKind.PromoteModel);
        AwaitVersion(_models.Second);

        Assert.That(Switch.Canary!.State, Is.EqualTo(CanaryState.Promoted));
        _pipeline.Await(() => _models.Store.History()[0] == _models.Second);
    }

    [Test]
    public void ShouldEndTheCanaryWhenRolledBack()
    {
        _pipeline.SendModelCommand(CommandKind.CanaryModel, _models.Second, shareBps: 1);
        _pipeline.Await(() => Switch.Canary is { State: CanaryState.Running });
        _pipeline.SendModelCommand(CommandKind.RollbackModel);
        _pipeline.Await(() => Switch.Canary is { State: CanaryState.RolledBack });

        Assert.That(Switch.Version, Is.EqualTo(_models.First.Prefix));
        _pipeline.Await(() => Switch.Slots.Live == 1);
    }

    [Test]
    public void ShouldKeepWhoDecidesAndSayWhyWhenModelsCannotBeUsed()
    {
        File.AppendAllText(_models.FileOf(_models.Second), "x");
        var poor = _models.Add(static manifest => manifest with
        {
            Models = [.. manifest.Models.Take(2)],
            Validation = manifest.Validation with { Size = manifest.Validation.Size with { Accuracy = 0.74 } },
        });

        Refuse(() => _pipeline.SendModelCommand(CommandKind.DeployModel, _models.Second), "SHA-256 is");
        Refuse(() => _pipeline.SendModelCommand(CommandKind.DeployModel, new ModelVersion(~0ul)), "0 versions begin");
        Refuse(() => _pipeline.SendModelCommand(CommandKind.CanaryModel, poor, 100), "0.74 is below the gate of 0.75");
        Refuse(() => _pipeline.SendModelCommand(CommandKind.PromoteModel), "no canary runs");
        Refuse(() => _pipeline.SendModelCommand(CommandKind.RollbackModel), "there is no previous version");

        Assert.That((Switch.Version, Switch.Swaps, Switch.Slots.Live), Is.EqualTo((_models.First.Prefix, 1L, 1)));
        _pipeline.Await(() => _pipeline.Received.GetValueOrDefault(ExecutionErrorLayout.TemplateId) == 5);
    }

    [Test]
    public void ShouldNamePathAndFaultWhenFilesOfAVersionAreNotAsTheyShouldBe()
    {
        var file = _models.FileOf(_models.Second);
        File.Delete(file);
        Refuse(() => _pipeline.SendModelCommand(CommandKind.DeployModel, _models.Second), $"{file}: there is no such");
        File.CreateSymbolicLink(file, _models.FileOf(_models.First));
        Refuse(() => _pipeline.SendModelCommand(CommandKind.DeployModel, _models.Second), $"{file}: it leads outside");
        File.Delete(file);
        Directory.CreateDirectory(file);
        Refuse(() => _pipeline.SendModelCommand(CommandKind.DeployModel, _models.Second), $"{file}: it may not be");
        Assert.That((Switch.Version, Switch.Swaps, Switch.Slots.Live), Is.EqualTo((_models.First.Prefix, 1L, 1)));
    }

    [Test]
    public void ShouldNamePathAndFaultWhenTheStoreIsDamaged()
    {
        var current = BreakCurrentBehindSecond();
        Refuse(() => _pipeline.SendModelCommand(CommandKind.RollbackModel), $"{current}: ");
        _pipeline.SendModelCommand(CommandKind.DeployModel, _models.First);
        AwaitVersion(_models.First);
        AwaitNote($"is not written down as current: {current}: ");

        var versions = Path.Combine(_models.Store.Location, "versions");
        Directory.Move(versions, versions + "-away");
        File.WriteAllText(versions, "");
        Refuse(() => _pipeline.SendModelCommand(CommandKind.DeployModel, _models.Second), $"{versions}: ");
        Assert.That(Switch.Version, Is.EqualTo(_models.First.Prefix));
    }

    [Test]
    public void ShouldGiveTheSameBytesWhenARunWithSwapsIsReplayed()
    {
        SendSignals(30);
        _pipeline.SendModelCommand(CommandKind.DeployModel, _models.Second);
        AwaitVersion(_models.Second);
        SendSignals(30);
        _pipeline.SendModelCommand(CommandKind.CanaryModel, _models.First, shareBps: 5_000);
        _pipeline.Await(() => Switch.Canary is { State: CanaryState.Running });
        SendSignals(30);
        _pipeline.Await(() => _pipeline.Host.Chain.Telemetry.SignalsSeen == 90);
        _pipeline.Host.Stop(TimeSpan.FromSeconds(60));
        var sent = Enum.GetValues<OutboundKind>().Sum(kind => _pipeline.Host.Chain.Outbound.SentOf(kind));
        _pipeline.Await(() => _pipeline.Received.Values.Sum() == sent);
        var canary = Switch.Canary!;
        _pipeline.Host.Dispose();

        foreach (var other in (Topology[])[Topology.Inline, Topology.Fused, Topology.Pipelined])
        {
            using var bytes = new MemoryStream();
            var replay = Replay(other, bytes, _models.Open);
            Assert.That(bytes.ToArray().AsSpan().SequenceEqual(_pipeline.Outbound.ToArray()), $"{other} differs");
            var again = replay.Chain.Inference.Models.Canary!;
            Assert.That((again.Decisions, again.Others), Is.EqualTo((canary.Decisions, canary.Others)));
            Assert.That(replay.Chain.Inference.Models.Slots.Live, Is.Zero);
        }

        Assert.That(
            () => Replay(Topology.Inline, Stream.Null, null),
            Throws.TypeOf<InvalidDataException>()
                .With.Message.Contains($"deploys models {_models.First}: name the store"));
    }

    private JournalReplay Replay(Topology other, Stream output, Func<ModelVersion, LoadedPolicy>? open)
    {
        using var input = new JournalReader(_models.JournalFolder);
        var replay = new JournalReplay(
            LivePipeline.OptionsOf(other), TestPipelines.Rules(), new StreamSink(output), open);
        replay.Run(input, CancellationToken.None);
        return replay;
    }

    /// <summary>Deploys another version, and puts a folder into the place of the file that says so. Its path.</summary>
    private string BreakCurrentBehindSecond()
    {
        _pipeline.SendModelCommand(CommandKind.DeployModel, _models.Second);
        _pipeline.Await(() => _models.Store.History()[0] == _models.Second);
        var current = Path.Combine(_models.Store.Location, "current");
        File.Delete(current);
        Directory.CreateDirectory(current);
        return current;
    }

    private ModelVersion DeploySecondAndThird()
    {
        var third = _models.Add(static manifest => manifest with { Models = [.. manifest.Models.Take(2)] });
        foreach (var version in (ModelVersion[])[_models.Second, third])
        {
            _pipeline.SendModelCommand(CommandKind.DeployModel, version);
            AwaitVersion(version);
            _pipeline.Await(() => _models.Store.History()[0] == version);
        }

        return third;
    }

    /// <summary>Lets the history be read and not written: a folder is where the next file is to be. Its path.</summary>
    private string BlockWriting()
    {
        var path = Path.Combine(_models.Store.Location, $"current{DurableFile.NextSuffix}");
        Directory.CreateDirectory(path);
        return path;
    }

    private void SendSignals(int count)
    {
        for (var i = 0; i < count; i++)
            _pipeline.SendSignal(++_signals, _signals % 2 == 0 ? TradeAction.Short : TradeAction.Long);
    }

    private void AwaitVersion(ModelVersion version) => _pipeline.Await(() => Switch.Version == version.Prefix);

    private void Refuse(Action send, string reason)
    {
        var before = _pipeline.Host.Ingress.Rejects[RejectReason.ModelRefused];
        send();
        _pipeline.Await(() => _pipeline.Host.Ingress.Rejects[RejectReason.ModelRefused] == before + 1);
        AwaitNote(reason);
    }

    private void AwaitNote(string text)
    {
        var notes = new List<string>();
        _pipeline.Await(() =>
        {
            while (_pipeline.Host.Models!.TryReadNote(out var note))
                notes.Add(note);

            return notes.Exists(note => note.Contains(text, StringComparison.Ordinal));
        });
        Assert.That(notes, Has.None.Contains("\n").And.None.Contains("Exception"));
    }
}
