namespace ExecutionPipeline.MarketData.Dbn;

/// <summary>A market data file is not what it should be. The message is one line: which file, where, what.</summary>
public sealed class DbnFormatException : Exception
{
    public DbnFormatException(string message) : base(message)
    {
    }

    public DbnFormatException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
