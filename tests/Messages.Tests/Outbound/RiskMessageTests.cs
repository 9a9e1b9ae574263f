using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Outbound;
using ExecutionPipeline.Messages.Tests.Conformance;
using ExecutionPipeline.Messages.Wire;
using WireSchema = ExecutionPipeline.Messages.Wire.Schema;

namespace ExecutionPipeline.Messages.Tests.Outbound;

/// <summary>RISK_VIOLATION and RISK_STATE, read by the schema file alone and by the decoders.</summary>
public class RiskMessageTests
{
    private static readonly SbeSchema File = SbeSchema.Load();
    private static readonly InstrumentIds Instruments = new(10, 20, 30);
    private readonly byte[] _buffer = new byte[WireSchema.MaxEncodedLength];

    [SetUp]
    public void FillBuffer() => Array.Fill(_buffer, (byte)0xA5);

    public static PipelineEvent Tripped()
    {
        PipelineEvent e = default;
        e.Header = new EventHeader { Kind = EventKind.Command, InstrumentIndex = 2, TimeNs = 5, CorrelationId = 88 };
        e.Payload.Command = new Command { Kind = CommandKind.Kill, Reason = 9, OperatorId = 7 };
        e.Portfolio.DailyDrawdown = 0.25;
        e.Verdict = new RiskVerdict
        {
            KillSwitch = 1,
            KillCause = KillCause.LossCap,
            Changes = RiskChanges.Tripped | RiskChanges.Breaker,
            Responses = BreakerResponses.Throttle,
            Volatility = VolatilityRegime.Volatile,
            Regime = MarketRegime.Recovery,
            BreakerStates = 0b01_10_01_00_01,
            EntriesStopped = 1,
        };
        return e;
    }

    [Test]
    public void ShouldSayLimitAndValueWhenALimitIsBroken()
    {
        var e = SampleEvents.Signal();
        var length = RefusalEncoder.EncodeRiskViolation(
            in e, RiskViolations.Notional, 500_000, 750_000.5, Instruments, _buffer);
        Assert.That(length, Is.EqualTo(RiskViolationEncoder.EncodedLength));
        Assert.That(File.Message("RISK_VIOLATION").Read(_buffer), Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["timeNs"] = SampleEvents.TimeNs,
            ["signalId"] = 77ul,
            ["limitValue"] = 500_000.0,
            ["value"] = 750_000.5,
            ["instrumentId"] = 20ul,
            ["violation"] = 8ul,
            ["quantity"] = 3L,
            ["approvedQuantity"] = 2L,
        }));
        Assert.That(RiskViolationDecoder.TryWrap(_buffer, out var d), Is.True);
        Assert.That(
            (d.TimeNs, d.SignalId, d.LimitValue, d.Value, d.InstrumentId, d.Violation, d.Quantity, d.ApprovedQuantity),
            Is.EqualTo((SampleEvents.TimeNs, 77ul, 500_000.0, 750_000.5, 20u, RiskViolations.Notional, 3, 2)));
    }

    [Test]
    public void ShouldSayNullWhenALimitHasNoNumber()
    {
        var e = SampleEvents.Signal();
        RefusalEncoder.EncodeRiskViolation(
            in e, RiskViolations.KillSwitch, double.NaN, double.NaN, Instruments, _buffer);
        var values = File.Message("RISK_VIOLATION").Read(_buffer);
        Assert.That((values["limitValue"], values["value"]), Is.EqualTo(((object?)null, (object?)null)));
    }

    [Test]
    public void ShouldSayTheWholeStateWhenSomethingChanged()
    {
        var e = Tripped();
        OutboundEncoder.EncodeRiskState(in e, Instruments, _buffer);
        Assert.That(File.Message("RISK_STATE").Read(_buffer), Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["timeNs"] = 5L,
            ["correlationId"] = 88ul,
            ["dailyDrawdown"] = 0.25,
            ["instrumentId"] = 30ul,
            ["reason"] = 9L,
            ["killSwitchLatched"] = 1ul,
            ["killCause"] = 2ul,
            ["changes"] = 5ul,
            ["responses"] = 8ul,
            ["volatilityRegime"] = 1ul,
            ["marketRegime"] = 5ul,
            ["volatilityBreaker"] = 1ul,
            ["failureBreaker"] = 0ul,
            ["venueBreaker"] = 1ul,
            ["loadBreaker"] = 2ul,
            ["answerBreaker"] = 1ul,
            ["entriesStopped"] = 1ul,
            ["operatorId"] = 7ul,
        }));
        Assert.That(RiskStateDecoder.TryWrap(_buffer, out var d), Is.True);
        Assert.That(
            (d.TimeNs, d.CorrelationId, d.DailyDrawdown, d.InstrumentId, d.Reason, d.IsKillSwitchLatched, d.KillCause),
            Is.EqualTo((5L, 88ul, 0.25, 30u, 9, true, KillCause.LossCap)));
        Assert.That(
            (d.Changes, d.Responses, d.VolatilityRegime, d.MarketRegime, d.VolatilityBreaker, d.FailureBreaker),
            Is.EqualTo((e.Verdict.Changes, BreakerResponses.Throttle, VolatilityRegime.Volatile, MarketRegime.Recovery,
                BreakerState.Open, BreakerState.Closed)));
        Assert.That(
            (d.VenueBreaker, d.LoadBreaker, d.AnswerBreaker),
            Is.EqualTo((BreakerState.Open, BreakerState.HalfOpen, BreakerState.Open)));
    }

    [Test]
    public void ShouldSayWhatACommandDidAndTheStateAfterIt()
    {
        var e = Commanded();
        OutboundEncoder.EncodeCommandResult(in e, Instruments, _buffer);

        Assert.That(File.Message("COMMAND_RESULT").Read(_buffer), Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["timeNs"] = 5L,
            ["commandId"] = 88ul,
            ["modelVersion"] = 0ul,
            ["equity"] = 25L,
            ["realizedPnl"] = 23L,
            ["unrealizedPnl"] = -24L,
            ["dailyDrawdown"] = 0.25,
            ["instrumentId"] = 20ul,
            ["reason"] = 9L,
            ["position"] = -4L,
            ["workingOrders"] = 6L,
            ["cancelsSent"] = 2L,
            ["closingQuantity"] = 4L,
            ["tradesToday"] = 11L,
            ["ordersInSecond"] = 3L,
            ["instruments"] = (ulong)Instruments.Count,
            ["kind"] = 4ul,
            ["outcome"] = 1ul,
            ["killSwitchLatched"] = 1ul,
            ["killCause"] = 2ul,
            ["changes"] = 4ul,
            ["breakers"] = 6ul,
            ["operatorId"] = 7ul,
            ["parentsListed"] = 0ul,
            ["entriesStopped"] = 1ul,
        }));
    }

    [Test]
    public void ShouldSayHowManyParentOrdersFollowWhenAQueryListsThem()
    {
        var e = Commanded();
        e.Payload.Command.Kind = CommandKind.Query;
        e.Routing.ActionCount = 300;
        OutboundEncoder.EncodeCommandResult(in e, Instruments, _buffer);
        Assert.That(CommandResultDecoder.TryWrap(_buffer, out var result), Is.True);
        Assert.That(result.ParentsListed, Is.EqualTo(300));

        var parent = SampleEvents.Parent();
        OutboundEncoder.EncodeParentState(in e, in parent, Instruments, _buffer);
        Assert.That(ParentOrderStateDecoder.TryWrap(_buffer, out var state), Is.True);
        Assert.That(
            (state.CommandId, state.ParentId, state.InstrumentId, state.Executed, state.Quantity, state.State),
            Is.EqualTo((88ul, parent.ParentId, Instruments[1], 2, 5, ParentOrderState.Paused)));
    }

    /// <summary>A command to close that sent cancellations and an order, under the kill switch.</summary>
    internal static PipelineEvent Commanded()
    {
        PipelineEvent e = default;
        e.Header = new EventHeader { Kind = EventKind.Command, InstrumentIndex = 1, TimeNs = 5, CorrelationId = 88 };
        e.Payload.Command = new Command
        {
            CommandId = 88,
            Kind = CommandKind.CloseAll,
            Reason = 9,
            OperatorId = 7,
        };
        e.Portfolio = new PortfolioSnapshot
        {
            Position = -4,
            EquityE6 = 25,
            RealizedPnlE6 = 23,
            UnrealizedPnlE6 = -24,
            DailyDrawdown = 0.25,
        };
        e.Routing = new RoutingResult
        {
            Outcome = RoutingOutcome.OrderSent,
            WorkingOrders = 6,
            CancelsSent = 2,
        };
        e.Verdict = new RiskVerdict
        {
            KillSwitch = 1,
            KillCause = KillCause.LossCap,
            Changes = RiskChanges.Breaker,
            ApprovedQuantity = 4,
            TradesToday = 11,
            OrdersInSecond = 3,
            BreakerStates = 0b01_10,
            EntriesStopped = 1,
        };
        return e;
    }
}
