using Spectre.Console;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>Where the commands write.</summary>
public static class Consoles
{
    private const int FileWidth = 110;

    /// <summary>The terminal as it is; for a file or a pipe plain text of a fixed width.</summary>
    public static IAnsiConsole Create()
    {
        if (!Console.IsOutputRedirected)
            return AnsiConsole.Console;

        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Console.Out),
        });
        console.Profile.Width = FileWidth;
        return console;
    }
}
