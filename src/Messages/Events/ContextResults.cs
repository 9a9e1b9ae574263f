using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>
/// The policies' input, shape (15,), float32, in the requirement document's order (see <see cref="Feature"/>), and
/// one float of padding to a cache line.
/// </summary>
[InlineArray(Length)]
public struct ContextFeatures
{
    public const int Count = 15;
    private const int Length = 16;

    private float _first;
}

/// <summary>Indices into <see cref="ContextFeatures"/>.</summary>
public static class Feature
{
    /// <summary>-1 short, 0 hold, 1 long.</summary>
    public const int DecisionDirection = 0;

    /// <summary>[0, 1].</summary>
    public const int DecisionConfidence = 1;

    /// <summary>[0, 1].</summary>
    public const int SynergyStrength = 2;

    /// <summary>[0, 1].</summary>
    public const int UrgencyFactor = 3;

    /// <summary>Basis points of the mid price.</summary>
    public const int BidAskSpreadBps = 4;

    /// <summary>Depth at the best levels over its moving average.</summary>
    public const int OrderBookDepth = 5;

    /// <summary>Volume over its average.</summary>
    public const int RecentVolumeIntensity = 6;

    /// <summary>One-minute realised volatility as a fraction.</summary>
    public const int PriceVolatility1Min = 7;

    /// <summary>Signed contracts.</summary>
    public const int CurrentPosition = 8;

    /// <summary>Fraction of equity.</summary>
    public const int AvailableMargin = 9;

    /// <summary>Fraction of equity.</summary>
    public const int UnrealizedPnlPct = 10;

    /// <summary>Daily VaR over its limit.</summary>
    public const int VarUtilization = 11;

    /// <summary>Absolute position over its limit.</summary>
    public const int MaxPositionPct = 12;

    /// <summary>Seconds.</summary>
    public const int TimeSinceSignal = 13;

    /// <summary>[0, 1].</summary>
    public const int MarketSessionPct = 14;
}

/// <summary>
/// Market and portfolio as the context stage, their owner, left them after this event. Later stages read them here
/// and keep no copy. Prices are in 1e-9, money in 1e-6 of the account's currency.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct PortfolioSnapshot
{
    public const int SizeBytes = 128;

    /// <summary>Best bid, or <see cref="MarketUpdate.NoPrice"/>.</summary>
    [FieldOffset(0)] public long BidPriceE9;

    /// <summary>Best offer, or <see cref="MarketUpdate.NoPrice"/>.</summary>
    [FieldOffset(8)] public long AskPriceE9;

    /// <summary>
    /// What positions are valued at: mid, else last trade, else the signal's price; 0 when there is none.
    /// </summary>
    [FieldOffset(16)] public long MarkPriceE9;

    /// <summary>
    /// Average true range in 1e-9 of a price unit; while it is unknown, 0, but for a signal the one that is assumed.
    /// </summary>
    [FieldOffset(24)] public long AtrE9;

    /// <summary>Signed contracts of this instrument.</summary>
    [FieldOffset(32)] public int Position;

    /// <summary>Instruments with an open position.</summary>
    [FieldOffset(36)] public int OpenPositions;

    /// <summary>Average entry price of the open position; 0 when flat.</summary>
    [FieldOffset(40)] public long AveragePriceE9;

    /// <summary>Whole account, since the start.</summary>
    [FieldOffset(48)] public long RealizedPnlE6;

    /// <summary>Whole account.</summary>
    [FieldOffset(56)] public long UnrealizedPnlE6;

    /// <summary>Starting cash plus realised and unrealised P&amp;L less fees.</summary>
    [FieldOffset(64)] public long EquityE6;

    [FieldOffset(72)] public long AvailableMarginE6;

    /// <summary>Sum of absolute position values over all instruments.</summary>
    [FieldOffset(80)] public long GrossNotionalE6;

    /// <summary>Fees paid since the start.</summary>
    [FieldOffset(88)] public long FeesE6;

    /// <summary>Fall from the day's peak, or by setting its starting equity, as a fraction of it.</summary>
    [FieldOffset(96)] public double DailyDrawdown;

    /// <summary>Parametric daily VaR at the configured level of the whole portfolio, in account currency.</summary>
    [FieldOffset(104)] public double DailyVar;

    /// <summary>One-minute realised volatility as a fraction; 0 when unknown.</summary>
    [FieldOffset(112)] public double Volatility;

    /// <summary>Fall from the trading week's starting equity, as a fraction of it; 0 when above.</summary>
    [FieldOffset(120)] public double WeeklyDrawdown;
}

/// <summary>
/// An execution report, resolved once for all stages: what it books, and what it means for its order. Written by the
/// context stage for execution reports alone. Prices are in 1e-9, money in 1e-6 of the account's currency.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct ExecutionResolution
{
    public const int SizeBytes = 48;

    /// <summary>The id of the inferred execution, the same in a replay; 0 where nothing was inferred.</summary>
    [FieldOffset(0)] public ulong InferredExecutionId;

    /// <summary>The price that <see cref="Booked"/> is booked at; 0 where nothing is.</summary>
    [FieldOffset(8)] public long PriceE9;

    /// <summary>Fees of what is booked.</summary>
    [FieldOffset(16)] public long FeeE6;

    /// <summary>Contracts that enter the position, those that were inferred included.</summary>
    [FieldOffset(24)] public int Booked;

    /// <summary>Of <see cref="Booked"/>: contracts whose execution no report has told.</summary>
    [FieldOffset(28)] public int Inferred;

    [FieldOffset(32)] public ReportDisposition Disposition;

    /// <summary>1 when the report ends its order: nothing of it may be executed any more.</summary>
    [FieldOffset(33)] public byte Ended;

    /// <summary>
    /// Of an order that was adopted, and of one whose venue says that it works: contracts that may still be executed,
    /// after what came before this word of it. It may have ended since.
    /// </summary>
    [FieldOffset(36)] public int Left;

    /// <summary>Whether the report changes nothing anywhere.</summary>
    public readonly bool IsRefused => Disposition is ReportDisposition.Duplicate or ReportDisposition.Illegal;
}

/// <summary>Whether a signal was taken in before, resolved once for all stages. Written for signals alone.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct SignalResolution
{
    public const int SizeBytes = 16;

    /// <summary>
    /// Where the answer to the signal is kept: of a repeated one where that to the first is; -1 where it is not kept.
    /// </summary>
    [FieldOffset(0)] public int Place;

    [FieldOffset(4)] public SignalStanding Standing;

    /// <summary>Whether the signal is answered again and not executed again.</summary>
    public readonly bool IsRepeated => Standing == SignalStanding.Repeated;
}

/// <summary>What is known of a signal's id.</summary>
public enum SignalStanding : byte
{
    /// <summary>It was not taken in before.</summary>
    New = 0,

    /// <summary>It was taken in before, and its answer is known.</summary>
    Repeated = 1,

    /// <summary>
    /// It is no younger than a signal whose id is no longer remembered: nobody can say whether it was taken in before.
    /// </summary>
    Forgotten = 2,
}
