using System.Text.RegularExpressions;

namespace ExecutionPipeline.Tidy.Tests;

/// <summary>Rules that need no more than a file's lines.</summary>
internal static partial class TextRules
{
    public const int LongestFileLines = 500;
    public const int LongestLineColumns = 120;

    public static IEnumerable<Violation> LongFiles(SourceFile file)
    {
        if (file.Lines.Count > LongestFileLines)
            yield return new Violation(file.Path, $"{file.Lines.Count} lines");
    }

    public static IEnumerable<Violation> LongLines(string path, string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var columns = lines[i].TrimEnd('\r').Length;
            if (columns > LongestLineColumns)
                yield return new Violation(path, $"line {i + 1} has {columns} columns");
        }
    }

    public static IEnumerable<Violation> Promises(SourceFile file)
    {
        for (var i = 0; i < file.Lines.Count; i++)
        {
            if (PromisePattern().IsMatch(file.Lines[i]))
                yield return new Violation(file.Path, $"line {i + 1}: {file.Lines[i].Trim()}");
        }
    }

    // Spelt so that this file does not break the rule that it states.
    [GeneratedRegex(@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK|XX" + @"X)\b")]
    private static partial Regex PromisePattern();
}
