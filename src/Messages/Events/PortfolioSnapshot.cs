using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

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
