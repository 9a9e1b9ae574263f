using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Routing;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Routing;

/// <summary>
/// Four are held. A sale of four takes risk off, and passes limits and kill switch for that; one that was approved
/// beside it, as adding risk, is executed first.
/// </summary>
[TestFixture]
public class ReducingRightsTests
{
    private const int Held = 4;
    private ulong _lastExecution;

    /// <summary>The other sale ends with the command, and is executed before that reaches the venue.</summary>
    [TestCase(CommandKind.Kill, ExecutionStrategy.Immediate)]
    [TestCase(CommandKind.Kill, ExecutionStrategy.Twap5Min)]
    [TestCase(CommandKind.StopEntries, ExecutionStrategy.Immediate)]
    [TestCase(CommandKind.StopEntries, ExecutionStrategy.Twap5Min)]
    public void ShouldSellNoMoreThanIsHeldWhenAnotherSaleIsExecutedAsItEnds(
        CommandKind command, ExecutionStrategy strategy)
    {
        var (rig, venue, reducing) = Selling();
        Assert.That(rig.Signal(Side.Sell, Held, strategy: strategy).Verdict.Reducing, Is.Zero);
        var other = venue.Orders[^1];
        rig.Command(command);
        Fill(rig, other);

        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(Held - other.Quantity));
        Assert.That(LeftOf(rig, reducing), Is.EqualTo(Held - other.Quantity));
    }

    /// <summary>Nobody has stopped anything, so both are sold as approved; but the first one now adds risk.</summary>
    [Test]
    public void ShouldHoldBackASaleThatOpensInAnothersPlaceWhenTheGateIsClosed()
    {
        var (rig, venue, reducing) = Selling();
        Answer(rig, venue.Orders[^1], ExecutionReportKind.New);
        rig.Signal(Side.Sell, Held);
        Fill(rig, venue.Orders[^1]);
        Assert.That((rig.Portfolio.Position(0), LeftOf(rig, reducing)), Is.EqualTo((0, Held)));

        rig.Command(CommandKind.JournalDegraded);
        var sent = rig.Routing.OrdersSent + rig.Routing.ReplacesSent;
        rig.AdvanceTo(rig.TimeNs + 100 * E9);
        Assert.That(rig.Routing.OrdersSent + rig.Routing.ReplacesSent, Is.EqualTo(sent), "slices have become due");
        Assert.That(rig.Routing.CountOf(ChildRefusal.Gate), Is.Positive);

        rig.Command(CommandKind.JournalRestored);
        rig.AdvanceTo(rig.TimeNs + E9);
        Assert.That(rig.Routing.OrdersSent + rig.Routing.ReplacesSent, Is.GreaterThan(sent), "it goes on");
    }

    /// <summary>The gate to the venue asks the order itself.</summary>
    [Test]
    public void ShouldSayOfTheOrderAtTheVenueThatItAddsRiskWhenItOpensInAnothersPlace()
    {
        var (rig, venue, _) = Selling();
        var resting = venue.Orders[^1].OrderId;
        Assert.That(IsReducing(rig, resting), Is.True);
        rig.Signal(Side.Sell, 1);
        Fill(rig, venue.Orders[^1]);
        Assert.That(IsReducing(rig, resting), Is.False, "three are held, and four are to be sold");
    }

    [Test]
    public void ShouldEndASaleThatOpensInAnothersPlaceWhenTheKillSwitchIsTripped()
    {
        var (rig, venue, reducing) = Selling();
        rig.Signal(Side.Sell, 2);
        Fill(rig, venue.Orders[^1]);
        rig.Command(CommandKind.Kill);
        Answer(rig, venue.Orders[1], ExecutionReportKind.Cancelled);
        Assert.That((rig.Routing.WorkingParents, LeftOf(rig, reducing)), Is.EqualTo((0, 0)));
    }

    private static bool IsReducing(StageRig rig, ulong orderId)
    {
        Assert.That(rig.Routing.Orders.TryFind(orderId, out var slot));
        return rig.Routing.Orders[slot].IsReducing;
    }

    /// <summary>Four were bought, and a sale of them that takes risk off is worked over five minutes.</summary>
    private (StageRig Rig, SilentVenue Venue, ulong Reducing) Selling()
    {
        var venue = new SilentVenue();
        var rig = new StageRig(gateway: venue, execution: new ExecutionOptions
        {
            Immediate = new ImmediateOptions { MaxSlippageBps = 0 },
            Twap = new TwapOptions { MaxSlippageBps = 0, TargetParticipationRate = 0 },
        });
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Buy, Held);
        Fill(rig, venue.Orders[0]);
        var verdict = rig.Signal(Side.Sell, Held, strategy: ExecutionStrategy.Twap5Min).Verdict;
        Assert.That(verdict.Reducing, Is.EqualTo(1));
        return (rig, venue, verdict.ParentId);
    }

    /// <summary>Contracts that a parent is still to execute; 0 where it has ended or is about to.</summary>
    private static int LeftOf(StageRig rig, ulong parentId) => rig.ActionsOf(rig.Command(CommandKind.Query))
        .Where(action => action.Parent.ParentId == parentId && action.Parent.State == ParentOrderState.Working)
        .Sum(static action => action.Parent.Quantity - action.Parent.Executed);

    private void Fill(StageRig rig, in Order order) => rig.Report(new ExecutionReport
    {
        OrderId = order.OrderId,
        ExecutionId = ++_lastExecution,
        Kind = ExecutionReportKind.Trade,
        Side = order.Side,
        LastQuantity = order.Quantity,
        CumulativeQuantity = order.Quantity,
        LastPriceE9 = Price(5_000),
        OrderQuantity = order.Quantity,
    });

    private static void Answer(StageRig rig, in Order order, ExecutionReportKind kind) =>
        rig.Report(new ExecutionReport
        {
            OrderId = order.OrderId,
            Kind = kind,
            Side = order.Side,
            OrderQuantity = order.Quantity,
        });
}
