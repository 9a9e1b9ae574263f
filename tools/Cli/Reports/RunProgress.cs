using System.Globalization;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>Shows where a run stands. One thread calls it.</summary>
public interface IRunProgress
{
    /// <summary>A run of <paramref name="total"/> signals begins.</summary>
    void Start(long total);

    /// <summary>Shows new figures. Allocates nothing, so that showing them does not disturb what is measured.</summary>
    void Update(ProgressFigures figures);

    /// <summary>The run has ended, however.</summary>
    void Stop();
}

/// <summary>
/// A progress bar on a terminal, a line now and then where output goes to a file. Built from preallocated characters:
/// a bar that allocates would bring about the very collections that the run is to be free of.
/// </summary>
public sealed class RunProgress : IRunProgress
{
    private const int BarCells = 30;
    private const int TenthsInAll = 10;

    private readonly TextWriter _writer;
    private readonly bool _isTerminal;
    private readonly int _columns;
    private readonly char[] _line = new char[160];
    private long _total;
    private long _tenthsShown;
    private int _longest;

    /// <summary>Writes to <paramref name="writer"/>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="isTerminal">The line can be written over.</param>
    /// <param name="columns">Of the terminal: a line that it breaks could not be written over.</param>
    public RunProgress(TextWriter writer, bool isTerminal, int columns = int.MaxValue)
    {
        _writer = writer;
        _isTerminal = isTerminal;
        _columns = columns;
    }

    /// <summary>What suits the console; nothing at all when quiet.</summary>
    public static IRunProgress Create(IAnsiConsole console, bool isQuiet)
    {
        ArgumentNullException.ThrowIfNull(console);
        var output = console.Profile.Out;
        return new RunProgress(isQuiet ? TextWriter.Null : output.Writer, output.IsTerminal, output.Width);
    }

    public void Start(long total)
    {
        _total = Math.Max(1, total);
        _tenthsShown = 0;
        _longest = 0;
        Update(default);
    }

    public void Update(ProgressFigures figures)
    {
        if (_isTerminal)
        {
            WriteOver(figures);
            return;
        }

        // A file gets a line each tenth of the way.
        var tenths = Math.Min(TenthsInAll, figures.Done * TenthsInAll / _total);
        if (tenths <= _tenthsShown)
            return;

        _tenthsShown = tenths;
        _writer.Write(_line.AsSpan(0, Format(figures, _line)));
        _writer.WriteLine();
        _writer.Flush();
    }

    public void Stop()
    {
        if (_isTerminal)
            _writer.WriteLine();
        _writer.Flush();
    }

    private void WriteOver(ProgressFigures figures)
    {
        _line[0] = '\r';
        var length = 1 + WriteBar(figures.Done, _line.AsSpan(1));
        length += Format(figures, _line.AsSpan(length));
        length = WithinTheTerminal(length);
        // What a longer line before left behind is blanked.
        var blanks = Math.Max(0, Math.Min(_longest, _line.Length) - length);
        _line.AsSpan(length, blanks).Fill(' ');
        _longest = length;
        _writer.Write(_line.AsSpan(0, length + blanks));
        _writer.Flush();
    }

    // The carriage return takes no column, and the last one is left free. A figure that is cut would be another one.
    private int WithinTheTerminal(int length)
    {
        if (length <= _columns)
            return length;

        var line = _line.AsSpan(0, Math.Max(1, _columns));
        var whole = line.LastIndexOf("  ");
        if (whole > BarCells)
            line[whole..].Fill(' ');
        return line.Length;
    }

    private int WriteBar(long done, Span<char> line)
    {
        var full = (int)Math.Clamp(done * BarCells / _total, 0, BarCells);
        line[..full].Fill('█');
        line[full..BarCells].Fill('░');
        line[BarCells] = ' ';
        return BarCells + 1;
    }

    private int Format(ProgressFigures figures, Span<char> line)
    {
        var percent = Math.Min(100, figures.Done * 100 / _total);
        var isWritten = line.TryWrite(
            CultureInfo.InvariantCulture,
            $"{percent,3} %  {figures.Done:#,0} of {_total:#,0} signals  {figures.RatePerSecond:#,0}/s  "
            + $"{figures.Orders:#,0} orders  {figures.Rejected:#,0} rejected",
            out var length);
        return isWritten ? length : 0;
    }
}

/// <summary>Where a run stands.</summary>
/// <param name="Done">Signals that went through, warm-up included.</param>
/// <param name="RatePerSecond">Signals a second so far.</param>
/// <param name="Orders">Orders sent so far.</param>
/// <param name="Rejected">Messages dropped at the edge so far.</param>
public readonly record struct ProgressFigures(long Done, double RatePerSecond, long Orders, long Rejected);
