using System.CommandLine;
using System.CommandLine.Parsing;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.CommandLine;

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

        if (errors.FirstOrDefault(error => error.SymbolResult is OptionResult { Tokens.Count: > 1 }) is { } twice)
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
