using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
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
            UsageException or ModelFileException or MarketDataException => ExitCode.Unusable,
            InvalidDataException or JournalDamageException or FormatException => ExitCode.Unusable,
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
            // Of a file it would name the path.
            UnauthorizedAccessException when !problem.Message.Contains('\'') => "standard output is closed",
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

/// <summary>Says in one line what is wrong with a command line.</summary>
public static class UsageProblem
{
    /// <summary>One line: the command, what is wrong, and what was probably meant.</summary>
    public static string Describe(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        var command = CommandOf(parsed);
        return $"{command}: {ProblemOf(parsed)} (see '{command} --help')";
    }

    /// <summary>The command as it is typed, without options: "xp models fit".</summary>
    public static string CommandOf(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        return PathOf(parsed.CommandResult.Command);
    }

    /// <summary>The command as it is typed, without options.</summary>
    public static string PathOf(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command is RootCommand)
            return "xp";

        var parent = command.Parents.OfType<Command>().First();
        return $"{PathOf(parent)} {command.Name}";
    }

    private static string ProblemOf(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count > 0)
            return Unmatched(parsed.UnmatchedTokens[0], command);

        // What a reader of values said names the option and the text; the library's own words are the rest.
        if (command.Arguments.FirstOrDefault(argument => HasNoText(parsed, argument)) is { } missing)
            return $"{missing.Name} must be given: {HelpOf(missing)}";

        var errors = parsed.Errors.Where(error => error.SymbolResult is not CommandResult).ToList();
        if (errors.FirstOrDefault(error => error.SymbolResult is OptionResult { Tokens.Count: 0 }) is { } empty)
        {
            var option = ((OptionResult)empty.SymbolResult!).Option;
            return $"{option.Name} needs a value ({((IOptionHelp)option).ValueHelp})";
        }

        if (errors.FirstOrDefault(error => error.SymbolResult is OptionResult
            {
                Tokens.Count: > 1, Option.Arity.MaximumNumberOfValues: 1,
            }) is { } twice)
            return $"{((OptionResult)twice.SymbolResult!).Option.Name} is given more than once";

        if (errors.Count > 0)
            return OneLine(errors[0].Message);
        if (command.Subcommands.Count > 0)
            return $"a command is missing: {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}";
        return OneLine(parsed.Errors.Count > 0 ? parsed.Errors[0].Message : "nothing to do");
    }

    private static string Unmatched(string token, Command command)
    {
        if (token.StartsWith('-'))
        {
            var name = token.Split('=', ':')[0];
            var names = command.Options.Select(option => option.Name).Append("--help");
            return $"there is no option {name}{Suggestion.For(name, names)}";
        }

        return command.Subcommands.Count > 0
            ? $"there is no command '{token}'{Suggestion.For(token, command.Subcommands.Select(sub => sub.Name))}"
            : $"'{token}' is one argument too many";
    }

    private static bool HasNoText(ParseResult parsed, Argument argument) =>
        argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument) is not { Tokens.Count: > 0 };

    private static string HelpOf(Argument argument) =>
        argument is IOptionHelp help ? help.ValueHelp : argument.Description ?? "";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}

/// <summary>What was asked for cannot be done as it was asked: one line for the user, exit code 2.</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>The exit codes of every command; docs/OPERATIONS.md has the same table.</summary>
public static class ExitCode
{
    /// <summary>The command did all that it was asked for, and nothing was lost.</summary>
    public const int Done = 0;

    /// <summary>The run was not whole, was refused by the pipeline, or a check was not passed.</summary>
    public const int Failed = 1;

    /// <summary>A command line, path, configuration or file that cannot be used.</summary>
    public const int Unusable = 2;

    /// <summary>Interrupted by Ctrl-C, SIGTERM or SIGHUP, as shells have it for Ctrl-C.</summary>
    public const int Interrupted = 130;
}
