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
