using System.Globalization;
using System.Text;

namespace ExecutionPipeline.Cli.CommandLine;

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
