using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Hosting;

/// <summary>An ordered end books everything that venues report before it is over.</summary>
[TestFixture(Topology.Inline)]
[TestFixture(Topology.Fused)]
[TestFixture(Topology.Pipelined)]
public sealed class OrderedEndTests(Topology topology)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    [Test]
    public void ShouldBookWhatTheVenueReportsAfterTheEndWasAskedFor()
    {
        LateVenue venue = null!;
        using var pipeline = new MemoryPipeline(
            topology, (_, reports) => new Pipeline.Hosting.Venue(venue = new LateVenue(reports.OpenQueue())));
        pipeline.StartWithSignals(5);
        var host = pipeline.Host;
        Assert.That(host.Chain.Routing.Orders.WorkingOrders, Is.EqualTo(venue.Submitted).And.Positive);

        var stop = Task.Run(() => host.Stop(Timeout));
        pipeline.Await(() => host.IsEnding);
        pipeline.SendSignal(6);
        venue.Answer();
        Assert.That(stop.Wait(Timeout));

        Assert.That(host.Chain.Routing.Fills, Is.EqualTo(venue.Submitted));
        Assert.That(host.Chain.Routing.Orders.WorkingOrders, Is.Zero);
        Assert.That(host.Chain.Context.Portfolio.Position(0), Is.EqualTo(host.Chain.Routing.FilledQuantity));
        Assert.That(pipeline.SignalsSeen, Is.EqualTo(5), "no new signal");
        Assert.That((host.EndNote, host.Fault), Is.EqualTo(((string?)null, (object?)null)));
    }

    [Test]
    public void ShouldSayWhatIsStillAtTheVenueWhenItDoesNotAnswer()
    {
        LateVenue venue = null!;
        using var pipeline = new MemoryPipeline(
            topology, (_, reports) => new Pipeline.Hosting.Venue(venue = new LateVenue(reports.OpenQueue())));
        pipeline.StartWithSignals(1);
        pipeline.Host.Stop(TimeSpan.FromMilliseconds(300));

        Assert.That(pipeline.Host.EndNote, Does.StartWith("1 orders were still working at the venue"));
    }

    [Test]
    public void ShouldLeaveOrdersWhenThatIsSet()
    {
        RestingVenue venue = null!;
        var state = new StateOptions { OrdersAtEnd = OrdersAtEnd.Leave };
        using var pipeline = new MemoryPipeline(
            topology,
            (_, reports) => new Pipeline.Hosting.Venue(venue = new RestingVenue(reports.OpenQueue())),
            state);
        pipeline.StartWithSignals(3);
        pipeline.Host.Stop(Timeout);

        Assert.That((venue.Resting, venue.CancelAlls), Is.EqualTo((venue.Submitted, 0)));
        Assert.That(pipeline.Host.Ingress.ReportsTaken, Is.EqualTo(venue.Submitted));
        Assert.That(pipeline.Host.EndNote, Is.Null);
    }

    [Test]
    public void ShouldEndFlatWhenPositionsAreToBeClosed()
    {
        using var pipeline = new MemoryPipeline(
            topology, state: new StateOptions { OrdersAtEnd = OrdersAtEnd.Flatten });
        pipeline.StartWithSignals(1);
        var chain = pipeline.Host.Chain;
        pipeline.Await(() => chain.Routing.Fills > 0);
        pipeline.Host.Stop(Timeout);

        Assert.That(chain.Routing.FilledQuantity, Is.GreaterThanOrEqualTo(2), "bought and sold");
        Assert.That(chain.Context.Portfolio.Position(0), Is.Zero);
        Assert.That((chain.Routing.Orders.WorkingOrders, chain.Routing.WorkingParents), Is.EqualTo((0, 0)));
        Assert.That((pipeline.Host.EndNote, pipeline.Host.Fault), Is.EqualTo(((string?)null, (object?)null)));
    }

    [Test]
    public void ShouldCloseWhatWasNeverStarted([Values] bool isRecorded)
    {
        var record = isRecorded ? Directory.CreateTempSubdirectory("xp-end-").FullName : null;
        try
        {
            var pipeline = new MemoryPipeline(topology, journal: record);
            Assert.That(pipeline.Dispose, Throws.Nothing);
            Assert.That(pipeline.Dispose, Throws.Nothing, "once more");
            Assert.That((pipeline.Host.Fault, pipeline.Host.EndNote), Is.EqualTo(((object?)null, (string?)null)));
            if (record == null)
                return;

            using var reader = new JournalReader(record);
            var e = default(PipelineEvent);
            Assert.That(reader.TryRead(ref e), Is.False, "whole, and without an event");
        }
        finally
        {
            if (record != null)
                Directory.Delete(record, recursive: true);
        }
    }
}
