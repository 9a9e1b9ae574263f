using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;

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

    /// <summary><see cref="MoneyMax"/> in 1e-6.</summary>
    public const long MoneyMaxE6 = 1_000_000_000_000_000_000;

    /// <summary>In account currency: one step of the accounts, so that equity can be divided by.</summary>
    public const double EquityMin = 1e-6;

    /// <summary>For depth and volume over their averages, and for volatility.</summary>
    public const double RatioMax = 1e6;

    /// <summary>In contracts, either side.</summary>
    public const double PositionMax = 1e6;

    /// <summary>In contracts or orders at one price or in one trade. Two can be added up without overflow.</summary>
    public const int QuantityMax = 1_000_000_000;
}

/// <summary>From a price as a float to the integer that everything behind the edge counts with.</summary>
internal static class PriceConversion
{
    /// <summary>
    /// The nearest multiple of 1e-9, ties to even. Decimal prices with up to nine places below 2,000,000 become exactly
    /// what they were written as: the errors of float and product add up to less than a half there. 0 when the price is
    /// not finite, negative, or above <see cref="FieldLimits.PriceMax"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ToE9(double price) =>
        price is >= 0 and <= FieldLimits.PriceMax ? (long)Math.Round(price * 1e9) : 0;
}

/// <summary>
/// The edge's questions about single fields. Each answers true, or notes field, value and reason, and answers false.
/// </summary>
internal static class FieldCheck
{
    /// <summary>A number that must be given. NaN fails both comparisons and so is never within.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWithin(double value, double min, double max, RejectField field, ref Rejection rejection)
    {
        if (value >= min && value <= max)
            return true;

        NoteNumber(value, field, ref rejection);
        return false;
    }

    /// <summary>A number that may be NaN for: not given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsAbsentOrWithin(
        double value, double min, double max, RejectField field, ref Rejection rejection) =>
        double.IsNaN(value) || IsWithin(value, min, max, field, ref rejection);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsId(ulong id, RejectField field, ref Rejection rejection)
    {
        if (id is not (0 or WireNull.UInt64))
            return true;

        Note(RejectReason.MissingId, field, id, ref rejection);
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsTime(long timeNs, RejectField field, ref Rejection rejection)
    {
        if (timeNs > 0)
            return true;

        Note(RejectReason.BadTimestamp, field, timeNs, ref rejection);
        return false;
    }

    /// <summary>A price that must be given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPrice(long priceE9, RejectField field, ref Rejection rejection)
    {
        // One comparison for both ends: what is below 1 wraps around to above the maximum.
        if ((ulong)(priceE9 - 1) < FieldLimits.PriceMaxE9)
            return true;

        Note(RejectReason.OutOfRange, field, priceE9 * 1e-9, ref rejection);
        return false;
    }

    /// <summary>A number of contracts, 0 included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsCount(int quantity, RejectField field, ref Rejection rejection)
    {
        if ((uint)quantity <= FieldLimits.QuantityMax)
            return true;

        Note(RejectReason.OutOfRange, field, quantity, ref rejection);
        return false;
    }

    /// <summary>An amount of either sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsMoney(long amountE6, RejectField field, ref Rejection rejection)
    {
        if (amountE6 is >= -FieldLimits.MoneyMaxE6 and <= FieldLimits.MoneyMaxE6)
            return true;

        Note(RejectReason.OutOfRange, field, amountE6 * 1e-6, ref rejection);
        return false;
    }

    /// <summary>A price with its quantity, both of them or neither.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsLevel(
        long priceE9, int quantity, RejectField priceField, RejectField quantityField, ref Rejection rejection)
    {
        // One comparison for each range: what is below 1 wraps around to above the maximum.
        if ((ulong)(priceE9 - 1) < FieldLimits.PriceMaxE9 && (uint)(quantity - 1) < FieldLimits.QuantityMax)
            return true;
        if (priceE9 == MarketUpdate.NoPrice && quantity == 0)
            return true;

        NoteLevel(priceE9, quantity, priceField, quantityField, ref rejection);
        return false;
    }

    /// <summary>Orders at a level that may be empty; 0 for: not known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOrderCount(int orders, int quantity, RejectField field, ref Rejection rejection)
    {
        if ((uint)orders <= (uint)quantity)
            return true;

        Note(RejectReason.OutOfRange, field, orders, ref rejection);
        return false;
    }

    /// <summary>Notes what was wrong.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Note(RejectReason reason, RejectField field, double value, ref Rejection rejection)
    {
        rejection.Reason = reason;
        rejection.Field = field;
        rejection.Value = value;
    }

    /// <summary>Notes a number that is not finite or out of its range.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void NoteNumber(double value, RejectField field, ref Rejection rejection)
    {
        var reason = double.IsFinite(value) ? RejectReason.OutOfRange : RejectReason.NotFinite;
        Note(reason, field, value, ref rejection);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void NoteLevel(
        long priceE9, int quantity, RejectField priceField, RejectField quantityField, ref Rejection rejection)
    {
        if (quantity is < 0 or > FieldLimits.QuantityMax)
            Note(RejectReason.OutOfRange, quantityField, quantity, ref rejection);
        else if (priceE9 == MarketUpdate.NoPrice)
            Note(RejectReason.MissingPrice, priceField, double.NaN, ref rejection);
        else if (priceE9 is <= 0 or > FieldLimits.PriceMaxE9)
            Note(RejectReason.OutOfRange, priceField, priceE9 * 1e-9, ref rejection);
        else
            Note(RejectReason.MissingQuantity, quantityField, quantity, ref rejection);
    }
}
