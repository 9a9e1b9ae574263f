using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Ingress;

/// <summary>
/// The edge's questions about single fields. Each answers true, or notes field, value and reason, and answers false.
/// </summary>
internal static class FieldCheck
{
    /// <summary>A number that must be given. NaN fails both comparisons and so is never within.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWithin(double value, double min, double max, RejectField field, ref Rejection rejection) =>
        (value >= min && value <= max) || RefuseNumber(value, field, ref rejection);

    /// <summary>A number that may be NaN for: not given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsAbsentOrWithin(
        double value, double min, double max, RejectField field, ref Rejection rejection) =>
        (value >= min && value <= max) || double.IsNaN(value) || RefuseNumber(value, field, ref rejection);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsId(ulong id, RejectField field, ref Rejection rejection) =>
        id is not (0 or WireNull.UInt64) || Refuse(RejectReason.MissingId, field, id, ref rejection);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsTime(long timeNs, RejectField field, ref Rejection rejection) =>
        timeNs > 0 || Refuse(RejectReason.BadTimestamp, field, timeNs, ref rejection);

    /// <summary>A price with its quantity, both of them or neither.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsLevel(
        long priceE9, int quantity, RejectField priceField, RejectField quantityField, ref Rejection rejection) =>
        ((ulong)(priceE9 - 1) < FieldLimits.PriceMaxE9 && (uint)(quantity - 1) < FieldLimits.QuantityMax) ||
        (priceE9 == MarketUpdate.NoPrice && quantity == 0) ||
        RefuseLevel(priceE9, quantity, priceField, quantityField, ref rejection);

    /// <summary>Orders at a level that may be empty; 0 for: not known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOrderCount(int orders, int quantity, RejectField field, ref Rejection rejection) =>
        (uint)orders <= (uint)quantity || Refuse(RejectReason.OutOfRange, field, orders, ref rejection);

    /// <summary>Notes what was wrong. False, always.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Refuse(RejectReason reason, RejectField field, double value, ref Rejection rejection)
    {
        rejection.Reason = reason;
        rejection.Field = field;
        rejection.Value = value;
        return false;
    }

    /// <summary>Refuses a number that is not finite or out of its range. False, always.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool RefuseNumber(double value, RejectField field, ref Rejection rejection)
    {
        var reason = double.IsFinite(value) ? RejectReason.OutOfRange : RejectReason.NotFinite;
        return Refuse(reason, field, value, ref rejection);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool RefuseLevel(
        long priceE9, int quantity, RejectField priceField, RejectField quantityField, ref Rejection rejection)
    {
        if (quantity is < 0 or > FieldLimits.QuantityMax)
            return Refuse(RejectReason.OutOfRange, quantityField, quantity, ref rejection);
        if (priceE9 == MarketUpdate.NoPrice)
            return Refuse(RejectReason.MissingPrice, priceField, double.NaN, ref rejection);
        if (priceE9 is <= 0 or > FieldLimits.PriceMaxE9)
            return Refuse(RejectReason.OutOfRange, priceField, priceE9 * 1e-9, ref rejection);

        return Refuse(RejectReason.MissingQuantity, quantityField, quantity, ref rejection);
    }
}
