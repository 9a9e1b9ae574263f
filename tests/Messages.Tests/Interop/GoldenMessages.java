import execution_pipeline.*;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes one message of each template with the codecs that sbe-tool makes from the schema, and prints them in
 * hexadecimal. The values are those of SampleMessages, SampleEvents and GoldenMessageTests.
 */
public final class GoldenMessages
{
    private static final long TIME_NS = 1_700_000_000_000_000_000L;

    private static final UnsafeBuffer BUFFER = new UnsafeBuffer(new byte[1024]);
    private static final MessageHeaderEncoder HEADER = new MessageHeaderEncoder();

    public static void main(final String[] args)
    {
        tradeQualified();
        marketUpdate();
        command();
        orderStatusChange();
        positionUpdate();
        tradeClosed();
        executionError();
        decision();
        riskViolation();
        riskState();
        commandResult();
        parentOrderEnded();
        parentOrderState();
        signalLatency();
        venueRequest();
        venueReport();
        venueHeartbeat();
    }

    private static void tradeQualified()
    {
        final TRADE_QUALIFIEDEncoder message = new TRADE_QUALIFIEDEncoder();
        message.wrapAndApplyHeader(clean(), 0, HEADER)
            .signalId(77).instrumentId(4242).action(TradeAction.Short).latencyWanted(BooleanType.True)
            .confidence(0.75).synergyStrength(0.5).urgency(0.25).price(4812.25)
            .bidAskSpread(0.5).bookDepth(1.25).volumeIntensity(1.5).volatility(0.001).atr(2.75)
            .position(-3).availableMargin(1_000_000).equity(2_000_000).unrealizedPnl(-1234.5).drawdown(0.01)
            .signalTimeNs(TIME_NS + 1).intendedSendTimeNs(TIME_NS + 2).sendTimeNs(TIME_NS + 3);
        print("TRADE_QUALIFIED", message.encodedLength());
    }

    private static void marketUpdate()
    {
        final MARKET_UPDATEEncoder message = new MARKET_UPDATEEncoder();
        message.wrapAndApplyHeader(clean(), 0, HEADER)
            .instrumentId(4242).aggressor(Side.Sell)
            .bidQuantity(11).askQuantity(12).bidOrders(3).askOrders(4).tradeQuantity(5)
            .exchangeTimeNs(TIME_NS + 4).sendTimeNs(TIME_NS + 5);
        message.bidPrice().mantissa(4_812_250_000_000L);
        message.askPrice().mantissa(4_812_500_000_000L);
        message.tradePrice().mantissa(4_812_250_000_001L);
        print("MARKET_UPDATE", message.encodedLength());
    }

    private static void command()
    {
        final COMMANDEncoder message = new COMMANDEncoder();
        message.wrapAndApplyHeader(clean(), 0, HEADER)
            .commandId(88).instrumentId(4242).reason(9).sendTimeNs(TIME_NS + 6).kind(CommandKind.CloseAll)
            .canaryShareBps(500).modelPrefix(0xFEDC_BA98L).parentId(31).quantity(6).operatorId(7);
        print("COMMAND", message.encodedLength());
    }

    private static void orderStatusChange()
    {
        final ORDER_STATUS_CHANGEEncoder message = new ORDER_STATUS_CHANGEEncoder();
        message.wrapAndApplyHeader(clean(), 0, HEADER)
            .timeNs(TIME_NS).orderId(501).signalId(77).executionId(601).instrumentId(20)
            .quantity(5).cumulativeQuantity(2).leavesQuantity(3).lastQuantity(2)
            .status(OrderStatus.PartiallyFilled).previousStatus(OrderStatus.New).side(Side.Sell)
            .orderType(OrderType.Limit).timeInForce(TimeInForce.ImmediateOrCancel)
            .strategy(ExecutionStrategy.VwapAggressive).rejectReason(VenueRejectReason.TooManyOrders)
            .disposition(ReportDisposition.Inferred).inferredQuantity(3).inferredExecutionId(1L << 63)
            .purpose(OrderPurpose.TakeProfit);
        message.limitPrice().mantissa(11);
        message.averagePrice().mantissa(12);
        message.lastPrice().mantissa(4_812_500_000_000L);
        message.stopPrice().mantissa(13);
        message.targetPrice().mantissa(14);
        message.arrivalPrice().mantissa(15);
        print("ORDER_STATUS_CHANGE", message.encodedLength());
    }

    private static void positionUpdate()
    {
        final POSITION_UPDATEEncoder message = new POSITION_UPDATEEncoder();
        message.wrapAndApplyHeader(clean(), 0, HEADER)
            .timeNs(TIME_NS).instrumentId(20).position(-4).dailyDrawdown(0.03).dailyVar(4321.5)
            .openPositions(2).workingOrders(9);
        message.averagePrice().mantissa(22);
        message.markPrice().mantissa(21);
        message.realizedPnl().mantissa(23);
        message.unrealizedPnl().mantissa(-24);
        message.equity().mantissa(25);
        message.availableMargin().mantissa(26);
        message.fees().mantissa(28);
        message.grossNotional().mantissa(27);
        print("POSITION_UPDATE", message.encodedLength());
    }

    private static void tradeClosed()
    {
        final TRADE_CLOSEDEncoder message = new TRADE_CLOSEDEncoder();
        message.wrapAndApplyHeader(clean(), 0, HEADER)
            .tradeId(31).orderId(501).entryTimeNs(TIME_NS - 1_000).exitTimeNs(TIME_NS).instrumentId(20).quantity(2)
            .side(Side.Buy).exitReason(ExitReason.Reversal).strategy(ExecutionStrategy.Iceberg).signalId(77)
            .fillRate(0.5f).qualityScore(0.75f);
        message.entryPrice().mantissa(4_800_000_000_000L);
        message.exitPrice().mantissa(4_812_500_000_000L);
        message.grossPnl().mantissa(1_250_000_000L);
        message.fees().mantissa(15_200_000L);
        message.netPnl().mantissa(1_234_800_000L);
        message.arrivalPrice().mantissa(15);
        message.entryFees().mantissa(7_000_000L);
        message.slippage().mantissa(-4);
        message.exitSlippage().mantissa(5);
        message.favourableExcursion().mantissa(6);
        message.adverseExcursion().mantissa(7);
        print("TRADE_CLOSED", message.encodedLength());
    }

    private static void executionError()
    {
        final EXECUTION_ERROREncoder message = new EXECUTION_ERROREncoder();
        message.wrapAndApplyHeader(clean(), 0, HEADER)
            .timeNs(TIME_NS).correlationId(EXECUTION_ERROREncoder.correlationIdNullValue()).value(-16.5)
            .instrumentId(EXECUTION_ERROREncoder.instrumentIdNullValue()).reason(14).fieldId(16).refusedTemplateId(1)
            .code(ExecutionErrorCode.IngressRejected);
        print("EXECUTION_ERROR", message.encodedLength());
    }

    private static void decision()
    {
        final DECISIONEncoder message = new DECISIONEncoder();
        message.wrapAndApplyHeader(clean(), 0, HEADER)
            .timeNs(TIME_NS).signalId(77).orderId(501).instrumentId(20)
            .quantity(3).approvedQuantity(2).projectedPosition(-7).tradesToday(12)
            .action(TradeAction.Short).side(Side.Sell).strategy(ExecutionStrategy.Iceberg)
            .source(DecisionSource.OnnxRuntime).outcome(RoutingOutcome.OrderSent).sizeAction((short)4)
            .killSwitchLatched(BooleanType.True).reducing(BooleanType.True).stopLossAtr(1.5f).takeProfitAtr(2.5f)
            .projectedVar(8400.5).dailyDrawdown(0.03).lateness(DecisionLateness.AgedEvent)
            .modelVersion(0xFEDC_BA98_7654_3210L).canary(BooleanType.True).repeat(BooleanType.True).parentId(41);
        message.riskViolations().clear().position(true).noMarket(true);
        message.sizeCuts().clear().cap(true).risk(true);
        for (int i = 0; i < DECISIONEncoder.featuresLength(); i++)
        {
            message.features(i, 100 + i);
        }
        for (int i = 0; i < DECISIONEncoder.sizeProbabilitiesLength(); i++)
        {
            message.sizeProbabilities(i, 200 + i);
        }
        for (int i = 0; i < DECISIONEncoder.strategyProbabilitiesLength(); i++)
        {
            message.strategyProbabilities(i, 205 + i);
        }
        message.projectedNotional().mantissa(123_456_789);
        message.stopPrice().mantissa(13);
        message.targetPrice().mantissa(14);
        message.arrivalPrice().mantissa(15);
        print("DECISION", message.encodedLength());
    }

    private static void riskViolation()
    {
        final RISK_VIOLATIONEncoder message = new RISK_VIOLATIONEncoder();
        message.wrapAndApplyHeader(clean(), 0, HEADER)
            .timeNs(TIME_NS).signalId(77).limitValue(500_000).value(750_000.5).instrumentId(20)
            .quantity(3).approvedQuantity(2);
        message.violation().clear().notional(true);
        print("RISK_VIOLATION", message.encodedLength());
    }

    private static void riskState()
    {
        final RISK_STATEEncoder message = new RISK_STATEEncoder();
        message.wrapAndApplyHeader(clean(), 0, HEADER)
            .timeNs(5).correlationId(88).dailyDrawdown(0.25).instrumentId(30).reason(9)
            .killSwitchLatched(BooleanType.True).killCause(KillCause.LossCap)
            .volatilityRegime(VolatilityRegime.Volatile).marketRegime(MarketRegime.Recovery)
            .volatilityBreaker(BreakerState.Open).failureBreaker(BreakerState.Closed).venueBreaker(BreakerState.Open)
            .loadBreaker(BreakerState.HalfOpen).answerBreaker(BreakerState.Open)
            .entriesStopped(BooleanType.True).operatorId(7);
        message.changes().clear().tripped(true).breaker(true);
        message.responses().clear().throttle(true);
        print("RISK_STATE", message.encodedLength());
    }

    private static void commandResult()
    {
        final COMMAND_RESULTEncoder message = new COMMAND_RESULTEncoder();
        message.wrapAndApplyHeader(clean(), 0, HEADER)
            .timeNs(5).commandId(88).modelVersion(0).dailyDrawdown(0.25).instrumentId(20).reason(9)
            .position(-4).workingOrders(6).cancelsSent(2).closingQuantity(4).tradesToday(11).ordersInSecond(3)
            .instruments((short)3).kind(CommandKind.CloseAll).outcome(RoutingOutcome.OrderSent)
            .killSwitchLatched(BooleanType.True).killCause(KillCause.LossCap).breakers(6)
            .operatorId(7).parentsListed(0).entriesStopped(BooleanType.True);
        message.equity().mantissa(25);
        message.realizedPnl().mantissa(23);
        message.unrealizedPnl().mantissa(-24);
        message.changes().clear().breaker(true);
        print("COMMAND_RESULT", message.encodedLength());
    }

    private static void parentOrderEnded()
    {
        final PARENT_ORDER_ENDEDEncoder message = new PARENT_ORDER_ENDEDEncoder();
        message.wrapAndApplyHeader(clean(), 0, HEADER)
            .timeNs(TIME_NS).parentId(41).signalId(77).startTimeNs(TIME_NS - 1_000).instrumentId(20)
            .quantity(5).executed(2).children(3).side(Side.Sell).strategy(ExecutionStrategy.Adaptive)
            .purpose(OrderPurpose.Close);
        message.arrivalPrice().mantissa(15);
        message.averagePrice().mantissa(12);
        print("PARENT_ORDER_ENDED", message.encodedLength());
    }

    private static void parentOrderState()
    {
        final PARENT_ORDER_STATEEncoder message = new PARENT_ORDER_STATEEncoder();
        message.wrapAndApplyHeader(clean(), 0, HEADER)
            .timeNs(5).commandId(88).parentId(41).signalId(77).startTimeNs(TIME_NS - 1_000).instrumentId(20)
            .quantity(5).executed(2).children(3).side(Side.Sell).strategy(ExecutionStrategy.Adaptive)
            .purpose(OrderPurpose.Close).state(ParentOrderState.Paused);
        message.arrivalPrice().mantissa(15);
        message.averagePrice().mantissa(12);
        print("PARENT_ORDER_STATE", message.encodedLength());
    }

    private static void signalLatency()
    {
        final SIGNAL_LATENCYEncoder message = new SIGNAL_LATENCYEncoder();
        message.wrapAndApplyHeader(clean(), 0, HEADER)
            .signalId(77).endToEndNs(28).senderNs(1).transportNs(2).ringNs(3).contextNs(4).inferenceNs(5).riskNs(6)
            .routingNs(7).instrumentId(20);
        print("SIGNAL_LATENCY", message.encodedLength());
    }

    private static void venueRequest()
    {
        final VENUE_REQUESTEncoder message = new VENUE_REQUESTEncoder();
        message.wrapAndApplyHeader(clean(), 0, HEADER)
            .sequence(3).session(4).orderId(501).timeNs(5).expireTimeNs(6).instrumentId(20).quantity(7)
            .peakQuantity(2).requestKind(VenueRequestKind.Replace).side(Side.Sell).orderType(OrderType.StopLimit)
            .timeInForce(TimeInForce.GoodTillDate);
        message.limitPrice().mantissa(11);
        message.stopPrice().mantissa(13);
        print("VENUE_REQUEST", message.encodedLength());
    }

    private static void venueReport()
    {
        final VENUE_REPORTEncoder message = new VENUE_REPORTEncoder();
        message.wrapAndApplyHeader(clean(), 0, HEADER)
            .sequence(3).orderId(501).executionId(601).expireTimeNs(6).venueTimeNs(8).instrumentId(20).quantity(7)
            .lastQuantity(1).cumulativeQuantity(3).leavesQuantity(4).releasedQuantity(5).peakQuantity(2)
            .reportKind(VenueReportKind.Trade).side(Side.Sell).orderType(OrderType.StopLimit)
            .timeInForce(TimeInForce.GoodTillDate).status(OrderStatus.PartiallyFilled)
            .rejectReason(VenueRejectReason.NoMarket);
        message.lastPrice().mantissa(12);
        message.fees().mantissa(9);
        message.limitPrice().mantissa(11);
        message.stopPrice().mantissa(13);
        print("VENUE_REPORT", message.encodedLength());
    }

    private static void venueHeartbeat()
    {
        final VENUE_HEARTBEATEncoder message = new VENUE_HEARTBEATEncoder();
        message.wrapAndApplyHeader(clean(), 0, HEADER).session(4).sequence(3).timeNs(5);
        print("VENUE_HEARTBEAT", message.encodedLength());
    }

    private static UnsafeBuffer clean()
    {
        BUFFER.setMemory(0, BUFFER.capacity(), (byte)0);
        return BUFFER;
    }

    private static void print(final String name, final int blockLength)
    {
        final StringBuilder line = new StringBuilder(name).append(' ');
        for (int i = 0; i < MessageHeaderEncoder.ENCODED_LENGTH + blockLength; i++)
        {
            line.append(String.format("%02x", BUFFER.getByte(i)));
        }
        System.out.println(line);
    }
}
