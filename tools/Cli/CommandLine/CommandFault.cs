using System.Text.RegularExpressions;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>The one place that turns what ended a command before its time into an exit code and words.</summary>
public static partial class CommandFault
{
    // The protocol's numbers, which every driver answers with.
    private const int InvalidChannel = 1;
    private const int NotSupported = 8;
    private const int GenericError = 11;

    /// <summary>The exit code: what cannot be used is told from what went wrong while it ran.</summary>
    public static int CodeOf(Exception problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem switch
        {
            AggregateException { InnerExceptions: [var only] } => CodeOf(only),
            OperationCanceledException => ExitCode.Interrupted,
            UsageException or ModelFileException or DbnFormatException => ExitCode.Unusable,
            InvalidDataException or FormatException => ExitCode.Unusable,
            FileNotFoundException or DirectoryNotFoundException or PathTooLongException => ExitCode.Unusable,
            UnauthorizedAccessException or ActiveDriverException => ExitCode.Unusable,
            RegistrationException registration when IsUnusable(registration) => ExitCode.Unusable,
            _ => ExitCode.Failed,
        };
    }

    /// <summary>
    /// One line for what the world outside did; everything else is a defect and comes with its stack.
    /// </summary>
    public static string Describe(Exception problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem switch
        {
            AggregateException { InnerExceptions: [var only] } => Describe(only),
            OperationCanceledException => "interrupted before it was done",
            AeronException => OptionFor(ProtocolWords().Replace(PrintableText.Line(problem.Message), "")),
            OutOfMemoryException => "there is not enough memory for what was asked",
            TypeInitializationException { InnerException: DllNotFoundException cause } => Describe(cause),
            DllNotFoundException => $"a native library is missing: {PrintableText.Line(problem.Message)}",
            _ when CodeOf(problem) == ExitCode.Unusable || problem is IOException or TimeoutException
                => PrintableText.Line(problem.Message),
            _ => $"a defect of this program: {problem}",
        };
    }

    private static bool IsUnusable(RegistrationException problem) =>
        problem.ErrorCodeValue() is InvalidChannel or NotSupported
        || (problem.ErrorCodeValue() == GenericError && problem.Message.Contains("ArgumentException : "));

    /// <summary>What the library puts before its sentence, which helps nobody at a command line.</summary>
    [GeneratedRegex(
        @"^(correlationId=-?\d+, errorCodeValue=-?\d+, )?((ERROR|FATAL|WARN) - )?([\w.]*ArgumentException : )?")]
    private static partial Regex ProtocolWords();

    // The library names its own setting.
    private static string OptionFor(string text) => text.Replace("AeronDirectoryName", "--aeron-dir");
}
