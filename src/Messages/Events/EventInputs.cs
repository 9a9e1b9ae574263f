using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>
/// TRADE_QUALIFIED as ingress admitted it. NaN in an optional field means: use the pipeline's own state.
/// Times are nanoseconds since the Unix epoch, UTC.
/// </summary>
[StructLayout(LayoutKind.Explicit)]
public struct TradeQualified
{
    [FieldOffset(0)] public ulong SignalId;
    [FieldOffset(8)] public TradeAction Action;

    /// <summary>1 where a SIGNAL_LATENCY is wanted. It decides nothing.</summary>
    [FieldOffset(9)] public byte LatencyWanted;

    /// <summary>[0, 1].</summary>
    [FieldOffset(16)] public double Confidence;

    /// <summary>[0, 1].</summary>
    [FieldOffset(24)] public double SynergyStrength;

    /// <summary>[0, 1].</summary>
    [FieldOffset(32)] public double Urgency;

    /// <summary>The price the signal was made at, in 1e-9; positive.</summary>
    [FieldOffset(40)] public long PriceE9;

    /// <summary>In price units (0.25 for one ES tick), at least 0; NaN: the pipeline's own.</summary>
    [FieldOffset(48)] public double BidAskSpread;

    /// <summary>Depth at the best levels over its moving average, at least 0; NaN: the pipeline's own.</summary>
    [FieldOffset(56)] public double BookDepth;

    /// <summary>Volume over its average, at least 0; NaN: the pipeline's own.</summary>
    [FieldOffset(64)] public double VolumeIntensity;

    /// <summary>One-minute realised volatility as a fraction, at least 0; NaN: the pipeline's own.</summary>
    [FieldOffset(72)] public double Volatility;

    /// <summary>Average true range in price units, at least 0; NaN: the pipeline's own.</summary>
    [FieldOffset(80)] public double Atr;

    /// <summary>Signed contracts; NaN: the pipeline's own.</summary>
    [FieldOffset(88)] public double Position;

    /// <summary>In account currency, at least 0; NaN: the pipeline's own.</summary>
    [FieldOffset(96)] public double AvailableMargin;

    /// <summary>In account currency, positive; NaN: the pipeline's own.</summary>
    [FieldOffset(104)] public double Equity;

    /// <summary>In account currency; NaN: the pipeline's own.</summary>
    [FieldOffset(112)] public double UnrealizedPnl;

    /// <summary>Drawdown today as a fraction of the day's starting equity, [0, 1]; NaN: the pipeline's own.</summary>
    [FieldOffset(120)] public double Drawdown;

    /// <summary>When the tactical engine made the signal.</summary>
    [FieldOffset(128)] public long SignalTimeNs;

    /// <summary>When the schedule says it should have been sent: latency is counted from here.</summary>
    [FieldOffset(136)] public long IntendedSendTimeNs;

    /// <summary>When it was in fact sent.</summary>
    [FieldOffset(144)] public long SendTimeNs;
}

/// <summary>
/// The best bid and offer after an update and, where <see cref="TradeQuantity"/> is positive, the trade that came
/// with it. A side without orders has price <see cref="NoPrice"/> and quantity 0.
/// </summary>
[StructLayout(LayoutKind.Explicit)]
public struct MarketUpdate
{
    /// <summary>Marks an absent price, on the ring and on the wire (SBE's int64 null value).</summary>
    public const long NoPrice = long.MinValue;

    [FieldOffset(0)] public long BidPriceE9;
    [FieldOffset(8)] public long AskPriceE9;

    /// <summary>Contracts at the best bid.</summary>
    [FieldOffset(16)] public int BidQuantity;

    /// <summary>Contracts at the best offer.</summary>
    [FieldOffset(20)] public int AskQuantity;

    /// <summary>Orders at the best bid.</summary>
    [FieldOffset(24)] public int BidOrders;

    /// <summary>Orders at the best offer.</summary>
    [FieldOffset(28)] public int AskOrders;

    [FieldOffset(32)] public long TradePriceE9;
    [FieldOffset(40)] public int TradeQuantity;
    [FieldOffset(44)] public Side Aggressor;

    /// <summary>The venue's time of the update.</summary>
    [FieldOffset(48)] public long ExchangeTimeNs;

    [FieldOffset(56)] public long SendTimeNs;
}

/// <summary>What a venue says of an order.</summary>
[StructLayout(LayoutKind.Explicit)]
public struct ExecutionReport
{
    /// <summary>What stands for the pipeline itself, where it answers for a venue.</summary>
    public const byte OwnVenue = byte.MaxValue;

    [FieldOffset(0)] public ulong OrderId;

    /// <summary>The venue's own id of the execution, unique for a venue and day.</summary>
    [FieldOffset(8)] public ulong ExecutionId;

    [FieldOffset(16)] public ExecutionReportKind Kind;
    [FieldOffset(17)] public Side Side;
    [FieldOffset(18)] public VenueRejectReason RejectReason;

    /// <summary>The venue that speaks: execution ids are its own.</summary>
    [FieldOffset(19)] public byte Venue;

    [FieldOffset(20)] public int InstrumentIndex;

    /// <summary>Contracts of this execution; 0 but for a trade.</summary>
    [FieldOffset(24)] public int LastQuantity;

    /// <summary>Contracts executed so far.</summary>
    [FieldOffset(28)] public int CumulativeQuantity;

    /// <summary>Contracts still open for execution: 0 when the order has ended.</summary>
    [FieldOffset(32)] public int LeavesQuantity;

    /// <summary>Contracts that an end without execution (cancel, reject, expiry) took off the market.</summary>
    [FieldOffset(36)] public int ReleasedQuantity;

    /// <summary>Price of this execution in 1e-9; 0 but for a trade.</summary>
    [FieldOffset(40)] public long LastPriceE9;

    /// <summary>Fees of this execution in 1e-6 of the account's currency.</summary>
    [FieldOffset(48)] public long FeeE6;

    /// <summary>The venue's time; 0 where it tells none.</summary>
    [FieldOffset(56)] public long VenueTimeNs;

    /// <summary>Contracts ordered; 0 where it is not told, and follows from the other quantities.</summary>
    [FieldOffset(64)] public int OrderQuantity;

    /// <summary>Whether routing itself tells that a parent order has ended.</summary>
    public readonly bool IsOfParent => Venue == OwnVenue && OrderIds.NumberOf(OrderId) == 0;

    /// <summary>Whether it speaks of the venue and of no order.</summary>
    public readonly bool IsOfVenue =>
        Kind is >= ExecutionReportKind.OpenOrdersEnd and <= ExecutionReportKind.VenueBack;

    /// <summary>Whether routing itself tells that it has adopted an order.</summary>
    public readonly bool IsAdoption => Kind == ExecutionReportKind.Adopted && Venue == OwnVenue;

    /// <summary>Whether a venue speaks of an order, or the pipeline for it.</summary>
    public readonly bool IsOfOrder => !IsOfParent && !IsOfVenue && !IsAdoption;

    /// <summary>Whether the venue tells how an order stands that works there.</summary>
    public readonly bool IsWorkingStatus => Kind == ExecutionReportKind.Status && OrderQuantity > 0 && Status
        is OrderStatus.PendingNew
        or OrderStatus.New
        or OrderStatus.PartiallyFilled
        or OrderStatus.PendingCancel
        or OrderStatus.PendingReplace
        or OrderStatus.Suspended;

    /// <summary>Whether the venue was asked for an order that it does not know.</summary>
    public readonly bool IsUnknownOrder =>
        Kind == ExecutionReportKind.Status && RejectReason == VenueRejectReason.UnknownOrder;

    /// <summary>Whether the venue refuses to cancel or replace an order, which stands as it was.</summary>
    public readonly bool IsRefusedRequest =>
        Kind is ExecutionReportKind.CancelRejected or ExecutionReportKind.ReplaceRejected;

    /// <summary>
    /// Whether the venue gives the phase of its market, or that nothing is quoted in it, as the reason: it may take the
    /// same order later.
    /// </summary>
    public readonly bool IsForPhase => RejectReason
        is VenueRejectReason.NoMarket
        or VenueRejectReason.MarketClosed
        or VenueRejectReason.MarketHalted
        or VenueRejectReason.AuctionCall;

    /// <summary>
    /// Whether the pipeline's own gate has held the order back: the venue has not seen it, and may get it later.
    /// </summary>
    public readonly bool IsOfGate => Venue == OwnVenue && RejectReason
        is VenueRejectReason.KillSwitch
        or VenueRejectReason.JournalDegraded;

    /// <summary>Whether its reason says nothing against the order itself.</summary>
    public readonly bool IsNoWordAgainst =>
        IsForPhase || IsOfGate || RejectReason is VenueRejectReason.UnknownOrder or VenueRejectReason.Disconnected;

    /// <summary>Whether the venue said it before it said something else. Without a time nobody knows.</summary>
    /// <param name="venueTimeNs">The venue's time of the other.</param>
    public readonly bool IsOlderThan(long venueTimeNs) => VenueTimeNs > 0 && VenueTimeNs < venueTimeNs;

    /// <summary>Whether it is the same report again. Without an id and a time nobody knows.</summary>
    public readonly bool IsRepeatOf(long venueTimeNs, ulong executionId) =>
        (VenueTimeNs, ExecutionId) == (venueTimeNs, executionId) && (venueTimeNs > 0 || executionId != 0);

    /// <summary>
    /// The limit price in 1e-9 that a replaced order has now, or one whose status is told; 0 for others.
    /// </summary>
    [FieldOffset(72)] public long LimitPriceE9;

    /// <summary>Of a status: the price in 1e-9 whose touch triggers the order; else 0.</summary>
    [FieldOffset(80)] public long TriggerPriceE9;

    /// <summary>Of a status: when a good-till-date order expires; else 0.</summary>
    [FieldOffset(88)] public long ExpireNs;

    /// <summary>Of a status: contracts that an iceberg order shows at a time; else 0.</summary>
    [FieldOffset(96)] public int PeakQuantity;

    /// <summary>Of a status.</summary>
    [FieldOffset(100)] public OrderType Type;

    /// <summary>Of a status.</summary>
    [FieldOffset(101)] public TimeInForce TimeInForce;

    /// <summary>Of a status: the order's state at the venue; none where the venue does not know the order.</summary>
    [FieldOffset(102)] public OrderStatus Status;
}

/// <summary>What a venue reports about an order (FIX tag 150, ExecType).</summary>
public enum ExecutionReportKind : byte
{
    None = 0,
    New = 1,
    Trade = 2,
    Cancelled = 3,
    Rejected = 4,
    Expired = 5,
    CancelRejected = 6,

    /// <summary>Quantity and prices are those of the replacement now.</summary>
    Replaced = 7,

    /// <summary>The order stands as it was.</summary>
    ReplaceRejected = 8,

    /// <summary>A stop has been touched: the order is a market or limit order now.</summary>
    Triggered = 9,

    /// <summary>Set aside by the venue: it stands, and cannot be executed for now.</summary>
    Suspended = 10,

    /// <summary>Can be executed again after it had been set aside.</summary>
    Restated = 11,

    /// <summary>The answer to a request for an order's status, or one of a list of open orders.</summary>
    Status = 12,

    /// <summary>The list of open orders is complete; the order quantity is how many there were.</summary>
    OpenOrdersEnd = 13,

    /// <summary>The connection to the venue is lost: what was on its way may have arrived or not.</summary>
    VenueLost = 14,

    /// <summary>The connection to the venue has returned.</summary>
    VenueBack = 15,

    /// <summary>
    /// Routing's own: it has taken over an order that the venue alone knew, and risk is to reserve what is left of it.
    /// </summary>
    Adopted = 16,
}

/// <summary>
/// An operator's command. One that concerns every instrument is written to the ring once for each of them, so that
/// an event always concerns exactly one instrument.
/// </summary>
[StructLayout(LayoutKind.Explicit)]
public struct Command
{
    [FieldOffset(0)] public ulong CommandId;
    [FieldOffset(8)] public CommandKind Kind;

    /// <summary>The operator's reason code, for the audit trail; see <see cref="CommandReason"/>.</summary>
    [FieldOffset(12)] public int Reason;

    [FieldOffset(16)] public long SendTimeNs;

    /// <summary>
    /// The first bytes of the models' hash, big-endian: 8 on the ring, and the last 4 are 0 as long as the store was
    /// not asked. 0: the rule-based policy, or none named.
    /// </summary>
    [FieldOffset(24)] public ulong ModelVersion;

    /// <summary>Where the loaded models lie for this run; a replay puts its own in its place.</summary>
    [FieldOffset(32)] public int ModelSlot;

    /// <summary>Share of the signals that a canary decides, in basis points, (0, 10,000].</summary>
    [FieldOffset(36)] public int CanaryShareBps;

    /// <summary>The parent order of a command on one; else 0.</summary>
    [FieldOffset(40)] public ulong ParentId;

    /// <summary>Contracts to be executed in all, of an amendment; else 0.</summary>
    [FieldOffset(48)] public int Quantity;

    /// <summary>The number of whoever gave it, for the audit trail; 0: it is not said.</summary>
    [FieldOffset(52)] public uint OperatorId;

    /// <summary>The limit's new value, in the unit of its option; else 0.</summary>
    [FieldOffset(56)] public double LimitValue;

    /// <summary>The limit that is changed; else none.</summary>
    [FieldOffset(64)] public LimitKey Limit;

    /// <summary>1 where a deployment goes back, and what decided until then is left for good; else 0.</summary>
    [FieldOffset(65)] public byte IsRollback;

    /// <summary>Whether it lets models decide that its version names.</summary>
    public readonly bool NamesModels => Kind is CommandKind.DeployModel or CommandKind.CanaryModel;

    /// <summary>Whether it concerns one parent order.</summary>
    public readonly bool IsOnOrder => Kind is >= CommandKind.PauseOrder and <= CommandKind.AmendOrder;
}

/// <summary>The reason codes that the pipeline itself gives a command. An operator's are positive.</summary>
public static class CommandReason
{
    /// <summary>The kill switch was latched when the pipeline ended, or its state could not be read.</summary>
    public const int Restart = -1;

    /// <summary>The process was sent the signal for it.</summary>
    public const int ProcessSignal = -2;

    /// <summary>A call of the host's own.</summary>
    public const int Host = -3;

    /// <summary>No further segment of the journal can be laid out.</summary>
    public const int JournalNoRoom = -4;

    /// <summary>The disk did not take what was written to the journal.</summary>
    public const int JournalFailed = -5;

    /// <summary>The journal's disk is too slow.</summary>
    public const int JournalSlow = -6;

    /// <summary>The journal has been whole for a while.</summary>
    public const int JournalWhole = -7;

    /// <summary>The configuration was read again, and a value had changed.</summary>
    public const int Reload = -8;

    /// <summary>After a restart the venues have said what became of every order.</summary>
    public const int VenuesAnswered = -9;

    /// <summary>After a restart a venue has not answered in the time that is allowed for it.</summary>
    public const int VenuesSilent = -10;
}

/// <summary>Whom a timer was set for.</summary>
public enum TimerOwner : byte
{
    None = 0,

    /// <summary>Risk, once a second: breakers recover and orders grow overdue without other events.</summary>
    Risk = 1,

    /// <summary>Routing, for a parent order: its subject is the parent's id.</summary>
    Parent = 2,

    /// <summary>Routing, for a trade that may be held no longer: its subject is the trade's id.</summary>
    Trade = 3,
}

/// <summary>A timer that is due: time passing, for what must happen without another input.</summary>
[StructLayout(LayoutKind.Explicit)]
public struct TimerTick
{
    /// <summary>When it was due, in nanoseconds since the Unix epoch, UTC.</summary>
    [FieldOffset(0)] public long DueTimeNs;

    /// <summary>Which timer it is: none has another's identity.</summary>
    [FieldOffset(8)] public ulong TimerId;

    [FieldOffset(16)] public TimerOwner Owner;

    /// <summary>What the owner set it for; 0 where there is no need to say.</summary>
    [FieldOffset(24)] public ulong Subject;
}

/// <summary>
/// What a pipeline asks of a venue in another process, as the venue took it in. The header has the order's instrument,
/// -1 where the venue knows none of that id.
/// </summary>
[StructLayout(LayoutKind.Explicit)]
public struct VenueRequest
{
    /// <summary>The pipeline's id of the order; 0 where the request concerns none.</summary>
    [FieldOffset(0)] public ulong OrderId;

    /// <summary>In 1e-9; 0 for an order without a limit.</summary>
    [FieldOffset(8)] public long LimitPriceE9;

    /// <summary>In 1e-9; 0 for an order that is no stop.</summary>
    [FieldOffset(16)] public long TriggerPriceE9;

    /// <summary>When a good-till-date order expires, in nanoseconds since the Unix epoch; else 0.</summary>
    [FieldOffset(24)] public long ExpireNs;

    /// <summary>The sender's.</summary>
    [FieldOffset(32)] public ulong Session;

    /// <summary>Counts the sender's requests from 1 on.</summary>
    [FieldOffset(40)] public ulong Number;

    /// <summary>Contracts, of a replacement those that have been executed included.</summary>
    [FieldOffset(48)] public int Quantity;

    /// <summary>Contracts that an iceberg order shows at a time; 0 where all are shown.</summary>
    [FieldOffset(52)] public int PeakQuantity;

    [FieldOffset(56)] public VenueRequestKind Kind;
    [FieldOffset(57)] public Side Side;
    [FieldOffset(58)] public OrderType Type;
    [FieldOffset(59)] public TimeInForce TimeInForce;
}
