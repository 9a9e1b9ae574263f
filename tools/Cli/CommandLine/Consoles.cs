using System.Globalization;
using System.Text;
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

/// <summary>
/// Makes texts from outside (names of files, tags, labels, what a damaged file holds) safe to print: a terminal obeys
/// control characters, and half of a surrogate pair is no character.
/// </summary>
public static class PrintableText
{
    /// <summary>One line: line ends become blanks, other control characters are written as \xNN or \uNNNN.</summary>
    public static string Line(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Escape(text.ReplaceLineEndings(" ")).Trim();
    }

    /// <summary>The text with control characters, line ends included, written as \xNN or \uNNNN.</summary>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var isPrintable = true;
        foreach (var rune in text.EnumerateRunes())
            isPrintable &= IsPrintable(rune);

        if (isPrintable && !text.Contains('\uFFFD'))
            return text;

        var result = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsPrintable(rune))
                result.Append(rune);
            else if (rune.Value <= byte.MaxValue)
                result.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:X2}");
            else
                result.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
        }

        return result.ToString();
    }

    // Format characters turn the direction of what follows, which hides what a name is.
    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse);
}
