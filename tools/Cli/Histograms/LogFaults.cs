using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Histograms;

/// <summary>
/// The lines of logs that could not be read, and logs that end early. They are skipped, and said at the end.
/// </summary>
public sealed class LogFaults(TextWriter error)
{
    private const int MostNamed = 10;

    private readonly List<string> _named = [];

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>Takes note of a line.</summary>
    /// <param name="path">The log.</param>
    /// <param name="line">The line's number, the first being 1.</param>
    /// <param name="reason">What is wrong with it.</param>
    public void Add(string path, long line, string reason)
    {
        if (Count++ < MostNamed)
            _named.Add(PrintableText.Line($"{path}: line {line}: {reason}"));
    }

    /// <summary>Says which lines were skipped. Returns the exit code: 1 when there is one.</summary>
    public int Report()
    {
        foreach (var fault in _named)
            error.WriteLine(fault);
        if (Count > 0)
            error.WriteLine($"lines skipped: {Count}");
        return Count == 0 ? 0 : ExitCode.Failed;
    }
}
