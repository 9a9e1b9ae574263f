namespace ExecutionPipeline.Stages.Risk;

/// <summary>What the risk stage holds of an instrument.</summary>
internal struct InstrumentRisk
{
    /// <summary>Signed contracts, as the last event of the instrument showed them.</summary>
    public int Position;

    /// <summary>
    /// Contracts that were held or approved on the long side when the position limit was changed, less what has been
    /// taken off since: so many are no breach of the new limit. 0 before the first change.
    /// </summary>
    public int GrantedLong;

    /// <summary>The same on the short side.</summary>
    public int GrantedShort;

    /// <summary>0 until there is a price.</summary>
    public long MarkPriceE9;

    /// <summary>Approved buys that no report has settled yet, in contracts.</summary>
    public int PendingBuy;

    /// <summary>Approved sales that no report has settled yet, in contracts.</summary>
    public int PendingSell;

    /// <summary>Value of the larger position that the pending orders can lead to.</summary>
    public long NotionalE6;

    /// <summary>Initial margin of that position.</summary>
    public long MarginE6;

    /// <summary>Of the last market update with a quote or a trade; 0 before the first.</summary>
    public long MarketTimeNs;

    /// <summary>The parent order of a close that was commanded and has not ended; 0 when there is none.</summary>
    public ulong ClosingParent;

    /// <summary>Whether the instrument takes no signal, because it is being closed.</summary>
    public readonly bool IsClosing => ClosingParent != 0;

    public readonly bool IsPending => PendingBuy != 0 || PendingSell != 0;

    /// <summary>Position with every pending buy filled and no sale.</summary>
    public readonly long Highest => (long)Position + PendingBuy;

    /// <summary>Position with every pending sale filled and no buy.</summary>
    public readonly long Lowest => (long)Position - PendingSell;

    /// <summary>Contracts that are no breach of a limit that was lowered, on a position's side.</summary>
    public readonly int GrantedOn(int position) => position > 0 ? GrantedLong : GrantedShort;

    /// <summary>The larger position, whichever its side, that the pending orders can lead to.</summary>
    public readonly long Largest => Math.Max(Math.Abs(Highest), Math.Abs(Lowest));
}
