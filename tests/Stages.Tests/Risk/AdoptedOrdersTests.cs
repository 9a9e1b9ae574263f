using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Risk;

namespace ExecutionPipeline.Stages.Tests.Risk;

public class AdoptedOrdersTests
{
    private const int Capacity = 3;
    private AdoptedOrders _orders = null!;

    [SetUp]
    public void Begin() => _orders = new AdoptedOrders(Capacity);

    [TestCase(5, ExpectedResult = 5)]
    [TestCase(1, ExpectedResult = 1)]
    [TestCase(0, ExpectedResult = 0)]
    [TestCase(-1, ExpectedResult = 0)]
    public int ShouldReserveWhatIsLeftWhenAnOrderIsAdopted(int left) => _orders.Add(Of(1), left);

    [Test]
    public void ShouldReserveOnceWhenAnOrderIsToldOfTwice()
    {
        _orders.Add(Of(1), 5);

        Assert.That(_orders.Add(Of(1), 4), Is.Zero);
        Assert.That(Settle(Of(1), booked: 9), Is.EqualTo((true, 5)), "the first word counts");
    }

    [Test]
    public void ShouldReserveForNoMoreThanItHasRoomFor()
    {
        for (ulong id = 1; id <= Capacity; id++)
            Assert.That(_orders.Add(Of(id), 1), Is.EqualTo(1));

        Assert.That(_orders.Add(Of(9), 1), Is.Zero);
        Assert.That(Settle(Of(9), booked: 1), Is.EqualTo((false, 0)));
    }

    [Test]
    public void ShouldReleaseWhatIsExecutedAndTheRestAtTheEnd()
    {
        _orders.Add(Of(1), 5);
        _orders.Add(Of(2), 7);

        Assert.That(Settle(Of(1), booked: 2), Is.EqualTo((true, 2)));
        Assert.That(Settle(Of(1), booked: 1, ended: 1), Is.EqualTo((true, 3)), "with its end all that is left");
        Assert.That(Settle(Of(1), booked: 1), Is.EqualTo((false, 0)), "it is known no more");
        Assert.That(Settle(Of(2), booked: 8), Is.EqualTo((true, 7)), "never more than was reserved");
    }

    [Test]
    public void ShouldKeepOrdersApartWhenPlacesAreTakenAgain()
    {
        for (ulong id = 1; id <= Capacity; id++)
            _orders.Add(Of(id), (int)id);
        Settle(Of(2), booked: 0, ended: 1);
        Settle(Of(1), booked: 1);

        Assert.That((_orders.Add(Of(10), 10), _orders.Add(Of(20), 20)), Is.EqualTo((10, 20)));
        Assert.That(_orders.Add(Of(30), 30), Is.Zero);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Settle(Of(3), booked: 99), Is.EqualTo((true, 3)));
            Assert.That(Settle(Of(10), booked: 99), Is.EqualTo((true, 10)));
            Assert.That(Settle(Of(20), booked: 99), Is.EqualTo((true, 20)));
        }
    }

    [Test]
    public void ShouldReleaseNothingWhenTheReportIsRefusedOrOfAnotherInstrumentOrSide()
    {
        _orders.Add(Of(1), 5);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Settle(Of(1), booked: 5, isRefused: true), Is.EqualTo((true, 0)));
            Assert.That(Settle(Of(1) with { InstrumentIndex = 1 }, booked: 5), Is.EqualTo((true, 0)));
            Assert.That(Settle(Of(1) with { Side = Side.Sell }, booked: 5), Is.EqualTo((true, 0)));
            Assert.That(Settle(Of(1), booked: 5), Is.EqualTo((true, 5)), "all is still reserved");
        }
    }

    private static ExecutionReport Of(ulong orderId) =>
        new() { OrderId = orderId, InstrumentIndex = 0, Side = Side.Buy };

    private (bool IsAdopted, int Settled) Settle(
        ExecutionReport report, int booked, byte ended = 0, bool isRefused = false)
    {
        var resolution = new ExecutionResolution
        {
            Booked = booked,
            Ended = ended,
            Disposition = isRefused ? ReportDisposition.Duplicate : default,
        };
        return (_orders.TrySettle(report, resolution, out var settled), settled);
    }
}
