using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Ingress;

/// <summary>From a price as a float to the integer that everything behind the edge counts with.</summary>
internal static class PriceConversion
{
    /// <summary>
    /// The nearest multiple of 1e-9, ties to even. Decimal prices with up to nine places below 2,000,000 become exactly
    /// what they were written as: the errors of float and product add up to less than a half there. False when the
    /// price is not finite, rounds to 0 or less, or is above <see cref="FieldLimits.PriceMax"/>.
    /// </summary>
    public static bool TryToE9(double price, RejectField field, out long priceE9, ref Rejection rejection)
    {
        priceE9 = 0;
        if (!FieldCheck.IsWithin(price, 0, FieldLimits.PriceMax, field, ref rejection))
            return false;

        priceE9 = (long)Math.Round(price * 1e9);
        if (priceE9 > 0)
            return true;

        FieldCheck.NoteNumber(price, field, ref rejection);
        return false;
    }
}
