using ExecutionPipeline.Cli.CommandLine;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>
/// Tables whose figures are never cut nor broken: where the console is too narrow for all of them, those that do not
/// fit follow in a further table with the same names. A long name is broken instead, and is printed without control
/// characters, since it may come from a file.
/// </summary>
public static class FigureTable
{
    private const int NameWidthMax = 30;

    /// <summary>Writes the table or the tables.</summary>
    /// <param name="console">Where to, and how wide.</param>
    /// <param name="title">Over the first table; null: none.</param>
    /// <param name="columns">The heads, that of the names first.</param>
    /// <param name="rows">A cell for each column.</param>
    public static void Write(
        IAnsiConsole console, string? title, IReadOnlyList<string> columns, IReadOnlyList<string[]> rows)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        for (var first = 1; first < columns.Count; title = null)
        {
            var count = columns.Count - first;
            var table = Build(columns, rows, first, count);
            while (count > 1 && WidthOf(console, table) > console.Profile.Width)
                table = Build(columns, rows, first, --count);
            if (title != null)
                table.Title(Markup.Escape(PrintableText.Escape(title)));
            console.Write(table);
            first += count;
        }
    }

    private static Table Build(IReadOnlyList<string> columns, IReadOnlyList<string[]> rows, int first, int count)
    {
        var names = rows.Select(static row => PrintableText.Escape(row[0])).ToArray();
        var nameWidth = Math.Min(NameWidthMax, names.Append(columns[0]).Max(static name => name.Length));
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn(new TableColumn(columns[0]).Width(nameWidth));
        foreach (var figure in columns.Skip(first).Take(count))
            table.AddColumn(new TableColumn(figure).RightAligned().NoWrap());
        for (var row = 0; row < rows.Count; row++)
            table.AddRow(rows[row].Skip(first).Take(count).Prepend(names[row]).Select(static cell => new Text(cell)));
        return table;
    }

    private static int WidthOf(IAnsiConsole console, IRenderable table) =>
        table.Measure(RenderOptions.Create(console, console.Profile.Capabilities), int.MaxValue / 4).Max;
}
