using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Cli.Reports;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Latency;

/// <summary>What `xp latency --sweep` was asked for, validated; paths are absolute.</summary>
public sealed record RateSweepOptions
{
    /// <summary>The least rate, in signals a second.</summary>
    public double From { get; init; } = 10_000;

    /// <summary>The greatest rate, in signals a second.</summary>
    public double To { get; init; } = 1_000_000;

    /// <summary>The longest p99 end to end, in microseconds.</summary>
    public long P99MaxUs { get; init; } = 5_000;

    /// <summary>How long each rate is measured, after half as long a warm-up.</summary>
    public double Seconds { get; init; } = 2;

    /// <summary>Share of the signals that say hold, from 0 to 1.</summary>
    public double Holds { get; init; } = SignalMix.UsualHolds;

    /// <summary>The folder of the ONNX models and their manifest; null: models-onnx, looked for upwards.</summary>
    public string? ModelsDirectory { get; init; }

    /// <summary>The folder of rates.html; null: it is not written.</summary>
    public string? ReportDirectory { get; init; }

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }

    /// <summary>The page within the report's folder; null: it is not written.</summary>
    public string? PageFile => ReportDirectory is null ? null : Path.Combine(ReportDirectory, "rates.html");
}

/// <summary>The options of the sweep on the command line of `xp latency`.</summary>
internal sealed class RateSweepInputs
{
    private static readonly RateSweepOptions Usual = new();

    private readonly FlagOption _sweep = new(
        "--sweep", "Looks for the highest rate that the pipeline sustains, by runs of xp demo, instead.");

    private readonly ValueOption<double> _from = new(
        "--from", "R", "The least rate of --sweep.", Numbers.Positive("events/s", RunOptions.MaxRatePerSecond),
        Usual.From, "10000");

    private readonly ValueOption<double> _to = new(
        "--to", "R", "The greatest rate of --sweep.", Numbers.Positive("events/s", RunOptions.MaxRatePerSecond),
        Usual.To, "1000000");

    private readonly ValueOption<long> _p99 = new(
        "--p99-us", "N", "The longest p99 of --sweep, end to end.", Numbers.Whole("us", 1, 10_000_000),
        Usual.P99MaxUs, "5000");

    private readonly ValueOption<double> _seconds = new(
        "--seconds", "S", "How long --sweep measures each rate, after half as long a warm-up.",
        Numbers.Positive("s", RunOptions.MaxSeconds), Usual.Seconds, "2");

    private readonly ValueOption<double> _holds = RunOptions.Holds();

    private readonly ValueOption<string?> _report = new(
        "--report", "DIR", "Writes rates.html of --sweep to a folder.", Paths.WritableDirectory, null, "not written");

    private readonly FlagOption _force = RunOptions.Force();

    /// <summary>In the order of the help.</summary>
    public IReadOnlyList<Option> All => [_sweep, _from, _to, _p99, _seconds, _holds, _report, _force];

    /// <summary>Whether a page that is there already may be replaced.</summary>
    public bool IsForced(ParseResult parsed) => parsed.GetValue(_force);

    /// <summary>What was given; null: no sweep is asked for.</summary>
    /// <exception cref="UsageException">Options do not go together.</exception>
    public RateSweepOptions? Read(ParseResult parsed, string? models, string? json)
    {
        if (!parsed.GetValue(_sweep))
        {
            return All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } lone
                ? throw new UsageException($"{lone.Name} is an option of --sweep")
                : null;
        }

        var options = new RateSweepOptions
        {
            From = parsed.GetValue(_from),
            To = parsed.GetValue(_to),
            P99MaxUs = parsed.GetValue(_p99),
            Seconds = parsed.GetValue(_seconds),
            Holds = parsed.GetValue(_holds),
            ReportDirectory = parsed.GetValue(_report),
            ModelsDirectory = models,
            JsonFile = json,
        };
        return options.To >= options.From
            ? options
            : throw new UsageException($"--to: {options.To:0.##} is below --from, {options.From:0.##}");
    }
}

/// <summary>What a run at one rate showed.</summary>
public sealed record RatePoint
{
    /// <summary>Signals a second that were to be sent, at fixed times whatever the pipeline does.</summary>
    public double RateEps { get; init; }

    /// <summary>Signals a second that went through.</summary>
    public double ThroughputEps { get; init; }

    /// <summary>Sent, but neither processed nor rejected; null: it is not known.</summary>
    public long? EventsLost { get; init; }

    /// <summary>Orders that left, by signal.</summary>
    public double OrderShare { get; init; }

    /// <summary>End to end, from the intended send time; null where the run told none.</summary>
    public LatencySummary? LatencyNs { get; init; }

    /// <summary>Why the rate is not sustained; null: it is.</summary>
    public string? Problem { get; init; }

    [JsonIgnore]
    public bool IsSustained => Problem is null;
}

/// <summary>The figures of a sweep.</summary>
public sealed record RateSweepReport
{
    /// <summary>Signals a second at which nothing was lost and the p99 within its bound; null: at no rate.</summary>
    public double? SustainedEps { get; init; }

    public long P99MaxUs { get; init; }

    public double SecondsPerRate { get; init; }

    /// <summary>Every run in its turn.</summary>
    public required IReadOnlyList<RatePoint> Points { get; init; }

    public required string Machine { get; init; }

    public required string Runtime { get; init; }
}

/// <summary>
/// `xp latency --sweep`: the highest rate at which nothing is lost and the p99 stays within a bound. Each rate is a run
/// of `xp demo` in a process of its own, whose signals are sent at fixed times (open loop). The rate is doubled until
/// it is not sustained, then what lies between is bisected on a logarithmic scale. A rate that was not sustained is
/// tried once more, since it may have been the machine's fault.
/// </summary>
public static class RateSweep
{
    private const double Precision = 1.05;
    private const double SentShare = 0.99;
    private const long LeastWarmup = 1_000;
    private const long NanosPerMicro = 1_000;

    /// <summary>Sweeps and reports. Returns the exit code: 1 when not even the least rate is sustained.</summary>
    public static async Task<int> RunAsync(RateSweepOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(console);
        var (best, points) = await FindAsync(options, MeasureAsync).ConfigureAwait(false);
        var report = new RateSweepReport
        {
            SustainedEps = best,
            P99MaxUs = options.P99MaxUs,
            SecondsPerRate = options.Seconds,
            Points = points,
            Machine = LatencyRunner.Machine,
            Runtime = RuntimeInformation.FrameworkDescription,
        };
        Write(options, report, console);
        return best is null ? ExitCode.Failed : ExitCode.Done;

        async Task<RatePoint> MeasureAsync(double rate)
        {
            var point = await DemoAsync(options, rate, cancel).ConfigureAwait(false);
            console.WriteLine(Describe(point));
            return point;
        }
    }

    /// <summary>The highest rate that is sustained, null where none is, and every run.</summary>
    internal static async Task<(double? Best, IReadOnlyList<RatePoint> Points)> FindAsync(
        RateSweepOptions options, Func<double, Task<RatePoint>> measure)
    {
        List<RatePoint> points = [];
        double? good = null;
        var (rate, bad) = (options.From, double.PositiveInfinity);
        while (true)
        {
            points.Add(await measure(rate).ConfigureAwait(false));
            if (!points[^1].IsSustained)
                points.Add(await measure(rate).ConfigureAwait(false));
            if (points[^1].IsSustained)
                good = rate;
            else
                bad = rate;

            if (good is not { } best || best >= options.To || bad / best <= Precision)
                return (good, points);

            rate = double.IsInfinity(bad) ? Math.Min(options.To, 2 * best) : Between(best, bad);
        }
    }

    /// <summary>The middle on a logarithmic scale, a whole number where one lies between the two.</summary>
    private static double Between(double low, double high)
    {
        var middle = Math.Sqrt(low * high);
        var whole = Math.Round(middle);
        return low < whole && whole < high ? whole : middle;
    }

    private static async Task<RatePoint> DemoAsync(RateSweepOptions options, double rate, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("xp-sweep-");
        try
        {
            var file = Path.Combine(folder.FullName, "report.json");
            using var demo = Process.Start(ChildProcess.StartOf(ArgumentsOf(options, rate, file)))!;
            var output = demo.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var errors = demo.StandardError.ReadToEndAsync(CancellationToken.None);
            try
            {
                await demo.WaitForExitAsync(cancel).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                demo.Kill(entireProcessTree: true);
                throw;
            }

            await output.ConfigureAwait(false);
            var problem = (await errors.ConfigureAwait(false)).Trim().Split('\n')[0];
            return demo.ExitCode == ExitCode.Unusable
                ? throw new UsageException(problem)
                : PointOf(options, rate, file, problem);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IReadOnlyList<string> ArgumentsOf(RateSweepOptions options, double rate, string file)
    {
        var warmup = Math.Max(LeastWarmup, (long)(rate * options.Seconds / 2));
        List<string> arguments =
        [
            "demo", "--rate", ChildProcess.Text(rate), "--seconds", ChildProcess.Text(options.Seconds),
            "--warmup", ChildProcess.Text(warmup), "--holds", ChildProcess.Text(options.Holds),
            "--schedules", "0", "--quiet", "--json", file,
        ];
        if (options.ModelsDirectory is not null)
            arguments.AddRange(["--models", options.ModelsDirectory]);
        return arguments;
    }

    private static RatePoint PointOf(RateSweepOptions options, double rate, string file, string problem)
    {
        var report = File.Exists(file)
            ? JsonSerializer.Deserialize<RunReport>(File.ReadAllBytes(file), ReportJson.Line)
            : null;
        if (report is null)
            return new RatePoint { RateEps = rate, Problem = problem.Length > 0 ? problem : "the run told nothing" };

        var latency = report.LatencyNs.EndToEnd;
        return new RatePoint
        {
            RateEps = rate,
            ThroughputEps = report.ThroughputEps,
            EventsLost = report.EventsLost,
            OrderShare = report.EventsProcessed == 0 ? 0 : (double)report.Orders / report.EventsProcessed,
            LatencyNs = latency,
            Problem = problem.Length > 0 ? problem
                : report.EventsLost is not 0 ? $"{report.EventsLost} signals were lost"
                : report.ThroughputEps < SentShare * rate ? "it fell behind"
                : latency.P99 > options.P99MaxUs * NanosPerMicro ? $"p99 is above {options.P99MaxUs} us"
                : null,
        };
    }

    private static string Describe(RatePoint point) => point.LatencyNs is { } latency
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{point.RateEps:#,0.##}/s: p50 {ReportNames.Microseconds(latency.P50)} us, ")
            + $"p99 {ReportNames.Microseconds(latency.P99)} us, {point.Problem ?? "sustained"}"
        : string.Create(CultureInfo.InvariantCulture, $"{point.RateEps:#,0.##}/s: {point.Problem}");

    private static void Write(RateSweepOptions options, RateSweepReport report, IAnsiConsole console)
    {
        FigureTable.Write(
            console, null, ["signals a second", "through", "orders", "lost", "p50 us", "p99 us", "p99.9 us", ""],
            [.. report.Points.OrderBy(static point => point.RateEps).Select(CellsOf)]);
        console.WriteLine(report.SustainedEps is { } best
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"sustained: {best:#,0.##} signals a second, nothing lost, p99 at most {report.P99MaxUs} us")
            : "not even the least rate is sustained");
        if (options.JsonFile is { } json)
            ReportJson.Write(json, report);
        if (options.PageFile is not { } page)
            return;

        Directory.CreateDirectory(Path.GetDirectoryName(page)!);
        WholeFile.WriteText(page, Html(report));
        console.MarkupLineInterpolated($"report: {page}");
    }

    /// <summary>Latency against rate, as a page that needs nothing else.</summary>
    internal static string Html(RateSweepReport report) => HtmlPage.Text(
        "Execution pipeline: latency against rate", "rates",
        new JsonObject { ["sweep"] = JsonSerializer.SerializeToNode(report, HtmlPage.DataOptions) });

    private static string[] CellsOf(RatePoint point) =>
    [
        Rate(point.RateEps), Number(point.ThroughputEps), $"{(int)Math.Round(100 * point.OrderShare)} %",
        point.EventsLost is { } lost ? ReportNames.Count(lost) : "–", Micros(point.LatencyNs?.P50),
        Micros(point.LatencyNs?.P99), Micros(point.LatencyNs?.P999), point.Problem ?? "sustained",
    ];

    private static string Rate(double value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Micros(long? ns) => ns is { } value ? ReportNames.Microseconds(value) : "–";
}
