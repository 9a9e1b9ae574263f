using System.Globalization;
using System.Text;
using ExecutionPipeline.Aeron.Monitoring;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Native;
using Spectre.Console;
using AeronCounters = ExecutionPipeline.Aeron.Protocol.AeronCounters;

namespace ExecutionPipeline.Cli.Drivers;

/// <summary>`xp stat`, `xp streams` and `xp errors`.</summary>
public static class MonitorRunner
{
    // What clients and drivers of all languages count as dead.
    private const long DriverTimeoutMs = 10_000;

    // Where what does not fit into a terminal goes on: under a counter's label, a position, an error's text.
    private const int LabelIndent = 30;
    private const int PositionIndent = 11;
    private const int ErrorIndent = 4;

    /// <summary>Shows counters. Returns the exit code.</summary>
    /// <exception cref="IOException">There is no driver, or it is dead.</exception>
    /// <exception cref="InvalidDataException">Its file is of another version, or damaged.</exception>
    public static Task<int> StatAsync(StatOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        return LookAsync(
            options, console, (monitor, output) => WriteCounters(monitor, options, output), LabelIndent, cancel);
    }

    /// <inheritdoc cref="StatAsync"/>
    /// <summary>Shows the positions of streams. Returns the exit code.</summary>
    public static Task<int> StreamsAsync(MonitorOptions options, IAnsiConsole console, CancellationToken cancel) =>
        LookAsync(options, console, StreamsText.Write, PositionIndent, cancel);

    /// <inheritdoc cref="StatAsync"/>
    /// <summary>Shows the distinct errors. Returns the exit code.</summary>
    public static Task<int> ErrorsAsync(MonitorOptions options, IAnsiConsole console, CancellationToken cancel) =>
        LookAsync(options, console, WriteErrors, ErrorIndent, cancel);

    private static async Task<int> LookAsync(
        MonitorOptions options,
        IAnsiConsole console,
        Action<DriverMonitor, TextWriter> write,
        int indent,
        CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(console);
        using var monitor = DriverMonitor.Open(options.AeronDirectory);
        var heard = new SignOfLife();
        while (!cancel.IsCancellationRequested)
        {
            var death = monitor.DescribeDeath(DriverTimeoutMs, heard);
            if (death is not null && !options.IsDeadAllowed)
                throw new IOException($"{death} (--dead shows what it left)");

            Show(console, death, output => write(monitor, output), indent);
            if (options.IntervalSeconds is not { } seconds || death is not null)
                break;

            await WaitAsync(TimeSpan.FromSeconds(seconds), cancel).ConfigureAwait(false);
        }

        return 0;
    }

    // A terminal shows the last look alone, fitted to its width; a file or a pipe gets them all, line by line.
    private static void Show(IAnsiConsole console, string? death, Action<TextWriter> write, int indent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.Now:HH:mm:ss} {death}").TrimEnd());
        write(text);
        if (console.Profile.Capabilities.Ansi)
            console.Clear(home: true);

        var profile = console.Profile;
        profile.Out.Writer.Write(
            profile.Out.IsTerminal ? HangingLines.Fit(text.ToString(), profile.Width, indent) : text.ToString());
        console.Profile.Out.Writer.Flush();
    }

    private static async Task WaitAsync(TimeSpan time, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(time, cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Being interrupted is how a live view ends.
        }
    }

    private static void WriteCounters(DriverMonitor monitor, StatOptions options, TextWriter output)
    {
        foreach (var counter in monitor.Counters())
        {
            var isWanted = (options.TypeId ?? counter.TypeId) == counter.TypeId
                && counter.Label.Contains(options.Label ?? "", StringComparison.OrdinalIgnoreCase);
            if (isWanted)
                output.WriteLine(
                    $"{counter.Id,5}: {ReportNames.Count(counter.Value),20} - {PrintableText.Escape(counter.Label)}");
        }
    }

    private static void WriteErrors(DriverMonitor monitor, TextWriter output)
    {
        var errors = monitor.Errors();
        foreach (var error in errors)
        {
            output.WriteLine(
                $"{error.Observations} observations from {Time(error.FirstSeen)} to {Time(error.LastSeen)} for:");
            foreach (var line in error.Text.TrimEnd().ReplaceLineEndings("\n").Split('\n'))
                output.WriteLine($"  {PrintableText.Escape(line)}");
        }

        output.WriteLine($"{errors.Count} distinct errors");
    }

    private static string Time(DateTimeOffset time) =>
        time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
}

/// <summary>The positions of streams as text: a line a stream, and under it a line for each of its parties.</summary>
public static class StreamsText
{
    /// <summary>Writes all streams of a driver.</summary>
    public static void Write(DriverMonitor monitor, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(monitor);
        ArgumentNullException.ThrowIfNull(output);
        var streams = monitor.Streams().GroupBy(position => (position.StreamId, position.SessionId)).ToList();
        foreach (var stream in streams)
        {
            output.WriteLine($"stream {stream.Key.StreamId} session {stream.Key.SessionId}");
            foreach (var position in stream)
                output.WriteLine(LineOf(position));
        }

        output.WriteLine($"{streams.Count} streams");
    }

    private static string LineOf(StreamPosition position)
    {
        var ahead = position.AheadBytes switch
        {
            0 => "",
            > 0 => $"window {ReportNames.Count(position.AheadBytes)}",
            _ => $"lag {ReportNames.Count(-position.AheadBytes)}",
        };
        return $"  {NameOf(position.TypeId),-8} {ReportNames.Count(position.Value),20} {ahead,-20} "
            + $"registration {position.RegistrationId} counter {position.CounterId} "
            + PrintableText.Escape(position.Channel);
    }

    private static string NameOf(int typeId) => typeId switch
    {
        AeronCounters.DriverPublisherPosTypeId => "pub-pos",
        AeronCounters.DriverPublisherLimitTypeId => "pub-lmt",
        AeronCounters.DriverSenderPositionTypeId => "snd-pos",
        AeronCounters.DriverSenderLimitTypeId => "snd-lmt",
        AeronCounters.DriverReceiverHwmTypeId => "rcv-hwm",
        AeronCounters.DriverReceiverPosTypeId => "rcv-pos",
        _ => "sub-pos",
    };
}

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
