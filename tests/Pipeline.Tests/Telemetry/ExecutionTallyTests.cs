using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Telemetry;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Pipeline.Tests.Telemetry;

/// <summary>What the action log comes to by strategy and by what ended the trades.</summary>
[TestFixture]
public class ExecutionTallyTests
{
    private const long E9 = 1_000_000_000;

    private readonly ActionLog _actions = new();

    [Test]
    public void ShouldAddUpOrdersSlicesAndCostByStrategy()
    {
        var tally = new ExecutionTally(_actions);
        Handle(
            tally,
            Ended(ExecutionStrategy.Twap5Min, Side.Buy, 10, executed: 8, averageE9: 5_001 * E9),
            Ended(ExecutionStrategy.Twap5Min, Side.Sell, 5, executed: 2, averageE9: 5_002 * E9),
            Ended(ExecutionStrategy.Iceberg, Side.Sell, 4, executed: 0, averageE9: 0));
        var twap = tally.Of(ExecutionStrategy.Twap5Min);
        Assert.That(
            (twap.Parents, twap.Slices, twap.ContractsOrdered, twap.ContractsExecuted),
            Is.EqualTo((2L, 6L, 15L, 10L)));
        // 8 bought a point too dear, 2 sold two points too well, of 10 at 5,000.
        Assert.That(twap.CostBps, Is.EqualTo(4 / 50_000.0 * 10_000).Within(1e-12));
        Assert.That(tally.Of(ExecutionStrategy.Iceberg).CostBps, Is.NaN);
        Assert.That(tally.Of(ExecutionStrategy.Immediate).Parents, Is.Zero);
    }

    [Test]
    public void ShouldCountTradesByWhatEndedThemAndLeaveClosesOut()
    {
        var tally = new ExecutionTally(_actions);
        var close = Ended(ExecutionStrategy.Immediate, Side.Buy, 1, executed: 1, averageE9: E9);
        close.Parent.Purpose = OrderPurpose.Close;
        Handle(tally, Closed(ExitReason.StopLoss), close, Closed(ExitReason.TakeProfit), Closed(ExitReason.StopLoss));
        Assert.That(
            (tally.Of(ExitReason.StopLoss), tally.Of(ExitReason.TakeProfit), tally.Of(ExitReason.TimeOut)),
            Is.EqualTo((2L, 1L, 0L)));
        Assert.That(tally.Of(ExecutionStrategy.Immediate).Parents, Is.Zero);
    }

    private void Handle(ExecutionTally tally, params RoutingAction[] actions)
    {
        var e = default(PipelineEvent);
        _actions.Begin();
        foreach (var action in actions)
            _actions.Add() = action;
        _actions.End(ref e);
        tally.OnEvent(in e);
    }

    private static RoutingAction Ended(
        ExecutionStrategy strategy, Side side, int quantity, int executed, long averageE9) => new()
        {
            Kind = RoutingActionKind.ParentEnded,
            Parent = new ParentState
            {
                Strategy = strategy,
                Side = side,
                Quantity = quantity,
                Executed = executed,
                Children = 3,
                AveragePriceE9 = averageE9,
                ArrivalPriceE9 = 5_000 * E9,
            },
        };

    private static RoutingAction Closed(ExitReason reason) => new()
    {
        Kind = RoutingActionKind.TradeClosed,
        Trade = new ClosedTrade { ExitReason = reason },
    };
}
