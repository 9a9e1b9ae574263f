using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Tests.Ingress;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Pipeline.Tests.Outbound;

[TestFixture]
public class OutboundPublisherTests
{
    private static readonly InstrumentOptions[] Options = [new() { Id = 7, Symbol = "ES" }];

    private readonly List<byte[]> _messages = [];

    /// <summary>What a command cancels is told of by the orders' own reports: the event itself names none.</summary>
    [TestCase(RoutingOutcome.CancelSent, 0ul, 0)]
    [TestCase(RoutingOutcome.NothingToDo, 0ul, 0)]
    [TestCase(RoutingOutcome.OrderSent, 5ul, 1)]
    public void ShouldTellOfNoOrderWhenACommandSendsNone(RoutingOutcome outcome, ulong orderId, int expected)
    {
        var e = default(PipelineEvent);
        e.Header = new EventHeader { Kind = EventKind.Command, TimeNs = 1 };
        e.Payload.Command = new Command { Kind = CommandKind.CancelAll };
        e.Routing = new RoutingResult { Outcome = outcome, Order = new OrderState { OrderId = orderId } };
        Publish(ref e);
        Assert.That(_messages.Count(static message => OrderStatusChangeDecoder.TryWrap(message, out _)),
            Is.EqualTo(expected));
    }

    [TestCase(2, 2)]
    [TestCase(0, 1)]
    public void ShouldTellThePositionOnceWhenAnExecutionIsReportedTwice(int booked, int expected)
    {
        var e = default(PipelineEvent);
        e.Header = new EventHeader { Kind = EventKind.ExecutionReport, TimeNs = 1 };
        e.Payload.ExecutionReport = new ExecutionReport
        {
            OrderId = 5,
            ExecutionId = 9,
            Kind = ExecutionReportKind.Trade,
            LastQuantity = 2,
        };
        e.Resolution.Booked = booked;
        e.Routing.Order.OrderId = 5;
        Publish(ref e);
        Assert.That(_messages, Has.Count.EqualTo(expected));
        Assert.That(OrderStatusChangeDecoder.TryWrap(_messages[0], out var order), Is.True);
        Assert.That((order.OrderId, order.LastQuantity), Is.EqualTo((5ul, booked)));
    }

    private void Publish(ref PipelineEvent e)
    {
        _messages.Clear();
        var figures = new ViolationFigures(new InstrumentTable(Options), new RiskLimits());
        var sink = new OutboundList(_messages);
        new OutboundPublisher(new InstrumentIds(7), figures, new ActionLog(), sink, signals: 1).OnEvent(ref e);
    }
}
