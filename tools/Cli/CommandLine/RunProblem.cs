using ExecutionPipeline.Aeron.Driver;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>Words for what ended a command before its time.</summary>
public static class RunProblem
{
    /// <summary>
    /// One line for what the world outside did; everything else is a defect and comes with its stack.
    /// </summary>
    public static string Describe(Exception problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem switch
        {
            OperationCanceledException => "ended before it was done",
            UsageException or IOException or UnauthorizedAccessException or FormatException or InvalidDataException
                or TimeoutException or DllNotFoundException or AeronException => OneLine(problem.Message),
            _ => $"a defect of this program: {problem}",
        };
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
