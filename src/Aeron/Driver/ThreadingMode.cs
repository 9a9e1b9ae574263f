namespace ExecutionPipeline.Aeron.Driver;

/// <summary>Which thread runs a driver.</summary>
public enum ThreadingMode
{
    /// <summary>One of its own, which idles by a strategy.</summary>
    SHARED,

    /// <summary>None of its own: the application calls the driver's invoker.</summary>
    INVOKER,
}
