using System.CommandLine;
using System.CommandLine.Invocation;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>`--help`: of a command, or of `xp` with every option of every command.</summary>
public sealed class HelpPage : SynchronousCommandLineAction
{
    private const int DefaultWidth = 110;
    private const int NameColumn = 26;
    private const int LongestNote = 60;
    private const char Unbroken = '\u00a0';

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        ArgumentNullException.ThrowIfNull(parseResult);
        Write(parseResult.InvocationConfiguration.Output, parseResult.CommandResult.Command);
        return 0;
    }

    private static void Write(TextWriter output, Command command)
    {
        output.WriteLine(command.Description);
        output.WriteLine();
        if (command is RootCommand)
        {
            output.WriteLine("Usage: xp COMMAND [OPTIONS]");
            WriteEntry(output, "--version", "Shows the version.");
            WriteEntry(output, "-h, --help", "Shows this; after a command, what concerns that command.");
        }
        else
        {
            WriteUsage(output, command);
        }

        if (command.Subcommands.Count == 0)
            WriteEntries(output, command);
        foreach (var sub in command.Subcommands)
            WriteTree(output, sub);
    }

    private static void WriteTree(TextWriter output, Command command)
    {
        if (command.Subcommands.Count == 0)
        {
            output.WriteLine();
            WriteUsage(output, command);
            WriteWrapped(output, command.Description ?? "", 2);
            WriteEntries(output, command);
        }

        foreach (var sub in command.Subcommands)
            WriteTree(output, sub);
    }

    private static void WriteUsage(TextWriter output, Command command)
    {
        var arguments = string.Concat(command.Arguments.Select(
            argument => argument.Arity.MinimumNumberOfValues > 0 ? $" {argument.Name}" : $" [{argument.Name}]"));
        var subcommands = command.Subcommands.Count > 0 ? " COMMAND" : "";
        output.WriteLine($"{UsageProblem.PathOf(command)}{subcommands}{arguments} [OPTIONS]");
    }

    private static void WriteEntries(TextWriter output, Command command)
    {
        foreach (var argument in command.Arguments)
        {
            var (value, fallback) = argument is IOptionHelp help
                ? (help.ValueHelp, help.DefaultHelp)
                : ("unit: path", "none, it must be given");
            WriteEntry(output, argument.Name, $"{argument.Description} {Note(value)} {Note($"default: {fallback}")}");
        }

        foreach (var option in command.Options)
        {
            if (option is IOptionHelp help)
            {
                var name = option is FlagOption ? option.Name : $"{option.Name} {option.HelpName}";
                var notes = $"{Note(help.ValueHelp)} {Note($"default: {help.DefaultHelp}")}";
                WriteEntry(output, name, $"{option.Description} {notes}");
            }
        }
    }

    private static void WriteEntry(TextWriter output, string name, string text)
    {
        output.Write($"  {name}".PadRight(NameColumn));
        WriteWrapped(output, text, NameColumn, isAtColumn: true);
    }

    // A note stays on one line where it can.
    private static string Note(string text) =>
        text.Length <= LongestNote ? $"[{text.Replace(' ', Unbroken)}]" : $"[{text}]";

    private static void WriteWrapped(TextWriter output, string text, int indent, bool isAtColumn = false)
    {
        var column = isAtColumn ? indent : 0;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column + 1 + word.Length > DefaultWidth)
            {
                output.WriteLine();
                column = 0;
            }

            var gap = column == 0 ? indent : column == indent ? 0 : 1;
            output.Write(new string(' ', gap));
            output.Write(word.Replace(Unbroken, ' '));
            column += gap + word.Length;
        }

        output.WriteLine();
    }
}
