using System.Globalization;
using ExecutionPipeline.Native;

namespace ExecutionPipeline.Pipeline.Recovery;

/// <summary>
/// What an operator is told where a journal ends ahead of the system's time, as it does when that was stepped back
/// before the restart.
/// </summary>
public static class JournalLead
{
    /// <summary>From here on sessions and trading days are other ones than those of the system's time.</summary>
    private static readonly TimeSpan Strange = TimeSpan.FromDays(1);

    /// <summary>One line; null: it is not ahead by as much as counts for a step.</summary>
    /// <param name="aheadNs">How far ahead it ends, in nanoseconds.</param>
    public static string? Describe(long aheadNs)
    {
        if (aheadNs < AnchoredClock<KernelClocks>.LeastStepNs)
            return null;

        var seconds = (aheadNs / 1e9).ToString("0.###", CultureInfo.InvariantCulture);
        var note = $"the journal ends {seconds} s ahead of the system's time: time goes on from there and follows at "
            + "1 %";
        return aheadNs < Strange.TotalNanoseconds
            ? note
            : note + "; sessions and trading days are off by that: if the system's time is right, name a new folder";
    }
}
