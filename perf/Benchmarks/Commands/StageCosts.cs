using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace ExecutionPipeline.Benchmarks.Commands;

/// <summary>
/// <c>cost</c>: what a change costs, by the stages of two builds of <c>xp</c> in turns. <c>guard</c>: whether a stage
/// has become grossly slower than <c>perf/baselines/stages.json</c> says. That file has no times, which differ by
/// machine and hour, but what a stage takes beside ONNX Runtime in the same run.
/// </summary>
internal static class StageCosts
{
    private const string Build = "tools/Cli/bin/Release/net10.0/xp.dll";
    private const string Yardstick = "inference_onnxruntime";
    private const string ColdEnding = "_cold";
    private const int GuardRuns = 3;

    private static readonly string BaselineFile = Path.Combine("perf", "baselines", "stages.json");

    public static Command CreateCost()
    {
        var before = new Argument<FileInfo>("OLD") { Description = "xp.dll of the build before the change." };
        var after = new Argument<FileInfo>("NEW")
        {
            Description = "xp.dll of the build with it; nothing: this tree's.",
            DefaultValueFactory = static _ => new FileInfo(Build),
        };
        var rounds = MeasureCommand.Rounds("How often each build is measured.", 5);
        before.AcceptExistingOnly();
        after.AcceptExistingOnly();
        var limit = LimitOption("Fails when a stage takes more than so many times as long as before.");
        var command = new Command("cost", "Measures the stages of two builds in turns.")
        {
            before, after, rounds, limit,
        };
        command.SetAction(parsed => Guarded(parsed, output => Compare(
            parsed.GetValue(before)!.FullName,
            parsed.GetValue(after)!.FullName,
            parsed.GetValue(rounds),
            parsed.GetValue(limit),
            output)));
        return command;
    }

    public static Command CreateGuard()
    {
        var limit = LimitOption("Fails when a stage takes more than so many times what the baseline says.");
        var write = new Option<bool>("--write") { Description = "Writes the baseline from this run instead." };
        var command = new Command("guard", "Compares the stages of this tree's build with the baseline.")
        {
            limit, write,
        };
        command.SetAction(parsed => Guarded(
            parsed, output => parsed.GetValue(write) ? Write(output) : Guard(parsed.GetValue(limit), output)));
        return command;
    }

    private static Option<double> LimitOption(string description)
    {
        var limit = new Option<double>("--limit")
        {
            Description = description,
            DefaultValueFactory = static _ => 1.5,
        };
        limit.Validators.Add(static given =>
        {
            if (given.Tokens is [var one]
                && !(double.TryParse(one.Value, CultureInfo.InvariantCulture, out var factor) && factor >= 1))
                given.AddError($"--limit: '{one.Value}' is no factor: give 1 or more");
        });
        return limit;
    }

    private static int Guarded(ParseResult parsed, Func<TextWriter, int> run)
    {
        try
        {
            return run(parsed.InvocationConfiguration.Output);
        }
        catch (Exception problem) when (problem is InvalidOperationException or IOException or JsonException)
        {
            parsed.InvocationConfiguration.Error.WriteLine(problem.Message);
            return 1;
        }
    }

    /// <summary>
    /// Which is first changes with each round, so that neither always has the warmer machine. A cold stage is shown and
    /// fails nobody: it says more of the machine.
    /// </summary>
    private static int Compare(string before, string after, int rounds, double limit, TextWriter output)
    {
        var (old, now) = (new List<Dictionary<string, double>>(), new List<Dictionary<string, double>>());
        for (var round = 0; round < rounds; round++)
        {
            if (round % 2 == 0)
                old.Add(Measure(before));
            now.Add(Measure(after));
            if (round % 2 != 0)
                old.Add(Measure(before));
        }

        output.WriteLine($"{"median ns per event",-28}{"old",10}{"new",10}{"ratio",8}   of the rounds");
        var isSlower = false;
        foreach (var stage in old[0].Keys.Where(now[0].ContainsKey))
        {
            double[] ratios = [.. old.Zip(now, (one, other) => other[stage] / one[stage]).Order()];
            var ratio = Middle(ratios);
            var isTooSlow = ratio > limit && IsWarm(stage);
            isSlower |= isTooSlow;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{stage,-28}{Middle([.. old.Select(one => one[stage]).Order()]),10:0}"
                + $"{Middle([.. now.Select(one => one[stage]).Order()]),10:0}{ratio,8:0.00}   "
                + $"{ratios[0]:0.00} to {ratios[^1]:0.00}{(isTooSlow ? "  TOO SLOW" : "")}"));
        }

        return isSlower ? 1 : 0;
    }

    /// <summary>The best of some runs counts: what else the machine does must not fail anybody.</summary>
    private static int Guard(double limit, TextWriter output)
    {
        var baseline = JsonSerializer.Deserialize<Baseline>(File.ReadAllBytes(BaselineFile), MeasureCommand.Json)!;
        if (baseline.VectorBits != VectorBits)
        {
            output.WriteLine(
                $"not compared: the baseline is of {baseline.VectorBits}-bit vectors, this machine has {VectorBits}");
            return 0;
        }

        var best = new Dictionary<string, double>();
        for (var run = 0; run < GuardRuns && !IsWithin(baseline, best, limit); run++)
        {
            foreach (var (stage, ratio) in Ratios())
                best[stage] = Math.Min(ratio, best.GetValueOrDefault(stage, double.MaxValue));
        }

        output.WriteLine($"{"share of ONNX Runtime's time",-30}{"baseline",10}{"now",10}{"ratio",8}");
        foreach (var (stage, expected) in baseline.Ratios)
        {
            var now = best.GetValueOrDefault(stage, double.NaN);
            var isWithin = now <= limit * expected;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{stage,-30}{expected,10:0.0000}{now,10:0.0000}{now / expected,8:0.00}")
                + (isWithin ? "" : "  TOO SLOW"));
        }

        return IsWithin(baseline, best, limit) ? 0 : 1;
    }

    private static bool IsWithin(Baseline baseline, Dictionary<string, double> ratios, double limit) =>
        baseline.Ratios.All(one => ratios.TryGetValue(one.Key, out var now) && now <= limit * one.Value);

    private static int Write(TextWriter output)
    {
        var runs = Enumerable.Range(0, GuardRuns).Select(static _ => Ratios()).ToArray();
        var baseline = new Baseline
        {
            VectorBits = VectorBits,
            Ratios = runs[0].Keys.ToDictionary(
                static stage => stage, stage => Math.Round(Middle([.. runs.Select(run => run[stage]).Order()]), 4)),
        };
        File.WriteAllText(BaselineFile, JsonSerializer.Serialize(baseline, MeasureCommand.Json) + Environment.NewLine);
        output.WriteLine($"{BaselineFile}: {baseline.Ratios.Count} stages");
        return 0;
    }

    private static bool IsWarm(string stage) => !stage.EndsWith(ColdEnding, StringComparison.Ordinal);

    /// <summary>What each stage takes beside the yardstick, with warm caches.</summary>
    private static Dictionary<string, double> Ratios()
    {
        var medians = Measure(Path.GetFullPath(Build));
        if (!medians.TryGetValue(Yardstick, out var unit))
            throw new InvalidOperationException($"xp latency has not measured {Yardstick}");

        return medians
            .Where(static one => one.Key != Yardstick && IsWarm(one.Key))
            .ToDictionary(static one => one.Key, one => one.Value / unit);
    }

    /// <summary>Medians of the stages, in nanoseconds for each event, by <c>xp latency</c> of a build.</summary>
    private static Dictionary<string, double> Measure(string build)
    {
        if (!File.Exists(build))
            throw new InvalidOperationException($"{build}: there is no such build; dotnet build -c Release makes it");

        var file = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("dotnet", [build, "latency", "--iterations", "100000", "--json", file])
            {
                RedirectStandardOutput = true,
            };
            using var process = Process.Start(start)!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"xp latency of {build} ended with {process.ExitCode}");

            using var report = JsonDocument.Parse(File.ReadAllBytes(file));
            return report.RootElement.GetProperty("subjects").EnumerateArray().ToDictionary(
                static subject => subject.GetProperty("name").GetString()!,
                static subject => subject.GetProperty("latency_ns").GetProperty("p50").GetDouble());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static int VectorBits =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    private static double Middle(double[] ordered) => ordered[ordered.Length / 2];

    /// <summary>What <c>guard</c> holds a build against.</summary>
    private sealed record Baseline
    {
        /// <summary>Widest vectors of the machine: what the compiled models take depends on them.</summary>
        public required int VectorBits { get; init; }

        /// <summary>By stage.</summary>
        public required IReadOnlyDictionary<string, double> Ratios { get; init; }
    }
}
