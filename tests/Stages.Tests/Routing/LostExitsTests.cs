using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Routing;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Routing;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Routing;

/// <summary>What becomes of a trade whose exits are at a venue that is lost.</summary>
[TestFixture]
public class LostExitsTests
{
    private readonly DeafLine[] _lines = new DeafLine[2];
    private int _least;

    /// <summary>What the lost venue did with a trade's stop and target, and nobody heard.</summary>
    public enum Fate
    {
        Rest,
        StopFilled,
        TargetFilled,
        TargetFilledInPart,
        Cancelled,
        NeverArrived,
    }

    /// <summary>
    /// Another exit could be executed beside those of which nobody knows: so none is sent before the venue has told,
    /// not even where an operator wants everything closed.
    /// </summary>
    [Test]
    public void ShouldExitOnceWhateverTheLostVenueDid([Values] Fate fate, [Values] bool isClosed)
    {
        var rig = Open();
        rig.Signal(Side.Buy, 5);
        _lines[0].LosesRequests = fate == Fate.NeverArrived;
        rig.Drain();
        Assert.That(rig.Routing.Orders.WorkingOrders, Is.EqualTo(2), "a stop and a target");

        _lines[0].LosesReports = true;
        Tell(rig, ExecutionReportKind.VenueLost);
        Suffer(rig, fate);
        if (isClosed)
            rig.Command(CommandKind.CloseAll);
        Pass(rig, 30);
        Assert.That((_lines[1].Submitted, rig.Portfolio.Position(0)), Is.EqualTo((0, 5)), "nobody knows yet");

        (_lines[0].LosesRequests, _lines[0].LosesReports) = (false, false);
        Tell(rig, ExecutionReportKind.VenueBack);
        Pass(rig, 30);
        AssertOneExit(rig, fate, isClosed);
        rig.Command(CommandKind.CloseAll);
        Pass(rig, 30);
        Assert.That((rig.Portfolio.Position(0), _least), Is.EqualTo((0, 0)), "it was never sold beyond what was held");
        Assert.That((rig.Routing.Trades.OpenTrades, rig.Routing.Orders.WorkingOrders), Is.EqualTo((0, 0)));
        Assert.That(rig.Routing.WorkingParents, Is.Zero);
    }

    /// <summary>Once it is certain that the exits are not there, others go where they can be reached.</summary>
    [Test]
    public void ShouldSendExitsElsewhereWhenThoseAtTheVenueAreCertainlyGone()
    {
        var rig = Open();
        rig.Signal(Side.Buy, 5);
        rig.Drain();
        _lines[0].Venue.TryCancelAll(rig.TimeNs);
        Tell(rig, ExecutionReportKind.VenueLost);
        Pass(rig, 5);
        Assert.That((_lines[1].Submitted, rig.Routing.Orders.WorkingSellQuantity(0)), Is.EqualTo((10, 10)));
    }

    [Test]
    public void ShouldCancelThemWhenTheVenueIsBackAfterTheEndWasAskedFor()
    {
        var rig = Open();
        rig.Signal(Side.Buy, 5);
        rig.Drain();
        _lines[0].LosesReports = true;
        Tell(rig, ExecutionReportKind.VenueLost);
        rig.Command(CommandKind.CancelAll, reason: CommandReason.Host);
        Pass(rig, 2);
        Assert.That(rig.Routing.Orders.WorkingOrders, Is.EqualTo(2), "they cannot be cancelled");
        _lines[0].LosesReports = false;
        Tell(rig, ExecutionReportKind.VenueBack);
        Pass(rig, 5);
        Assert.That((rig.Portfolio.Position(0), rig.Routing.Orders.WorkingOrders), Is.EqualTo((5, 0)));
    }

    /// <summary>An exit that an ordered end has cancelled was not ended by the venue.</summary>
    [Test]
    public void ShouldSendTheExitsAgainHoweverOftenThePipelineEndsAndStarts()
    {
        var rig = Open();
        rig.Signal(Side.Buy, 5);
        rig.Drain();
        for (var starts = 1; starts <= 5; starts++)
        {
            rig.Command(CommandKind.CancelAll, reason: CommandReason.Host);
            rig.Drain();
            Assert.That(rig.Routing.Orders.WorkingOrders, Is.Zero, "an ordered end leaves none");
            rig.Command(CommandKind.Restart);
            Tell(rig, ExecutionReportKind.VenueBack);
            Pass(rig, 5);
            Assert.That(rig.Portfolio.Position(0), Is.EqualTo(5), $"nothing closes the trade after start {starts}");
            Assert.That(rig.Routing.Orders.WorkingSellQuantity(0), Is.EqualTo(10), "a stop and a target");
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public void ShouldCutOrRepairWhenTheTradeGotSmallerMeanwhile(bool isStopFilled)
    {
        var rig = Open();
        rig.Signal(Side.Buy, 5);
        rig.Drain();
        _lines[0].LosesReports = true;
        Tell(rig, ExecutionReportKind.VenueLost);
        rig.Signal(Side.Sell, 3);
        Pass(rig, 5);
        Assert.That((rig.Portfolio.Position(0), _lines[1].Submitted), Is.EqualTo((2, 3)), "the entry is elsewhere");
        Assert.That(rig.Routing.Orders.WorkingSellQuantity(0), Is.EqualTo(10), "the exits cannot be cut");
        Suffer(rig, isStopFilled ? Fate.StopFilled : Fate.Rest);
        _lines[0].LosesReports = false;
        Tell(rig, ExecutionReportKind.VenueBack);
        Pass(rig, 30);
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(isStopFilled ? 0 : 2));
        Assert.That(rig.Routing.Orders.WorkingSellQuantity(0), Is.EqualTo(isStopFilled ? 0 : 4));
        Assert.That(rig.Routing.Trades.OpenTrades, Is.EqualTo(isStopFilled ? 0 : 1), "the excess is taken back");
    }

    private static void AssertOneExit(StageRig rig, Fate fate, bool isClosed)
    {
        var sold = fate switch
        {
            Fate.StopFilled or Fate.TargetFilled => 5,
            _ when isClosed => 5,
            Fate.TargetFilledInPart => 2,
            _ => 0,
        };
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(5 - sold));
        Assert.That(rig.Routing.Orders.WorkingSellQuantity(0), Is.EqualTo(2 * (5 - sold)), "stop and target, as large");
    }

    /// <summary>The stop lies at 4,925, the target at 5,150.25.</summary>
    private void Suffer(StageRig rig, Fate fate)
    {
        if (fate == Fate.StopFilled)
            rig.Market(4_900, 4_900.25);
        else if (fate == Fate.TargetFilled)
            rig.Market(5_160, 5_160.25);
        else if (fate == Fate.TargetFilledInPart)
            rig.Market(5_150.25, 5_150.5, quantity: 2);
        else if (fate == Fate.Cancelled)
            _lines[0].Venue.TryCancelAll(rig.TimeNs);
        rig.Market(5_000, 5_000.25);
    }

    private StageRig Open()
    {
        var rig = new StageRig(
            bracket: new BracketOptions(),
            venue: r => Line(r, 0),
            others: r => [Line(r, 1)],
            routing: new RoutingOptions { Venues = [new() { Name = "first" }, new() { Name = "second", Fee = 1 }] });
        _least = 0;
        rig.Observer = _ => _least = Math.Min(_least, rig.Portfolio.Position(0));
        rig.Market(5_000, 5_000.25);
        return rig;
    }

    private DeafLine Line(StageRig rig, int number)
    {
        var line = new DeafLine(rig);
        line.Venue = new SimulatedExchange(rig.Instruments, line, new SimulatedExchangeOptions(), (byte)number);
        return _lines[number] = line;
    }

    private static void Tell(StageRig rig, ExecutionReportKind kind) =>
        rig.Report(new ExecutionReport { Kind = kind, Venue = 0 });

    private static void Pass(StageRig rig, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            rig.AdvanceTo(rig.TimeNs + E9);
            rig.Second();
            rig.Drain();
        }
    }
}
