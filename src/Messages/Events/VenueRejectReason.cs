namespace ExecutionPipeline.Messages.Events;

/// <summary>Why a venue refused an order or a cancel.</summary>
public enum VenueRejectReason : byte
{
    None = 0,
    NoMarket = 1,
    UnknownInstrument = 2,
    InvalidQuantity = 3,
    InvalidPrice = 4,
    UnknownOrder = 5,
    TooManyOrders = 6,
}
