namespace ExecutionPipeline.Messages.Ingress;

/// <summary>
/// The ranges that numbers from outside must keep to. They are far beyond any market; they are there so that nothing
/// that passes can overflow an integer or become infinite as a float further down.
/// </summary>
public static class FieldLimits
{
    /// <summary>In price units. Nine such prices can be added up in 1e-9 without overflow.</summary>
    public const double PriceMax = 1e9;

    /// <summary><see cref="PriceMax"/> in 1e-9.</summary>
    public const long PriceMaxE9 = 1_000_000_000_000_000_000;

    /// <summary>In account currency. Nine such amounts can be added up in 1e-6 without overflow.</summary>
    public const double MoneyMax = 1e12;

    /// <summary>In account currency: one step of the accounts, so that equity can be divided by.</summary>
    public const double EquityMin = 1e-6;

    /// <summary>For depth and volume over their averages, and for volatility.</summary>
    public const double RatioMax = 1e6;

    /// <summary>In contracts, either side.</summary>
    public const double PositionMax = 1e6;

    /// <summary>In contracts or orders at one price or in one trade. Two can be added up without overflow.</summary>
    public const int QuantityMax = 1_000_000_000;
}
