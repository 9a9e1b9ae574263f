using System.Diagnostics;
using System.Globalization;
using System.Text;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using NUnit.Framework.Interfaces;

namespace ExecutionPipeline.Cli.Tests.Crashes;

/// <summary>
/// Engine, pipeline and venue are killed in any order at any moment, and started again. In the end the journals, the
/// books of both sides, what was published, and the audit must say the same: nothing lost, nothing twice.
/// </summary>
[Parallelizable]
public sealed class CrashLoopTests
{
    private const string Variable = "XP_TEST_ROUNDS";
    private const int MostEvents = 500;

    private static readonly PipelineOptions Options =
        PipelineConfiguration.Parse(Encoding.UTF8.GetBytes(CrashRig.Configuration));

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-crashes-").FullName;

    [TearDown]
    public void RemoveFolderUnlessItShowsAFault()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
            TestContext.Out.WriteLine($"kept: {_folder}");
        else
            Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void ShouldLoseNothingAndDoNothingTwiceWhenAnyProcessIsKilledAtAnyMoment()
    {
        var random = TestSeed.NewRandom();
        var rounds = int.Parse(Environment.GetEnvironmentVariable(Variable) ?? "20", CultureInfo.InvariantCulture);
        var clock = Stopwatch.StartNew();
        using var rig = new CrashRig(_folder);
        using var audit = new AuditBooks(_folder, rig.PipelineJournal, Options);
        rig.AwaitEvents(MostEvents);
        for (var round = 1; round <= rounds; round++)
        {
            var role = (Role)random.Next(3);
            rig.Crash(role);
            // Now and then the next one is killed while this one starts.
            var events = random.Next(5) == 0 ? 0 : random.Next(1, MostEvents);
            rig.AwaitEvents(events);
            if (round == rounds / 2)
                audit.GoOn();
            if (round % 10 == 0)
                TestContext.Progress.WriteLine(FormattableString.Invariant(
                    $"round {round} of {rounds} after {clock.Elapsed.TotalSeconds:0} s: {rig.Events} events"));
        }

        rig.AwaitEvents(2 * MostEvents);
        rig.End();
        audit.GoOn();
        var venue = VenueBooks.Read(rig.VenueJournal, Options);
        var pipeline = PipelineBooks.Read(rig.PipelineJournal, Options);
        TestContext.Out.WriteLine(FormattableString.Invariant(
            $"{rounds} rounds, {clock.Elapsed.TotalSeconds:0} s, {rig.Events} events, {pipeline.Signals.Count} ")
            + FormattableString.Invariant(
                $"signals of which {pipeline.Signals.Count(static s => s.Value > 1)} came again, ")
            + FormattableString.Invariant($"{pipeline.Executed} executed, ")
            + FormattableString.Invariant($"{venue.Executions.Count} executions, {rig.Outbound.Told.Count} messages"));
        TestContext.Out.WriteLine(string.Join(", ", pipeline.Outcomes.Select(static one => $"{one.Value} {one.Key}")));
        using (Assert.EnterMultipleScope())
        {
            AssertWhole(rig);
            AssertBooks(venue, pipeline);
            AssertTold(rig, pipeline);
            AssertAudit(audit, venue, pipeline);
        }
    }

    private static void AssertWhole(CrashRig rig)
    {
        foreach (var folder in new[] { rig.PipelineJournal, rig.VenueJournal })
        {
            var survey = JournalSurvey.Of(folder, CancellationToken.None);
            Assert.That((survey.Problem, survey.End), Is.EqualTo(((string?)null, JournalEnd.Ordered)), folder);
        }
    }

    private static void AssertBooks(VenueBooks venue, PipelineBooks pipeline)
    {
        var replay = pipeline.Replay;
        Assert.That((replay.DiffersBefore, replay.AgreedTo), Is.EqualTo(((long?)null, replay.Count)));
        Assert.That(venue.Contradictions, Is.Zero);
        Assert.That(pipeline.Executions, Is.EquivalentTo(venue.Executions), "each side knows the other's executions");
        var portfolio = replay.Chain.Context.Portfolio;
        Assert.That(portfolio.Position(0), Is.EqualTo(venue.Executions.Values.Sum(static one => one.Signed)));
        Assert.That(portfolio.FeesE6, Is.EqualTo(venue.Executions.Values.Sum(static one => one.FeeE6)));
        Assert.That(
            replay.Chain.Routing.FilledQuantity, Is.EqualTo(venue.Executions.Values.Sum(static one => one.Quantity)));
        Assert.That((venue.OpenOrders, replay.Chain.Routing.Orders.WorkingOrders), Is.EqualTo((0, 0)));
        Assert.That(venue.Executions, Has.Count.GreaterThan(5));
    }

    private static void AssertTold(CrashRig rig, PipelineBooks pipeline)
    {
        Assert.That(pipeline.ExecutedTwice, Is.Empty);
        Assert.That(
            pipeline.Signals.Keys.Order(),
            Is.EqualTo(Enumerable.Range(1, pipeline.Signals.Count).Select(i => (ulong)i)),
            "no signal was lost");
        Assert.That(rig.Outbound.Twice, Is.Empty, "no number was used twice");
        Assert.That(
            rig.Outbound.Told.Where(told => pipeline.Told.GetValueOrDefault(told.Key) != told.Value), Is.Empty,
            "what was told follows from the journal");
        Assert.That(rig.Outbound.Told, Is.Not.Empty);
    }

    private static void AssertAudit(AuditBooks audit, VenueBooks venue, PipelineBooks pipeline)
    {
        Assert.That(audit.Verify().Problems, Is.Empty);
        Assert.That(audit.Signals(), Is.EquivalentTo(pipeline.Signals.Keys));
        Assert.That(
            audit.Booked(),
            Is.EquivalentTo(venue.Executions.ToDictionary(
                static one => one.Key.ToString(CultureInfo.InvariantCulture), static one => one.Value.Quantity)));
    }
}
