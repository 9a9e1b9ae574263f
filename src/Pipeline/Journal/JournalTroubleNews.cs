namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>
/// When trouble of a journal is news: where it begins, where it becomes another one, and where it has been over for a
/// while. What returns before that begins the while anew and is no news. One thread.
/// </summary>
/// <param name="calm">How long it must have been over, in the unit of the times that are given.</param>
public sealed class JournalTroubleNews(long calm)
{
    private long? _wholeSince;

    /// <summary>What was told last.</summary>
    public JournalTrouble Told { get; private set; }

    /// <summary>Whether a time without trouble runs that nobody has been told of yet.</summary>
    public bool IsCalming => _wholeSince is not null;

    /// <summary>Whether this is news, which counts as told from now on.</summary>
    /// <param name="trouble">Of the journal, now.</param>
    /// <param name="now">It does not go back.</param>
    public bool TryTake(JournalTrouble trouble, long now)
    {
        if (trouble != JournalTrouble.None)
            _wholeSince = null;
        if (trouble == Told)
            return false;

        if (trouble == JournalTrouble.None)
        {
            _wholeSince ??= now;
            if (now - _wholeSince < calm)
                return false;
        }

        (Told, _wholeSince) = (trouble, null);
        return true;
    }
}
