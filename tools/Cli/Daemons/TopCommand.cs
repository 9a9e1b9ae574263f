using System.CommandLine;
using System.Globalization;
using ExecutionPipeline.Aeron.Monitoring;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Drivers;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Pipeline.Telemetry;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Daemons;

/// <summary>`xp top`: its options and how they become <see cref="TopOptions"/>.</summary>
public sealed class TopCommand : MonitorCommand
{
    private readonly ValueOption<string?> _json = new(
        "--json", "FILE", "Writes the figures as JSON, once, and ends.", Paths.OutputFile, null, "not written");

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public TopCommand(Func<TopOptions, CancellationToken, Task<int>> run)
        : base("top", "Shows how a running pipeline stands, from the counters that it publishes.")
    {
        Add(_json);
        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private TopOptions OptionsOf(ParseResult parsed)
    {
        var common = Common(parsed);
        var json = parsed.GetValue(_json);
        return new TopOptions
        {
            AeronDirectory = common.AeronDirectory,
            IntervalSeconds = json is null ? common.IntervalSeconds : null,
            IsDeadAllowed = common.IsDeadAllowed,
            JsonFile = json,
        };
    }
}

/// <summary>What `xp top` was asked for.</summary>
public sealed record TopOptions : MonitorOptions
{
    /// <summary>Where the figures go as JSON; null: they are shown.</summary>
    public string? JsonFile { get; init; }
}

/// <summary>
/// `xp top`. It reads the driver's file and nothing else, so the pipeline does not notice. The live view waits for a
/// pipeline that is not there yet, and for one that is started again.
/// </summary>
public static class TopRunner
{
    // What clients and drivers of all languages count as dead.
    private const long DriverTimeoutMs = 10_000;
    private static readonly TimeSpan RateTime = TimeSpan.FromSeconds(1);

    /// <summary>Shows the figures. Returns the exit code.</summary>
    /// <exception cref="IOException">There is no driver, or it is dead, and one look was asked for.</exception>
    /// <exception cref="UsageException">The same of a pipeline that publishes figures.</exception>
    public static async Task<int> RunAsync(TopOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(console);
        PipelineReading? before = null;
        string? awaited = null;
        while (!cancel.IsCancellationRequested)
        {
            var now = Look(options, console, ref awaited);
            if (before is not null && now is not null)
            {
                Tell(options, console, new TopPage(before, now));
                if (options.IntervalSeconds is null)
                    break;
            }

            // Rates need two looks.
            var pause = before is null ? RateTime : TimeSpan.FromSeconds(options.IntervalSeconds ?? 0);
            before = now;
            await WaitAsync(pause, cancel).ConfigureAwait(false);
        }

        return ExitCode.Done;
    }

    /// <summary>Reads the figures. The live view says once what it waits for, and goes on waiting: null.</summary>
    private static PipelineReading? Look(TopOptions options, IAnsiConsole console, ref string? awaited)
    {
        try
        {
            var reading = Read(options);
            awaited = null;
            return reading;
        }
        catch (Exception missing) when (
            options.IntervalSeconds is not null && missing is IOException or UsageException)
        {
            if (awaited != missing.Message)
                console.WriteLine($"waiting: {missing.Message}");
            awaited = missing.Message;
            return null;
        }
    }

    private static PipelineReading Read(TopOptions options)
    {
        using var monitor = DriverMonitor.Open(options.AeronDirectory);
        if (!options.IsDeadAllowed && monitor.DescribeDeath(DriverTimeoutMs) is { } death)
            throw new IOException($"{death} (--dead shows what it left)");

        return PipelineReading.Of(monitor) ?? throw new UsageException(
            $"no pipeline publishes figures on the driver in {options.AeronDirectory}: start xp run, or name another "
            + "driver with --aeron-dir");
    }

    private static void Tell(TopOptions options, IAnsiConsole console, TopPage page)
    {
        if (options.JsonFile is { } file)
        {
            ReportJson.Write(file, page.ToJson());
            return;
        }

        // A terminal shows the last look alone; a file or a pipe gets them all.
        if (console.Profile.Capabilities.Ansi)
            console.Clear(home: true);
        console.WriteLine(DateTime.UtcNow.ToString("HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
        page.Show(console);
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
}
