using System.Reflection;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Hosting;

/// <summary>
/// Whatever fails on the path of an event ends trading, in every topology alike. A stage is made to throw by taking
/// away the state that it works with.
/// </summary>
[TestFixture(Topology.Inline)]
[TestFixture(Topology.Fused)]
[TestFixture(Topology.Pipelined)]
public sealed class FaultTests(Topology topology)
{
    private const int Last = 21;

    private readonly string _folder = Directory.CreateTempSubdirectory("xp-fault-").FullName;

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldEndTradingAndNameStageAndEventWhenAStageThrows(
        [Values("context", "inference", "risk", "routing", "outbound", "telemetry", "the journal")] string stage,
        [Values(1, 11, Last)] int at)
    {
        RestingVenue venue = null!;
        var record = Path.Combine(_folder, $"{stage}-{at}");
        using var pipeline = new MemoryPipeline(
            topology,
            (_, reports) => new Pipeline.Hosting.Venue(venue = new RestingVenue(reports.OpenQueue())),
            journal: record);
        pipeline.StartWithSignals(at - 1);
        pipeline.Await(() => pipeline.Host.Ingress.ReportsTaken == venue.Submitted && pipeline.Host.IsDrained);
        Break(pipeline, stage);
        pipeline.SendSignal((ulong)at);
        pipeline.Await(() => pipeline.Host.Fault != null);
        var submitted = venue.Submitted;
        for (var id = at + 1; id <= Last + 5; id++)
            pipeline.SendSignal((ulong)id);
        pipeline.SendCommand(CommandKind.CloseAll);
        pipeline.Host.Stop(TimeSpan.FromSeconds(60));

        var fault = pipeline.Host.Fault!;
        Assert.That(
            (fault.Where, fault.Kind, fault.CorrelationId), Is.EqualTo((stage, EventKind.TradeQualified, (ulong)at)));
        Assert.That(fault.Message, Does.StartWith($"{stage} failed on event {fault.Sequence} (TradeQualified {at}): "));
        Assert.That(venue.Submitted, Is.EqualTo(submitted), "no order leaves after the failure");
        Assert.That((venue.CancelAlls, venue.Resting), Is.EqualTo((1, 0)), "what rested is cancelled");
        Assert.That(pipeline.Host.IsKilled, Is.True);
        Assert.That(pipeline.Host.EndNote, Is.Null);
        if (stage != "the journal")
            Assert.That(pipeline.Host.ReportsUnbooked, Is.GreaterThanOrEqualTo(submitted));
    }

    [Test]
    public void ShouldJournalTheEventThatFailedAndTheReportsAfterIt()
    {
        var record = Path.Combine(_folder, "kept");
        RestingVenue venue = null!;
        using (var pipeline = new MemoryPipeline(
            topology,
            (_, reports) => new Pipeline.Hosting.Venue(venue = new RestingVenue(reports.OpenQueue())),
            journal: record))
        {
            pipeline.StartWithSignals(3);
            pipeline.Await(() => pipeline.Host.Ingress.ReportsTaken == venue.Submitted && pipeline.Host.IsDrained);
            Break(pipeline, "risk");
            pipeline.SendSignal(4);
            pipeline.Await(() => pipeline.Host.Fault != null);
            pipeline.Host.Stop(TimeSpan.FromSeconds(60));
        }

        using var reader = new JournalReader(record);
        var e = default(PipelineEvent);
        var cancelled = 0;
        var isRecorded = false;
        while (reader.TryRead(ref e))
        {
            isRecorded |= e.Header is { Kind: EventKind.TradeQualified, CorrelationId: 4 };
            if (e.Header.Kind == EventKind.ExecutionReport
                && e.Payload.ExecutionReport.Kind == ExecutionReportKind.Cancelled)
                cancelled++;
        }

        Assert.That(isRecorded);
        Assert.That(cancelled, Is.EqualTo(venue.Submitted));
    }

    [Test]
    public void ShouldEndTradingInWordsWhenTheKillSwitchCannotBeWritten()
    {
        var folder = Path.Combine(_folder, "gone");
        Directory.CreateDirectory(folder);
        var state = new StateOptions { KillSwitchFile = Path.Combine(folder, "kill-switch.json") };
        using var pipeline = new MemoryPipeline(topology, state: state);
        pipeline.StartWithSignals(2);
        Directory.Delete(folder);
        pipeline.SendCommand(CommandKind.Kill, id: 77);
        pipeline.Await(() => pipeline.Host.Fault != null);
        pipeline.Host.Stop(TimeSpan.FromSeconds(60));

        var fault = pipeline.Host.Fault!;
        Assert.That(
            (fault.Where, fault.Kind, fault.CorrelationId),
            Is.EqualTo(("the kill switch's file", EventKind.Command, 77UL)));
        Assert.That(fault.Message, Does.Contain("kill-switch.json").And.Not.Contain("   at "));
        Assert.That(pipeline.Host.Chain.Risk.IsKilled, Is.True, "it is latched in memory");
    }

    [Test]
    public void ShouldEndTradingWhenTheVenueThrows()
    {
        var venue = new HangingVenue(null!);
        venue.GoOn();
        using var pipeline = new MemoryPipeline(topology, (_, _) => new Pipeline.Hosting.Venue(venue));
        pipeline.SendQuote();
        pipeline.Host.Start();
        pipeline.SendSignal(1);
        pipeline.Await(() => pipeline.Host.Fault != null);
        pipeline.Host.Stop(TimeSpan.FromSeconds(60));

        Assert.That(pipeline.Host.Fault!.Where, Is.EqualTo("routing"));
        Assert.That(pipeline.Host.EndNote, Does.Contain("may not be cancelled"));
    }

    [Test]
    public void ShouldAskAgainForTheCancelsWhenTheVenueIsNotReachedAtOnce()
    {
        var (pipeline, venue) = Fail(unreached: 2);
        using (pipeline)
        {
            Assert.That((venue.CancelAlls, venue.Resting), Is.EqualTo((3, 0)));
            Assert.That(pipeline.Host.EndNote, Is.Null);
        }
    }

    [Test]
    public void ShouldSayWhatMayGoOnRestingWhenTheVenueIsNeverReached()
    {
        var (pipeline, venue) = Fail(unreached: int.MaxValue);
        using (pipeline)
        {
            Assert.That(venue.Resting, Is.Positive);
            Assert.That(
                pipeline.Host.EndNote, Is.EqualTo("what rests may not be cancelled: venue 0 was not reached"));
        }
    }

    /// <summary>A pipeline whose risk stage has failed, with orders that rest.</summary>
    private (MemoryPipeline Pipeline, RestingVenue Venue) Fail(int unreached)
    {
        RestingVenue venue = null!;
        var pipeline = new MemoryPipeline(
            topology,
            (_, reports) => new Pipeline.Hosting.Venue(
                venue = new RestingVenue(reports.OpenQueue()) { Unreached = unreached }));
        pipeline.StartWithSignals(3);
        pipeline.Await(() => pipeline.Host.Ingress.ReportsTaken == venue.Submitted && pipeline.Host.IsDrained);
        Break(pipeline, "risk");
        pipeline.SendSignal(4);
        pipeline.Await(() => pipeline.Host.Fault != null);
        pipeline.Host.Stop(TimeSpan.FromSeconds(60));
        return (pipeline, venue);
    }

    private static void Break(MemoryPipeline pipeline, string stage)
    {
        var chain = pipeline.Host.Chain;
        object target = stage switch
        {
            "context" => chain.Context,
            "inference" => chain.Inference,
            "risk" => chain.Risk,
            "routing" => chain.Routing,
            "outbound" => chain.Outbound,
            "telemetry" => chain.Telemetry,
            _ => pipeline.Host.Journal!,
        };
        foreach (var field in target.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic))
        {
            // The journal is ended as after a failure of the disk.
            if (!field.FieldType.IsValueType && (stage != "the journal" || field.Name == "_writer"))
                field.SetValue(target, null);
        }
    }
}
