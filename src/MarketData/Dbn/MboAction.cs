namespace ExecutionPipeline.MarketData.Dbn;

/// <summary>What a record does. The values are the characters that DBN has for them.</summary>
public enum MboAction : byte
{
    /// <summary>A new order rests in the book.</summary>
    Add = (byte)'A',

    /// <summary>A resting order loses the record's quantity; with none left it is gone.</summary>
    Cancel = (byte)'C',

    /// <summary>A resting order has a new price or quantity.</summary>
    Modify = (byte)'M',

    /// <summary>The book is emptied.</summary>
    Clear = (byte)'R',

    /// <summary>An aggressing order traded. The book changes by the cancel or modify that follows.</summary>
    Trade = (byte)'T',

    /// <summary>A resting order was filled. The book changes by the cancel or modify that follows.</summary>
    Fill = (byte)'F',

    /// <summary>Nothing: the record carries flags alone.</summary>
    None = (byte)'N',
}
