namespace ExecutionPipeline.Execution.Instruments;

/// <summary>
/// What is configured of an instrument. The defaults are those of the E-mini S&amp;P 500 future; money is in the
/// instrument's currency.
/// </summary>
public sealed class InstrumentOptions
{
    /// <summary>The id by which messages name it. No default; not 0.</summary>
    public uint Id { get; init; }

    /// <summary>No default; not empty.</summary>
    public string Symbol { get; init; } = "";

    /// <summary>Smallest price step, in points; a multiple of 0.000001. Default 0.25.</summary>
    public decimal TickSize { get; init; } = 0.25m;

    /// <summary>ISO 4217 code; another than the account's needs a rate there. Default USD.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>What a point is worth for one contract, in currency. Default 50.</summary>
    public int Multiplier { get; init; } = 50;

    /// <summary>Initial margin of a contract, in currency. Default 20,000.</summary>
    public decimal MarginPerContract { get; init; } = 20_000m;

    /// <summary>The broker's commission of a contract and side, in currency. Default 2.50.</summary>
    public decimal CommissionPerContract { get; init; } = 2.50m;

    /// <summary>The exchange's fee of a contract and side, in currency. Default 1.28.</summary>
    public decimal ExchangeFeePerContract { get; init; } = 1.28m;

    /// <summary>The regulator's fee of a contract and side, in currency. Default 0.02.</summary>
    public decimal RegulatorFeePerContract { get; init; } = 0.02m;

    /// <summary>Standard deviation of a day's return, as a fraction; VaR is made of it. Default 0.015.</summary>
    public double DailyVolatility { get; init; } = 0.015;

    /// <summary>Contracts that usually trade in a day, for impact and schedules. Default 1,000,000.</summary>
    public int AverageDailyVolume { get; init; } = 1_000_000;

    /// <summary>
    /// Volume of an average day in equal parts of its 24 hours, from midnight UTC, in any unit: what VWAP expects.
    /// Default empty: as much at any time as at any other.
    /// </summary>
    public IReadOnlyList<double> VolumeProfile { get; init; } = [];

    /// <summary>
    /// What concentration is counted by, such as equity_index; empty: the instrument is a sector of its own. Default
    /// empty.
    /// </summary>
    public string Sector { get; init; } = "";

    /// <summary>
    /// Name of a built-in calendar (us_equity, cme_equity) or of a configured one. Default us_equity: 09:30 to 16:00
    /// New York.
    /// </summary>
    public string Calendar { get; init; } = "us_equity";

    /// <summary>The highest price that is believed, in points; edges refuse any above. Default 200,000.</summary>
    public decimal MaxPrice { get; init; } = 200_000m;

    /// <summary>
    /// A usual price, in points, by which the limits are held against the smallest order at the start; 0: none is
    /// known. Nothing else depends on it. Default 0.
    /// </summary>
    public decimal ReferencePrice { get; init; }

    /// <summary>
    /// The largest position that the books are laid out for, in contracts; a risk limit must not be above.
    /// Default 1,000.
    /// </summary>
    public int MaxPosition { get; init; } = 1_000;
}
