using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ExecutionPipeline.Benchmarks.Commands;

/// <summary>
/// <c>control</c>: what a control plane costs the hot process. The demo runs alone, beside a control plane with ten
/// WebSocket clients, a scrape a second and a loop of reads, and beside a load that takes as much processor time and
/// does nothing, in turns. Clients and dummy are processes of their own, which give way as the control plane does, on
/// the processor that the tactical engine has: desks look from other machines.
/// </summary>
internal static partial class ControlLoad
{
    private const int Clients = 10;
    private static readonly string[] Reads =
        ["/state", "/positions", "/orders?limit=100", "/executions?limit=100", "/trades", "/metrics?timeframe=5m"];

    public static Command Create()
    {
        var xp = new Option<FileInfo>("--xp")
        {
            Description = "The program's xp.dll.",
            DefaultValueFactory = static _ => new FileInfo("tools/Cli/bin/Release/net10.0/xp.dll"),
        };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = static _ => 3, Description = "Runs of each." };
        var seconds = new Option<int>("--seconds") { DefaultValueFactory = static _ => 20, Description = "Of a run." };
        var rate = new Option<int>("--rate") { DefaultValueFactory = static _ => 20_000, Description = "Signals/s." };
        var use = new Option<string[]>("--use")
        {
            Description = "Is the clients of a page, with a key and the address of the metrics.",
            AllowMultipleArgumentsPerToken = true,
        };
        var burn = new Option<double?>("--burn") { Description = "Is the dummy: takes so many processors." };
        xp.AcceptExistingOnly();
        var command = new Command("control", "Measures the demo alone, beside a control plane, and beside a dummy.")
        {
            xp, rounds, seconds, rate, use, burn,
        };
        command.SetAction((parsed, cancel) =>
            parsed.GetValue(use) is [var page, var key, var metrics] ? UseAsync(page, key, metrics, cancel)
            : parsed.GetValue(burn) is { } load ? Task.Run(() => Burn(load, cancel), cancel)
            : RunAsync(
                new Plan(
                    parsed.GetValue(xp)!.FullName, parsed.GetValue(rounds), parsed.GetValue(seconds),
                    parsed.GetValue(rate)),
                parsed.InvocationConfiguration.Output, cancel));
        return command;
    }

    private static async Task<int> RunAsync(Plan plan, TextWriter output, CancellationToken cancel)
    {
        List<Result> results = [];
        for (var round = 0; round < plan.Rounds; round++)
        {
            results.Add(await DemoAsync(plan, Kind.Alone, 0, cancel).ConfigureAwait(false));
            output.WriteLine(results[^1]);
            var beside = await DemoAsync(plan, Kind.Control, 0, cancel).ConfigureAwait(false);
            results.Add(beside);
            output.WriteLine(beside);
            results.Add(await DemoAsync(plan, Kind.Dummy, beside.Load, cancel).ConfigureAwait(false));
            output.WriteLine(results[^1]);
        }

        foreach (var kind in results.GroupBy(static result => result.Kind))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"median {kind.Key,-8} p50 {Median(kind, static one => one.P50Us),8:F2} us  "
                + $"p99 {Median(kind, static one => one.P99Us),10:F1} us"));
        }

        return 0;
    }

    private static double Median(IEnumerable<Result> results, Func<Result, double> figure) =>
        results.Select(figure).Order().ToArray() is var all ? all[all.Length / 2] : 0;

    private static async Task<Result> DemoAsync(Plan plan, Kind kind, double load, CancellationToken cancel)
    {
        var file = Path.GetTempFileName();
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList =
            {
                plan.Xp, "demo", "--schedules", "0", "--quiet", "--rate", $"{plan.Rate}", "--seconds",
                $"{plan.Seconds}", "--json", file,
            },
        };
        if (kind == Kind.Control)
        {
            foreach (var argument in (string[])["--serve", "--port", "0"])
                start.ArgumentList.Add(argument);
        }

        using var demo = Process.Start(start)!;
        using var beside = kind switch
        {
            Kind.Control => Beside("--use", await DashboardAsync(demo, cancel).ConfigureAwait(false)),
            Kind.Dummy => Beside("--burn", [load.ToString(CultureInfo.InvariantCulture)]),
            _ => null,
        };
        var rest = demo.StandardOutput.ReadToEndAsync(cancel);
        var taken = await ProcessorTimeAsync(demo, beside, cancel).ConfigureAwait(false);
        await rest.ConfigureAwait(false);
        await demo.WaitForExitAsync(cancel).ConfigureAwait(false);
        beside?.Kill();
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(file, cancel).ConfigureAwait(false));
        File.Delete(file);
        return Result.Of(kind, json.RootElement, taken);
    }

    /// <summary>This program again, on the first processor and at the control plane's priority.</summary>
    private static Process Beside(string option, IEnumerable<string> values) => Process.Start(
        "taskset",
        ["-c", "0", "nice", "-n", "10", "dotnet", typeof(ControlLoad).Assembly.Location, "control", option, .. values]);

    /// <summary>Processors that the demo's control plane and what uses it, or the dummy, take over the run.</summary>
    private static async Task<double> ProcessorTimeAsync(Process demo, Process? beside, CancellationToken cancel)
    {
        if (beside is null)
            return 0;

        // Not what they took to start.
        await Task.Delay(2_000, cancel).ConfigureAwait(false);
        var (at, first, last, taken) = (Stopwatch.GetTimestamp(), Taken(), TimeSpan.Zero, 0.0);
        while (!demo.HasExited)
        {
            await Task.Delay(500, cancel).ConfigureAwait(false);
            var now = Taken();
            // The control plane ends before the demo does: what is less than before is not all of it.
            if (now >= last)
                (last, taken) = (now, (now - first) / Stopwatch.GetElapsedTime(at));
        }

        return taken;

        TimeSpan Taken()
        {
            beside.Refresh();
            return ControlsOf(demo.Id).Aggregate(beside.TotalProcessorTime, static (sum, one) => sum + one);
        }
    }

    private static IEnumerable<TimeSpan> ControlsOf(int parent)
    {
        foreach (var process in Process.GetProcessesByName("dotnet"))
        {
            using (process)
            {
                var times = TimeSpan.Zero;
                try
                {
                    var stat = File.ReadAllText($"/proc/{process.Id}/stat");
                    var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                    if (int.Parse(fields[1], CultureInfo.InvariantCulture) == parent
                        && File.ReadAllText($"/proc/{process.Id}/cmdline").Contains("\0control\0"))
                        times = process.TotalProcessorTime;
                }
                catch (Exception gone) when (gone is IOException or InvalidOperationException)
                {
                    continue;
                }

                yield return times;
            }
        }
    }

    /// <summary>Waits until the demo tells of its page. Its address, key, and where the metrics are.</summary>
    private static async Task<string[]> DashboardAsync(Process demo, CancellationToken cancel)
    {
        var (page, key) = ("", "");
        while (await demo.StandardOutput.ReadLineAsync(cancel).ConfigureAwait(false) is { } line)
        {
            if (DashboardLine().Match(line) is { Success: true } dashboard)
                (page, key) = (dashboard.Groups[1].Value, dashboard.Groups[2].Value);
            else if (line.StartsWith("metrics ", StringComparison.Ordinal))
                return [page, key, line["metrics ".Length..]];
        }

        throw new InvalidOperationException("the demo showed no dashboard");
    }

    /// <summary>Does what desks do, until it is ended.</summary>
    private static async Task<int> UseAsync(string page, string key, string metrics, CancellationToken cancel)
    {
        await Task.WhenAll(
        [
            .. Enumerable.Range(0, Clients).Select(_ => ListenAsync(page, key, cancel)),
            ScrapeAsync(metrics, cancel), ReadAsync(page, key, cancel),
        ]).ConfigureAwait(false);
        return 0;
    }

    /// <summary>A client that is dropped since it was too slow comes again.</summary>
    private static async Task ListenAsync(string page, string key, CancellationToken cancel)
    {
        var address = new Uri(page.Replace("http", "ws", StringComparison.Ordinal) + "ws/events");
        var buffer = new byte[64 * 1024];
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                using var socket = new ClientWebSocket();
                socket.Options.SetRequestHeader("X-Api-Key", key);
                await socket.ConnectAsync(address, cancel).ConfigureAwait(false);
                while (socket.State == WebSocketState.Open)
                    await socket.ReceiveAsync(buffer, cancel).ConfigureAwait(false);
            }
            catch (Exception ended) when (ended is WebSocketException or OperationCanceledException)
            {
                await Task.WhenAny(Task.Delay(100, cancel)).ConfigureAwait(false);
            }
        }
    }

    private static async Task ScrapeAsync(string metrics, CancellationToken cancel)
    {
        using var client = new HttpClient();
        while (!cancel.IsCancellationRequested)
        {
            await TryGetAsync(client, metrics, cancel).ConfigureAwait(false);
            await Task.WhenAny(Task.Delay(1_000, cancel)).ConfigureAwait(false);
        }
    }

    private static async Task ReadAsync(string page, string key, CancellationToken cancel)
    {
        using var client = new HttpClient { BaseAddress = new Uri(page) };
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        for (var i = 0; !cancel.IsCancellationRequested; i++)
            await TryGetAsync(client, Reads[i % Reads.Length], cancel).ConfigureAwait(false);
    }

    private static async Task TryGetAsync(HttpClient client, string path, CancellationToken cancel)
    {
        try
        {
            await client.GetByteArrayAsync(path, cancel).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException)
        {
            // Where the control plane is not there yet or has ended, the next look finds it or the run is over.
            await Task.WhenAny(Task.Delay(100, cancel)).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Takes so many processors by eight threads, at once in each twentieth of a second, as a server that always has
    /// work to do.
    /// </summary>
    private static int Burn(double load, CancellationToken cancel)
    {
        const int threads = 8;
        var period = TimeSpan.FromMilliseconds(50);
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            using var process = Process.GetCurrentProcess();
            var begun = Stopwatch.GetTimestamp();
            var before = process.TotalProcessorTime;
            while (!cancel.IsCancellationRequested)
            {
                process.Refresh();
                if (process.TotalProcessorTime - before < load * Stopwatch.GetElapsedTime(begun))
                    Thread.SpinWait(20_000);
                else
                    Thread.Sleep(period);
            }
        });
        return 0;
    }

    [GeneratedRegex("^dashboard: (\\S+) with the key (\\S+)$")]
    private static partial Regex DashboardLine();

    private sealed record Plan(string Xp, int Rounds, int Seconds, int Rate);

    private enum Kind
    {
        Alone,
        Control,
        Dummy,
    }

    private sealed record Result(
        Kind Kind, double P50Us, double P99Us, double TransportP50Us, double AllocatedPerEvent, long Collections,
        double Load)
    {
        public static Result Of(Kind kind, JsonElement report, double load)
        {
            var latency = report.GetProperty("latency_ns");
            return new Result(
                kind, Us(latency, "end_to_end", "p50"), Us(latency, "end_to_end", "p99"),
                Us(latency, "transport", "p50"), report.GetProperty("allocated_bytes_per_event").GetDouble(),
                report.GetProperty("gc_collections").GetInt64(), load);
        }

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Kind,-8} p50 {P50Us,8:F2} us  p99 {P99Us,10:F1} us  transport {TransportP50Us,6:F2} us  "
            + $"{AllocatedPerEvent:0.##} bytes a signal  {Collections} collections  load {Load:F2} processors");

        private static double Us(JsonElement latency, string part, string rank) =>
            latency.GetProperty(part).GetProperty(rank).GetInt64() / 1e3;
    }
}
