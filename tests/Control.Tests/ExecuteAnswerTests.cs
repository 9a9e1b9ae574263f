using System.Net;
using System.Text.Json;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Tests.Security;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace ExecutionPipeline.Control.Tests;

/// <summary>
/// What POST /execute says became of a signal. It was decided before: so nothing is asked of a pipeline, and what the
/// pipeline has said is given.
/// </summary>
public sealed class ExecuteAnswerTests
{
    private const ulong Signal = 77;
    private const ulong Parent = 5;
    private const ulong Order = Parent << 40;
    private const long Decided = 1_700_000_000_000_000_000;

    private LoneServer _lone = null!;
    private PipelineRecords _records = null!;
    private HttpClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("xp-execute-").FullName;
        _lone = await LoneServer.StartAsync(folder, LoneServer.OptionsIn(folder));
        _records = _lone.Server.Services.GetRequiredService<PipelineRecords>();
        _client = _lone.Client(_lone.Keys["administrator"]);
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _lone.DisposeAsync();
    }

    /// <summary>A schedule whose first order the market refuses holds, and tries again.</summary>
    [TestCase(OrderStatus.Rejected, 0)]
    [TestCase(OrderStatus.Filled, 1)]
    [TestCase(OrderStatus.Expired, 0)]
    public async Task ShouldSayThatASignalIsAcceptedWhenOnlyItsFirstOrderHasEnded(OrderStatus status, int executed)
    {
        Decide(RoutingOutcome.OrderSent);
        EndOrder(status, executed);

        var (code, answer) = await ExecuteAsync();

        Assert.That(code, Is.EqualTo(HttpStatusCode.Accepted), $"{answer}");
        Assert.That(answer.GetProperty("status").GetString(), Is.EqualTo("accepted"));
        Assert.That(answer.GetProperty("execution_result").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [TestCase(RoutingOutcome.OrderSent)]
    [TestCase(RoutingOutcome.Scheduled)]
    public async Task ShouldTellWhatWasExecutedByAllOrdersWhenTheParentHasEnded(RoutingOutcome outcome)
    {
        Decide(outcome);
        EndOrder(OrderStatus.Rejected, 0);
        EndParent(executed: 5);

        var (code, answer) = await ExecuteAsync();

        Assert.That(code, Is.EqualTo(HttpStatusCode.OK), $"{answer}");
        Assert.That(answer.GetProperty("status").GetString(), Is.EqualTo("executed"));
        var result = answer.GetProperty("execution_result");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.GetProperty("quantity_filled").GetInt32(), Is.EqualTo(5));
            Assert.That(result.GetProperty("avg_fill_price").GetDecimal(), Is.EqualTo(4_000.4m));
            Assert.That(result.GetProperty("slippage_bps").GetDouble(), Is.EqualTo(1).Within(1e-9));
            Assert.That(result.GetProperty("execution_time_ms").GetDouble(), Is.EqualTo(250));
        }
    }

    /// <summary>A pipeline that begins with nothing gives the numbers of before again.</summary>
    [Test]
    public async Task ShouldNotTellTheEndOfAnotherSignalsParentWhenItHadTheSameNumber()
    {
        EndParent(executed: 5, signal: 1);
        Decide(RoutingOutcome.OrderSent);

        var (code, answer) = await ExecuteAsync();

        Assert.That(code, Is.EqualTo(HttpStatusCode.Accepted), $"{answer}");
        Assert.That(answer.GetProperty("status").GetString(), Is.EqualTo("accepted"));
        Assert.That(answer.GetProperty("execution_result").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    /// <summary>
    /// The pipeline remembers nothing of the signal and would execute it again. The parent that has ended is another's.
    /// </summary>
    [Test]
    public async Task ShouldNotSendASignalAgainWhenThePipelineBeginsWithNothingBehindIt()
    {
        Decide(RoutingOutcome.OrderSent, number: new PipelineNumber(7, 1));
        _records.Take([1], new PipelineNumber(8, 1));
        EndParent(executed: 5);

        var (code, answer) = await ExecuteAsync();

        Assert.That(code, Is.EqualTo(HttpStatusCode.OK), $"it was sent: {answer}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.GetProperty("status").GetString(), Is.EqualTo("ended"));
            Assert.That(answer.GetProperty("execution_result").ValueKind, Is.EqualTo(JsonValueKind.Null));
        }
    }

    /// <summary>A second answer has the time of the second question; the parent's times are of the first.</summary>
    [Test]
    public async Task ShouldTellHowLongItTookWhenTheSignalCameAgain()
    {
        Decide(RoutingOutcome.OrderSent, isRepeat: true);
        EndParent(executed: 5);

        var (_, answer) = await ExecuteAsync();

        Assert.That(
            answer.GetProperty("execution_result").GetProperty("execution_time_ms").GetDouble(), Is.EqualTo(250));
    }

    [Test]
    public async Task ShouldSayThatASignalIsRejectedWhenNothingOfItWasExecuted()
    {
        Decide(RoutingOutcome.OrderSent);
        EndParent(executed: 0);

        var (code, answer) = await ExecuteAsync();

        Assert.That(code, Is.EqualTo(HttpStatusCode.OK), $"{answer}");
        Assert.That(answer.GetProperty("status").GetString(), Is.EqualTo("rejected"));
        Assert.That(
            answer.GetProperty("execution_result").GetProperty("quantity_filled").GetInt32(), Is.Zero);
    }

    [TestCase(RoutingOutcome.Hold, "hold")]
    [TestCase(RoutingOutcome.RiskRefused, "rejected")]
    [TestCase(RoutingOutcome.NoCapacity, "rejected")]
    [TestCase(RoutingOutcome.NothingToDo, "rejected")]
    [TestCase(RoutingOutcome.Late, "rejected")]
    public async Task ShouldNotSayThatASignalIsExecutedWhenNoOrderLeft(RoutingOutcome outcome, string status)
    {
        Decide(outcome);

        var (code, answer) = await ExecuteAsync();

        Assert.That(code, Is.EqualTo(HttpStatusCode.OK), $"{answer}");
        Assert.That(answer.GetProperty("status").GetString(), Is.EqualTo(status));
        Assert.That(answer.GetProperty("execution_result").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    /// <summary>The pipeline lists 1,000 parents of an instrument at most, the newest.</summary>
    [TestCase(999, 1u, true)]
    [TestCase(1_000, 1u, false)]
    [TestCase(1_000, 2u, true)]
    public void ShouldNotTakeAParentForEndedWhenItsInstrumentsListMayLackIt(int others, uint instrument, bool hasEnded)
    {
        var answer = new RingAnswer();
        for (var i = 1; i <= others; i++)
            answer.Parents.Add(Listed(Parent + (ulong)i, instrument));
        Assert.That(answer.HasEnded(Parent, instrument: 1), Is.EqualTo(hasEnded));

        answer.Parents.Add(Listed(Parent, instrument: 1));
        Assert.That(answer.HasEnded(Parent, instrument: 1), Is.False, "it works");
    }

    private static byte[] Listed(ulong parent, uint instrument)
    {
        var bytes = new byte[ParentOrderStateEncoder.EncodedLength];
        _ = new ParentOrderStateEncoder(bytes) { ParentId = parent, InstrumentId = instrument };
        return bytes;
    }

    private Task<(HttpStatusCode Status, JsonElement Json)> ExecuteAsync() =>
        RunningPipeline.PostAsync(_client, "/execute", new
        {
            decision = new { action = "long", confidence = 0.9, urgency_factor = 0.9 },
            market_context = new { current_price = 4000 },
            metadata = new { signal_id = Signal, instrument = 1 },
        });

    private void Decide(RoutingOutcome outcome, bool isRepeat = false, PipelineNumber number = default)
    {
        var isSent = outcome is RoutingOutcome.OrderSent or RoutingOutcome.Scheduled;
        var bytes = new byte[DecisionEncoder.EncodedLength];
        _ = new DecisionEncoder(bytes)
        {
            TimeNs = isRepeat ? Decided + 60_000_000_000 : Decided,
            SignalId = Signal,
            OrderId = outcome == RoutingOutcome.OrderSent ? Order : 0,
            ParentId = isSent ? Parent : WireNull.UInt64,
            InstrumentId = 1,
            Outcome = outcome,
            Quantity = 5,
            ApprovedQuantity = isSent ? 5 : 0,
            Side = Side.Buy,
            Strategy = ExecutionStrategy.Twap5Min,
            IsRepeat = isRepeat,
        };
        _records.Take(bytes, number);
    }

    private void EndOrder(OrderStatus status, int executed)
    {
        var bytes = new byte[OrderStatusChangeEncoder.EncodedLength];
        _ = new OrderStatusChangeEncoder(bytes)
        {
            TimeNs = Decided + 1_000_000,
            OrderId = Order,
            SignalId = Signal,
            Quantity = 1,
            CumulativeQuantity = executed,
            LastQuantity = executed,
            Status = status,
            PreviousStatus = OrderStatus.PendingNew,
            Side = Side.Buy,
            RejectReason = status == OrderStatus.Rejected ? VenueRejectReason.MarketClosed : VenueRejectReason.None,
            Purpose = OrderPurpose.Entry,
        };
        _records.Take(bytes);
    }

    private void EndParent(int executed, ulong signal = Signal)
    {
        var bytes = new byte[ParentOrderEndedEncoder.EncodedLength];
        _ = new ParentOrderEndedEncoder(bytes)
        {
            TimeNs = Decided + 250_000_000,
            ParentId = Parent,
            SignalId = signal,
            StartTimeNs = Decided,
            ArrivalPriceE9 = 4_000_000_000_000,
            AveragePriceE9 = executed > 0 ? 4_000_400_000_000 : WireNull.Int64,
            InstrumentId = 1,
            Quantity = 5,
            Executed = executed,
            Children = 6,
            Side = Side.Buy,
            Strategy = ExecutionStrategy.Twap5Min,
            Purpose = OrderPurpose.Entry,
        };
        _records.Take(bytes);
    }
}
