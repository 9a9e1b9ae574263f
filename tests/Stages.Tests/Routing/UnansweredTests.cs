using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Routing;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Routing;

/// <summary>Requests that a venue does not answer: it is asked what became of the order.</summary>
[TestFixture]
public class UnansweredTests
{
    private DeafLine _line = null!;
    private StageRig _rig = null!;

    [SetUp]
    public void SetUp() => Start(new RoutingOptions());

    [Test]
    [Description("7: a submit that times out is asked for; the venue had accepted and filled it")]
    public void ShouldBookTheExecutionOnceWhenTheAnswerToASubmitIsLost()
    {
        _line.LosesReports = true;
        var order = _rig.Signal(Side.Buy, 3).Routing.Order;
        _line.LosesReports = false;
        Wait(1);
        Assert.That((_line.Questions, StatusOf(order)), Is.EqualTo((0, OrderStatus.PendingNew)));
        Wait(1);
        Assert.That((_line.Questions, _rig.Routing.Unanswered), Is.EqualTo((1, 1L)));
        Assert.That((_rig.Portfolio.Position(0), _rig.Risk.PendingQuantity(0)), Is.EqualTo((3, 0)));
        Assert.That((StatusOf(order), _rig.Routing.WorkingParents), Is.EqualTo((OrderStatus.Filled, 0)));
        Assert.That(_rig.Drained.Sum(static e => e.Resolution.Inferred), Is.Zero, "each at its own price");
        Wait(100);
        Assert.That(_line.Questions, Is.EqualTo(1));
    }

    [Test]
    public void ShouldEndTheOrderAndFreeWhatIsReservedWhenItNeverArrived()
    {
        _line.LosesRequests = true;
        var order = _rig.Signal(Side.Buy, 3).Routing.Order;
        Assert.That(_rig.Risk.PendingQuantity(0), Is.EqualTo(3));
        _line.LosesRequests = false;
        Wait(3);
        Assert.That((StatusOf(order), _rig.Risk.PendingQuantity(0)), Is.EqualTo((OrderStatus.Rejected, 0)));
        Assert.That((_rig.Routing.OrdersSent, _rig.Portfolio.Position(0)), Is.EqualTo((1L, 0)), "it is not resent");
        Assert.That(_rig.Routing.Rejected, Is.EqualTo(1));
    }

    [Test]
    public void ShouldAskAgainWithGrowingWaitsAndTellEachTimeWhenNothingIsAnswered()
    {
        _line.LosesReports = true;
        var order = _rig.Signal(Side.Buy, 3).Routing.Order;
        var told = new List<(long Second, int Count)>();
        for (var second = 1; second <= 200; second++)
        {
            _rig.AdvanceTo(_rig.TimeNs + E9);
            var e = _rig.Second();
            told.AddRange(_rig.ActionsOf(e)
                .Where(a => a.Kind == RoutingActionKind.Unanswered && a.Inquiry.OrderId == order.OrderId)
                .Select(a => ((long)second, a.Inquiry.Count)));
            _rig.Drain();
        }

        Assert.That(told, Is.EqualTo(new[]
        {
            (2L, 1), (6L, 2), (14L, 3), (30L, 4), (62L, 5), (122L, 6), (182L, 7),
        }));
        Assert.That((StatusOf(order), _rig.Risk.PendingQuantity(0)), Is.EqualTo((OrderStatus.PendingNew, 3)));
        _line.LosesReports = false;
        Wait(60);
        Assert.That(_rig.Portfolio.Position(0), Is.EqualTo(3));
    }

    [Test]
    public void ShouldAskForTheCancelAgainWhenItWasLost()
    {
        var order = Rest();
        _line.LosesRequests = true;
        _rig.Command(CommandKind.CancelAll);
        _line.LosesRequests = false;
        Assert.That(StatusOf(order), Is.EqualTo(OrderStatus.PendingCancel));
        Wait(3);
        Assert.That((StatusOf(order), _rig.Routing.WorkingParents), Is.EqualTo((OrderStatus.Cancelled, 0)));
    }

    [Test]
    public void ShouldTakeTheVenuesTermsWhenTheWordOfAReplacementIsLost()
    {
        var order = Rest();
        _line.LosesReports = true;
        _rig.Market(5_001, 5_001.25);
        _line.LosesReports = false;
        Assert.That(StatusOf(order), Is.EqualTo(OrderStatus.PendingReplace));
        Wait(3);
        _rig.Routing.Orders.TryFind(order.OrderId, out var slot);
        Assert.That(
            (_rig.Routing.Orders[slot].Status, _rig.Routing.Orders[slot].LimitPriceE9),
            Is.EqualTo((OrderStatus.New, Price(5_001))));
    }

    [Test]
    public void ShouldFindTheExecutionWhenTheVenueKnowsNothingOfAnOrderToBeCancelled()
    {
        var order = Rest();
        _line.LosesReports = true;
        _rig.Market(4_990, 4_990.25);
        _line.LosesReports = false;
        Wait(3);
        Assert.That(_rig.Portfolio.Position(0), Is.GreaterThan(0), "the fill was lost, and found");
        Assert.That(_rig.Drained.Sum(static e => e.Resolution.Inferred), Is.Zero);
        _rig.Routing.Orders.TryFind(order.OrderId, out var slot);
        Assert.That(_rig.Routing.Orders[slot].Status, Is.EqualTo(OrderStatus.Filled));
    }

    /// <summary>A request to a venue that is just back can be lost, and nothing else would ever be heard.</summary>
    [Test]
    public void ShouldAskAgainForAnOrderOfALostVenueWhenOverdueAnswersAreNotAskedFor()
    {
        Start(new RoutingOptions { AnswerTimeoutMs = 0, AnswerTimeoutMaxMs = 5_000 });
        var order = Rest();
        _rig.Report(new ExecutionReport { Kind = ExecutionReportKind.VenueLost });
        Wait(20);
        Assert.That(_line.Questions, Is.Zero, "it is not there");
        _line.LosesRequests = true;
        _rig.Report(new ExecutionReport { Kind = ExecutionReportKind.VenueBack });
        _line.LosesRequests = false;
        Wait(4);
        Assert.That((_line.Questions, IsDoubted(order)), Is.EqualTo((1, true)));
        Wait(1);
        Assert.That((_line.Questions, IsDoubted(order)), Is.EqualTo((2, false)));
        Wait(20);
        Assert.That(_line.Questions, Is.EqualTo(2));
    }

    [Test]
    public void ShouldNotAskForARequestWhenOverdueAnswersAreNotAskedFor()
    {
        Start(new RoutingOptions { AnswerTimeoutMs = 0 });
        _line.LosesReports = true;
        _rig.Signal(Side.Buy, 3);
        Wait(200);
        Assert.That((_line.Questions, _rig.Routing.Unanswered), Is.EqualTo((0, 0L)));
    }

    private void Start(RoutingOptions routing)
    {
        _rig = new StageRig(
            routing: routing,
            venue: rig =>
            {
                _line = new DeafLine(rig);
                _line.Venue = new SimulatedExchange(rig.Instruments, _line, new SimulatedExchangeOptions());
                return _line;
            });
        _rig.Market(5_000, 5_000.25);
    }

    private bool IsDoubted(in OrderState order)
    {
        Assert.That(_rig.Routing.Orders.TryFind(order.OrderId, out var slot));
        return _rig.Routing.Orders[slot].IsDoubted;
    }

    private OrderState Rest()
    {
        var order = _rig.Signal(Side.Buy, 30, strategy: ExecutionStrategy.Twap5Min).Routing.Order;
        _rig.Drain();
        Assert.That(StatusOf(order), Is.EqualTo(OrderStatus.New));
        return order;
    }

    private OrderStatus StatusOf(in OrderState order)
    {
        Assert.That(_rig.Routing.Orders.TryFind(order.OrderId, out var slot));
        return _rig.Routing.Orders[slot].Status;
    }

    private void Wait(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _rig.AdvanceTo(_rig.TimeNs + E9);
            _rig.Second();
            _rig.Drain();
        }
    }
}
