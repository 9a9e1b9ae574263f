using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Daemon;

/// <summary>
/// Tells when trouble of the journal begins, becomes another one, and has been over for a second: a disk that is slow
/// now and then is no line each time.
/// </summary>
/// <param name="log">Is told.</param>
public sealed class JournalTroubleLog(DaemonLog log)
{
    private const long CalmMs = 1_000;

    private readonly JournalTroubleNews _news = new(CalmMs);
    private bool _isArchiveTold;

    /// <summary>Tells what has changed since the last look.</summary>
    /// <param name="trouble">Of the journal, now.</param>
    /// <param name="problem">The same in the system's words.</param>
    /// <param name="nowMs">Now; it does not go back.</param>
    /// <param name="isArchive">Whether only old segments are concerned.</param>
    public void Look(JournalTrouble trouble, string problem, long nowMs, bool isArchive = false)
    {
        // The same trouble becomes a worse one when the journal's own disk fails, too.
        if (_news.TryTake(trouble, nowMs) || (_isArchiveTold && trouble == JournalTrouble.DiskFailed && !isArchive))
            Tell(trouble, problem, isArchive);
    }

    private void Tell(JournalTrouble trouble, string problem, bool isArchive)
    {
        _isArchiveTold = isArchive;
        const string held = "nothing leaves that adds risk";
        var text = trouble switch
        {
            JournalTrouble.NoRoom => $"{held}: there is no room for a further segment: {problem}",
            JournalTrouble.DiskFailed when isArchive =>
                $"{held}: old segments can be neither archived nor removed: {problem}",
            JournalTrouble.DiskFailed => $"{held} until a restart: the disk has failed: {problem}",
            JournalTrouble.Slow => $"{held}: the disk is slow: {problem}",
            _ => "it is whole again",
        };
        log.Write(LogLevel.Warning, "journal", text, ("trouble", trouble.ToString()), ("problem", problem));
    }
}
