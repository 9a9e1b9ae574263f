using System.Text;

namespace ExecutionPipeline.Cli.Drivers;

/// <summary>
/// Fits lines into a terminal: what is too long goes on below, indented, so that columns stay columns. A terminal would
/// go on at its left edge, among the figures.
/// </summary>
public static class HangingLines
{
    /// <summary>Breaks the lines that are longer than a terminal is wide, at a space where there is one.</summary>
    /// <param name="text">Whole lines.</param>
    /// <param name="width">The terminal's, in characters.</param>
    /// <param name="indent">Of what goes on, in characters; less than <paramref name="width"/>.</param>
    public static string Fit(string text, int width, int indent)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(indent, width);
        var fitted = new StringBuilder(text.Length);
        foreach (var line in text.TrimEnd().ReplaceLineEndings("\n").Split('\n'))
            Append(fitted, line, width, indent);

        return fitted.ToString();
    }

    private static void Append(StringBuilder fitted, string line, int width, int indent)
    {
        var rest = line;
        while (rest.Length > width)
        {
            var end = rest.LastIndexOf(' ', width, width - indent);
            if (end < 0)
                end = width;
            fitted.AppendLine(rest[..end].TrimEnd());
            rest = new string(' ', indent) + rest[end..].TrimStart();
        }

        fitted.AppendLine(rest);
    }
}
