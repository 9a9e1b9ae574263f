namespace ExecutionPipeline.Pipeline.Outbound;

/// <summary>How messages are offered to a publication where nobody waits for room.</summary>
public static class PublicationOffers
{
    /// <summary>
    /// Offers a message, and once more where a term was at its end: then the next one is there. False when there is no
    /// room, or nobody listens.
    /// </summary>
    /// <param name="publication">Takes it.</param>
    /// <param name="buffer">Begins with the message.</param>
    /// <param name="length">In bytes.</param>
    /// <param name="reserved">Gives the frames' reserved value; null: it is 0.</param>
    public static bool TryOffer(
        this Publication publication, IDirectBuffer buffer, int length, ReservedValueSupplier? reserved = null)
    {
        ArgumentNullException.ThrowIfNull(publication);
        var position = publication.Offer(buffer, 0, length, reserved);
        if (position == Publication.ADMIN_ACTION)
            position = publication.Offer(buffer, 0, length, reserved);
        return position > 0;
    }
}
