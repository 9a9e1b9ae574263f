using Spectre.Console;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>Where the commands write.</summary>
public static class Consoles
{
    private const int FileWidth = 110;

    // In less a table would break its figures, digit below digit; the terminal itself breaks lines better.
    private const int LeastWidth = 80;

    /// <summary>The terminal, at least 80 columns of it; for a file or a pipe plain text of a fixed width.</summary>
    public static IAnsiConsole Create()
    {
        if (!Console.IsOutputRedirected)
        {
            var profile = AnsiConsole.Console.Profile;
            if (profile.Width < LeastWidth)
                profile.Width = LeastWidth;
            return AnsiConsole.Console;
        }

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
