namespace ExecutionPipeline.Execution.Trades;

/// <summary>
/// Shares an execution's value and fee among trades by quantity. Each part is what is due up to it less what was given
/// before, so that the parts are the whole to the last digit, whatever rounding does to each.
/// </summary>
internal struct Apportionment(long valueE6, long feeE6, int quantity)
{
    private int _taken;

    /// <summary>Contracts that no trade has taken yet.</summary>
    public readonly int Left => quantity - _taken;

    /// <summary>Takes the next contracts.</summary>
    public Part Take(int contracts)
    {
        var before = _taken;
        _taken += contracts;
        return new Part(
            contracts,
            ShareOf(valueE6, _taken, quantity) - ShareOf(valueE6, before, quantity),
            ShareOf(feeE6, _taken, quantity) - ShareOf(feeE6, before, quantity));
    }

    /// <summary>amount x part / whole, without overflow; 0 of nothing.</summary>
    public static long ShareOf(long amountE6, int part, int whole)
    {
        if (part == whole || whole == 0)
            return amountE6;

        var perOne = Math.DivRem(amountE6, whole, out var rest);
        return perOne * part + rest * part / whole;
    }

    /// <summary>What one trade gets of an execution.</summary>
    internal readonly record struct Part(int Quantity, long ValueE6, long FeeE6);
}
