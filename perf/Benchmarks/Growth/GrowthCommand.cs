using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ExecutionPipeline.Benchmarks.Commands;

namespace ExecutionPipeline.Benchmarks.Growth;

/// <summary>
/// <c>growth</c>: what a signal takes from the message in memory to its order, and how that grows with what the
/// pipeline holds. The sizes of one kind are measured in turns, so that all of them see the machine in the same states.
/// </summary>
internal static class GrowthCommand
{
    private const int SignalsPerTurn = 128;
    // The others have taken the caches: these bring them back.
    private const int Untimed = 64;

    public static Command Create()
    {
        var signals = new Option<int>("--signals")
        {
            Description = "Signals that are timed of each size.",
            DefaultValueFactory = static _ => 50_000,
        };
        signals.Validators.Add(static given =>
        {
            if (given.Tokens is [var one] && !(int.TryParse(one.Value, out var count) && count > 0))
                given.AddError($"--signals: '{one.Value}' is no number of signals: give 1 or more");
        });
        var folder = new Option<DirectoryInfo>("--folder")
        {
            Description = "Where journal and driver's files are written; they are removed.",
            DefaultValueFactory = static _ => new DirectoryInfo("/dev/shm"),
        };
        folder.AcceptExistingOnly();
        var plot = new Option<FileInfo>("--plot") { Description = "Draws the figures into this SVG file." };
        var json = new Option<FileInfo>("--json") { Description = "Writes the figures to this file." };
        var command = new Command("growth", "Measures how latency grows with what the pipeline holds.")
        {
            signals, folder, plot, json,
        };
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            List<GrowthFigures> all = [];
            try
            {
                foreach (var (name, sizes) in GrowthCase.All)
                {
                    all.Add(Measure(name, sizes, parsed.GetValue(signals), parsed.GetValue(folder)!.FullName));
                    Print(all[^1], output);
                }
            }
            catch (Exception failure) when (failure is InvalidOperationException or IOException)
            {
                parsed.InvocationConfiguration.Error.WriteLine(failure.Message);
                return 1;
            }

            if (parsed.GetValue(plot) is { } svg)
                File.WriteAllText(svg.FullName, GrowthPlot.Draw(all));
            if (parsed.GetValue(json) is { } file)
                File.WriteAllText(file.FullName, JsonSerializer.Serialize(all, MeasureCommand.Json));
            return 0;
        });
        return command;
    }

    private static GrowthFigures Measure(
        string name, IReadOnlyList<(int Size, GrowthCase Case)> sizes, int signals, string folder)
    {
        List<GrowthRig> rigs = [];
        try
        {
            foreach (var (_, one) in sizes)
                rigs.Add(new GrowthRig(one, Path.Combine(folder, $"xp-growth-{Guid.NewGuid():N}")));

            var tookNs = rigs.Select(_ => new double[signals]).ToArray();
            for (var from = 0; from < signals; from += SignalsPerTurn)
            {
                foreach (var (i, rig) in rigs.Index())
                {
                    for (var untimed = 0; untimed < Untimed; untimed++)
                        rig.Signal();
                    for (var at = from; at < Math.Min(signals, from + SignalsPerTurn); at++)
                        tookNs[i][at] = rig.Signal();
                }
            }

            foreach (var times in tookNs)
                Array.Sort(times);
            return new GrowthFigures(
                name, [.. sizes.Zip(tookNs, static (one, times) => (one.Size, times)).Select(
                    static pair => new GrowthPoint(
                        pair.Size, Figure.At(pair.times, 0.5), Figure.At(pair.times, 0.99)))]);
        }
        finally
        {
            rigs.ForEach(static rig => rig.Dispose());
        }
    }

    private static void Print(GrowthFigures figures, TextWriter output)
    {
        output.WriteLine($"{figures.Name,-16}{"p50 ns",10}{"p99 ns",10}{"p50 beside the first",22}");
        foreach (var point in figures.Points)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{point.Size,-16:N0}{point.P50Ns,10:0}{point.P99Ns,10:0}"
                + $"{point.P50Ns / figures.Points[0].P50Ns,22:0.00}"));
        }
    }
}

/// <summary>What a signal takes by the size of something.</summary>
/// <param name="Name">What grows.</param>
/// <param name="Points">By size, ascending.</param>
public sealed record GrowthFigures(string Name, IReadOnlyList<GrowthPoint> Points);

/// <summary>What a signal takes at one size, in nanoseconds; a reading of the clock is in it.</summary>
public sealed record GrowthPoint(int Size, double P50Ns, double P99Ns);
