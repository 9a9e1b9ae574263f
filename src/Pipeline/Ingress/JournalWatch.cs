using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>
/// Tells the stages by a command on the ring, as an input like any other, when the journal is in trouble and when it
/// has been whole again for a while. Ingress's thread.
/// </summary>
public sealed class JournalWatch(EventJournal journal) : ICommandSource
{
    /// <summary>So long without trouble, in nanoseconds, and risk may be added again.</summary>
    internal const long CalmNs = 1_000_000_000;

    private readonly JournalTroubleNews _news = new(CalmNs);

    /// <summary>
    /// Whether the stages have been told something else than what is so now, or trouble that has returned begins the
    /// time without it anew.
    /// </summary>
    public bool IsDue => journal.Trouble != _news.Told || _news.IsCalming;

    /// <summary>Takes the command that is due. False where none is yet.</summary>
    public bool TryTake(long timeNs, out Command command)
    {
        var trouble = journal.Trouble;
        command = new Command
        {
            Kind = trouble == JournalTrouble.None ? CommandKind.JournalRestored : CommandKind.JournalDegraded,
            Reason = ReasonOf(trouble),
            SendTimeNs = timeNs,
        };
        return _news.TryTake(trouble, timeNs);
    }

    private static int ReasonOf(JournalTrouble trouble) => trouble switch
    {
        JournalTrouble.NoRoom => CommandReason.JournalNoRoom,
        JournalTrouble.DiskFailed => CommandReason.JournalFailed,
        JournalTrouble.Slow => CommandReason.JournalSlow,
        _ => CommandReason.JournalWhole,
    };
}
