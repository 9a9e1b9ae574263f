using System.Text.RegularExpressions;
using ExecutionPipeline.Aeron.Driver;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>Words for what ended a command before its time.</summary>
public static partial class RunProblem
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
            AeronException => OptionFor(ProtocolWords().Replace(OneLine(problem.Message), "")),
            UsageException or IOException or UnauthorizedAccessException or FormatException or InvalidDataException
                or TimeoutException or DllNotFoundException => OneLine(problem.Message),
            _ => $"a defect of this program: {problem}",
        };
    }

    /// <summary>What the library puts before its sentence, which helps nobody at a command line.</summary>
    [GeneratedRegex(@"^(correlationId=-?\d+, errorCodeValue=-?\d+, )?((ERROR|FATAL|WARN) - )?")]
    private static partial Regex ProtocolWords();

    // The library names its own setting.
    private static string OptionFor(string text) => text.Replace("AeronDirectoryName", "--aeron-dir");

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
