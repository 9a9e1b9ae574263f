using System.Reflection;
using System.Reflection.Emit;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Tests.Events;

/// <summary>
/// Where each field of the ring's event lies as the runtime has it: recordings hold the input as it lies there, and
/// which thread writes which cache line follows from it.
/// </summary>
public class EventLayoutTests
{
    private const int CacheLineBytes = 64;

    /// <summary>Of each struct its size, then of each field its offset, size and name; all in bytes.</summary>
    private static readonly Dictionary<Type, string> Expected = new()
    {
        [typeof(PipelineEvent)] =
            "704: 0+32 Header, 32+160 Payload, 192+64 Features, 256+128 Portfolio, " +
            "384+80 Decision, 384+48 Resolution, 464+80 Verdict, 544+96 Routing, 640+48 Timestamps, 688+16 Signal",
        [typeof(EventHeader)] =
            "32: 0+1 Kind, 2+1 SlowBackend, 4+4 InstrumentIndex, 8+8 TimeNs, 16+8 CorrelationId, " +
            "24+8 Reserved",
        [typeof(EventPayload)] =
            "160: 0+72 Command, 0+104 ExecutionReport, 0+64 MarketUpdate, 0+32 Timer, 0+152 TradeQualified, " +
            "0+64 VenueRequest",
        [typeof(TradeQualified)] =
            "152: 0+8 SignalId, 8+1 Action, 9+1 LatencyWanted, " +
            "16+8 Confidence, 24+8 SynergyStrength, 32+8 Urgency, 40+8 PriceE9, " +
            "48+8 BidAskSpread, 56+8 BookDepth, 64+8 VolumeIntensity, 72+8 Volatility, 80+8 Atr, " +
            "88+8 Position, 96+8 AvailableMargin, 104+8 Equity, 112+8 UnrealizedPnl, 120+8 Drawdown, " +
            "128+8 SignalTimeNs, 136+8 IntendedSendTimeNs, 144+8 SendTimeNs",
        [typeof(MarketUpdate)] =
            "64: 0+8 BidPriceE9, 8+8 AskPriceE9, 16+4 BidQuantity, 20+4 AskQuantity, 24+4 BidOrders, " +
            "28+4 AskOrders, 32+8 TradePriceE9, 40+4 TradeQuantity, 44+1 Aggressor, 48+8 ExchangeTimeNs, " +
            "56+8 SendTimeNs",
        [typeof(ExecutionReport)] =
            "104: 0+8 OrderId, 8+8 ExecutionId, 16+1 Kind, 17+1 Side, 18+1 RejectReason, 19+1 Venue, " +
            "20+4 InstrumentIndex, 24+4 LastQuantity, 28+4 CumulativeQuantity, 32+4 LeavesQuantity, " +
            "36+4 ReleasedQuantity, 40+8 LastPriceE9, 48+8 FeeE6, 56+8 VenueTimeNs, 64+4 OrderQuantity, " +
            "72+8 LimitPriceE9, 80+8 TriggerPriceE9, 88+8 ExpireNs, 96+4 PeakQuantity, 100+1 Type, " +
            "101+1 TimeInForce, 102+1 Status",
        [typeof(Command)] =
            "72: 0+8 CommandId, 8+1 Kind, 12+4 Reason, 16+8 SendTimeNs, 24+8 ModelVersion, 32+4 ModelSlot, " +
            "36+4 CanaryShareBps, 40+8 ParentId, 48+4 Quantity, 52+4 OperatorId, " +
            "56+8 LimitValue, 64+1 Limit, 65+1 IsRollback",
        [typeof(TimerTick)] =
            "32: 0+8 DueTimeNs, 8+8 TimerId, 16+1 Owner, 24+8 Subject",
        [typeof(VenueRequest)] =
            "64: 0+8 OrderId, 8+8 LimitPriceE9, 16+8 TriggerPriceE9, 24+8 ExpireNs, 32+8 Session, 40+8 Number, " +
            "48+4 Quantity, 52+4 PeakQuantity, 56+1 Kind, 57+1 Side, 58+1 Type, 59+1 TimeInForce",
        [typeof(ContextFeatures)] =
            "64: 0+4 _first",
        [typeof(PortfolioSnapshot)] =
            "128: 0+8 BidPriceE9, 8+8 AskPriceE9, 16+8 MarkPriceE9, 24+8 AtrE9, 32+4 Position, " +
            "36+4 OpenPositions, 40+8 AveragePriceE9, 48+8 RealizedPnlE6, 56+8 UnrealizedPnlE6, 64+8 EquityE6, " +
            "72+8 AvailableMarginE6, 80+8 GrossNotionalE6, 88+8 FeesE6, 96+8 DailyDrawdown, 104+8 DailyVar, " +
            "112+8 Volatility, 120+8 WeeklyDrawdown",
        [typeof(ExecutionResolution)] =
            "48: 0+8 InferredExecutionId, 8+8 PriceE9, 16+8 FeeE6, 24+4 Booked, 28+4 Inferred, " +
            "32+1 Disposition, 33+1 Ended, 36+4 Left",
        [typeof(Decision)] =
            "80: 0+44 Outputs, 44+4 Quantity, 48+1 Side, 49+1 Strategy, 50+1 Source, 51+1 SizeAction, " +
            "52+4 StopLossAtr, 56+4 TakeProfitAtr, 60+1 Cuts, 61+1 Lateness, 64+8 ModelVersion, 72+1 Canary",
        [typeof(PolicyOutputs)] =
            "44: 0+4 _first",
        [typeof(RiskVerdict)] =
            "80: 0+4 ApprovedQuantity, 4+4 Violations, 8+4 ProjectedPosition, 12+4 TradesToday, " +
            "16+8 ProjectedNotionalE6, 24+8 ProjectedVar, 32+4 HistoricalShortfall, 36+4 SectorShare, " +
            "40+1 KillSwitch, 41+1 Reducing, 42+1 KillCause, 43+1 Volatility, 44+1 Regime, 45+1 Responses, " +
            "46+1 Changes, 47+1 OpenPositions, 48+4 Correlation, 52+4 MarketAgeMs, 56+4 OrdersInSecond, " +
            "60+2 BreakerStates, 62+1 Gate, 63+1 EntriesStopped, 64+8 ParentId, 72+8 ProjectedMarginE6",
        [typeof(RoutingResult)] =
            "96: 0+4 FirstAction, 4+4 ActionCount, 8+4 WorkingOrders, 12+1 Outcome, 13+1 Disposition, " +
            "14+2 CancelsSent, 16+80 Order",
        [typeof(OrderState)] =
            "80: 0+8 OrderId, 8+8 SignalId, 16+1 Status, 17+1 PreviousStatus, 18+1 Side, 19+1 Type, " +
            "20+1 TimeInForce, 21+1 Strategy, 22+1 RejectReason, 23+1 Purpose, 24+4 Quantity, " +
            "28+4 CumulativeQuantity, 32+4 LeavesQuantity, 36+4 InstrumentIndex, 40+8 LimitPriceE9, " +
            "48+8 AveragePriceE9, 56+8 StopPriceE9, 64+8 TargetPriceE9, 72+8 ArrivalPriceE9",
        [typeof(StageTimestamps)] =
            "48: 0+8 ReceivedNs, 8+8 ContextStartNs, 16+8 ContextDoneNs, 24+8 InferenceDoneNs, " +
            "32+8 RiskDoneNs, 40+8 RoutingDoneNs",
        [typeof(SignalResolution)] =
            "16: 0+4 Place, 4+1 Standing",
    };

    private static IEnumerable<Type> Structs => StructsIn(typeof(PipelineEvent)).Distinct();

    [TestCaseSource(nameof(Structs))]
    public void ShouldLieAsStatedWhenAStructIsLaidOut(Type type) =>
        Assert.That(Describe(type), Is.EqualTo(Expected.GetValueOrDefault(type)));

    [Test]
    public void ShouldStateNoStructWhenTheEventDoesNotHoldIt() => Assert.That(Expected.Keys, Is.EquivalentTo(Structs));

    [TestCaseSource(nameof(Structs))]
    public void ShouldNotOverlapWhenFieldsAreNoUnion(Type type)
    {
        var fields = FieldsOf(type).OrderBy(OffsetOf).ToArray();
        foreach (var (field, next) in fields.Zip(fields.Skip(1)))
        {
            if (OffsetOf(field) == OffsetOf(next))
                Assert.That(IsUnion(field), Is.True, $"{field.Name} and {next.Name}");
            else
                Assert.That(OffsetOf(field) + SizeOf(field.FieldType), Is.AtMost(OffsetOf(next)), field.Name);
        }

        Assert.That(OffsetOf(fields[^1]) + SizeOf(fields[^1].FieldType), Is.AtMost(SizeOf(type)));
    }

    [Test]
    public void ShouldFillCacheLinesWhenTheEventIsASlot() =>
        Assert.That(SizeOf(typeof(PipelineEvent)) % CacheLineBytes, Is.Zero);

    /// <summary>
    /// Ingress, context, the decision with what risk and routing make of it, and the stamps begin a line each: while a
    /// later stage works on its blocks, no line of them is written by an earlier one.
    /// </summary>
    [TestCase(nameof(PipelineEvent.Header))]
    [TestCase(nameof(PipelineEvent.Features))]
    [TestCase(nameof(PipelineEvent.Portfolio))]
    [TestCase(nameof(PipelineEvent.Decision))]
    [TestCase(nameof(PipelineEvent.Resolution))]
    [TestCase(nameof(PipelineEvent.Timestamps))]
    public void ShouldBeginACacheLineWhenABlockHasAWriterOfItsOwn(string field) =>
        Assert.That(OffsetOf(typeof(PipelineEvent).GetField(field)!) % CacheLineBytes, Is.Zero);

    [Test]
    public void ShouldHoldTheInputAloneWhenTheFirstLinesAreRecorded()
    {
        Assert.That(PipelineEvent.InputSizeBytes % CacheLineBytes, Is.Zero);
        var results = FieldsOf(typeof(PipelineEvent))
            .Where(field => field.Name is not (nameof(PipelineEvent.Header) or nameof(PipelineEvent.Payload)));
        Assert.That(results.Min(OffsetOf), Is.EqualTo(PipelineEvent.InputSizeBytes));
    }

    private static bool IsUnion(FieldInfo field) =>
        field.DeclaringType == typeof(EventPayload)
        || field.Name is nameof(PipelineEvent.Decision) or nameof(PipelineEvent.Resolution);

    private static IEnumerable<Type> StructsIn(Type type) =>
        FieldsOf(type).Select(field => field.FieldType).Where(inner => !inner.IsPrimitive && !inner.IsEnum)
            .SelectMany(StructsIn).Prepend(type);

    private static FieldInfo[] FieldsOf(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    private static string Describe(Type type)
    {
        var fields = FieldsOf(type)
            .OrderBy(OffsetOf).ThenBy(field => field.Name, StringComparer.Ordinal)
            .Select(field => $"{OffsetOf(field)}+{SizeOf(field.FieldType)} {field.Name}");
        return $"{SizeOf(type)}: {string.Join(", ", fields)}";
    }

    private static int SizeOf(Type type) => Run(code => code.Emit(OpCodes.Sizeof, type));

    private static int OffsetOf(FieldInfo field) => Run(code =>
    {
        var value = code.DeclareLocal(field.DeclaringType!);
        code.Emit(OpCodes.Ldloca, value);
        code.Emit(OpCodes.Ldflda, field);
        code.Emit(OpCodes.Conv_U);
        code.Emit(OpCodes.Ldloca, value);
        code.Emit(OpCodes.Conv_U);
        code.Emit(OpCodes.Sub);
        code.Emit(OpCodes.Conv_I4);
    });

    /// <summary>
    /// Asks the runtime itself: attributes say what was asked for, marshalling what native code would get.
    /// </summary>
    private static int Run(Action<ILGenerator> emit)
    {
        var module = typeof(EventLayoutTests).Module;
        var method = new DynamicMethod("Measure", typeof(int), [], module, skipVisibility: true);
        var code = method.GetILGenerator();
        emit(code);
        code.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<int>>()();
    }
}
