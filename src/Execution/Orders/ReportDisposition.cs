namespace ExecutionPipeline.Execution.Orders;

/// <summary>What the order store made of an execution report.</summary>
public enum ReportDisposition : byte
{
    /// <summary>It changed the order.</summary>
    Applied = 1,

    /// <summary>It told nothing new.</summary>
    Duplicate = 2,

    /// <summary>An execution of an order that had ended, or an acknowledgement after an execution.</summary>
    Late = 3,

    /// <summary>The order cannot go where it says: refused.</summary>
    Illegal = 4,

    /// <summary>It names no order of the store.</summary>
    Unknown = 5,
}
