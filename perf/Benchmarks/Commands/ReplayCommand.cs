using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ExecutionPipeline.Benchmarks.Replay;
using ExecutionPipeline.MarketData.Dbn;

namespace ExecutionPipeline.Benchmarks.Commands;

/// <summary>
/// <c>replay</c>: how many records a second a file of orders is read at, and played through the book at, on one thread.
/// </summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var data = new Argument<FileInfo>("FILE") { Description = "A DBN file of schema mbo." };
        var rounds = MeasureCommand.Rounds("How often the file is played in each way.", 50);
        var json = new Option<FileInfo>("--json") { Description = "Writes the figures to this file." };
        data.AcceptExistingOnly();
        var command = new Command("replay", "Plays a file of orders.") { data, rounds, json };
        command.SetAction(parsed => Run(
            parsed.InvocationConfiguration,
            parsed.GetValue(data)!.FullName,
            parsed.GetValue(rounds),
            parsed.GetValue(json)?.FullName));
        return command;
    }

    private static int Run(InvocationConfiguration console, string file, int rounds, string? jsonFile)
    {
        try
        {
            var player = ReplayPlayer.Open(file);
            var figures = Enum.GetValues<ReplayWork>().Select(work => Measure(console, player, work, rounds)).ToArray();
            if (jsonFile != null)
                File.WriteAllText(jsonFile, JsonSerializer.Serialize(figures, MeasureCommand.Json));

            return 0;
        }
        catch (Exception problem) when (problem is IOException or MarketDataException)
        {
            console.Error.WriteLine(problem.Message);
            return 1;
        }
    }

    private static object Measure(InvocationConfiguration console, ReplayPlayer player, ReplayWork work, int rounds)
    {
        var results = Enumerable.Range(0, rounds).Select(_ => player.Play(work)).ToArray();
        var rates = results.Select(result => result.Records * 1e3 / result.ElapsedNs).Order().ToArray();

        // The first round still compiles.
        var allocated = results.Skip(rounds > 1 ? 1 : 0).Max(result => result.AllocatedBytes);
        console.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{work,-10} median {rates[rates.Length / 2],6:F2}  best {rates[^1],6:F2} M records/s  {allocated} bytes"
            + $"  {results[0].Records} records  {results[0].TradedQuantity} contracts"));
        return new
        {
            Work = work.ToString(),
            results[0].Records,
            MedianPerSecond = rates[rates.Length / 2] * 1e6,
            BestPerSecond = rates[^1] * 1e6,
            AllocatedBytes = allocated,
            results[0].TradedQuantity,
        };
    }
}
