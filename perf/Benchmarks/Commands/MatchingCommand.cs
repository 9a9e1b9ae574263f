using System.CommandLine;
using System.Text.Json;
using ExecutionPipeline.Benchmarks.Matching;

namespace ExecutionPipeline.Benchmarks.Commands;

/// <summary>
/// <c>matching</c>: how many messages a second one matching book takes on one thread, with exchange-core's mix and
/// with streams of the public matching-engine benchmark, whose results it prints as a hash; and how long messages of
/// the mix take that come at fixed times, without and with the risk stage before the book.
/// </summary>
internal static class MatchingCommand
{
    private const string MixName = "mix";
    private const int MixMessages = 3_000_000;
    private const int MixResting = 1_000;
    private const int MixSeed = 1;

    public static Command Create()
    {
        var streams = new Option<DirectoryInfo>("--streams")
        {
            Description = "A folder with streams (*.bin) that the benchmark's generator has written.",
        };
        var rounds = MeasureCommand.Rounds("How often each flow is played.", 5);
        var rate = new Option<double>("--rate")
        {
            Description = "Messages a second of the part that comes at fixed times.",
            DefaultValueFactory = _ => 1_000_000,
        };
        rate.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 1e9))
                result.AddError("--rate takes more than 0 and at most 1,000,000,000 messages/s");
        });
        var write = new Option<FileInfo>("--write")
        {
            Description = "Writes the mix to this file, as a stream of the benchmark, and ends.",
        };
        var json = new Option<FileInfo>("--json") { Description = "Writes the figures to this file." };
        streams.AcceptExistingOnly();
        var command = new Command("matching", "Plays flows of orders through one matching book.")
        {
            streams, rounds, rate, write, json,
        };
        command.SetAction(parsed => parsed.GetValue(write) is { } file
            ? Write(parsed.InvocationConfiguration, file.FullName)
            : Run(
                parsed.InvocationConfiguration,
                parsed.GetValue(streams)?.FullName,
                parsed.GetValue(rounds),
                parsed.GetValue(rate),
                parsed.GetValue(json)?.FullName));
        return command;
    }

    private static int Write(InvocationConfiguration console, string file)
    {
        try
        {
            OrderFlow.Write(file, OrderFlow.Mix(MixMessages, MixResting, MixSeed));
            return 0;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            console.Error.WriteLine(problem.Message);
            return 1;
        }
    }

    private static int Run(InvocationConfiguration console, string? folder, int rounds, double rate, string? jsonFile)
    {
        var figures = new List<object>();
        try
        {
            var mix = OrderFlow.Mix(MixMessages, MixResting, MixSeed);
            figures.Add(Measure(console, MixName, mix, (MixResting, OrderFlow.MixOrders), rounds, digest: null));
            figures.AddRange(MeasurePaced(console, mix, rounds, rate));
            string[] streams = folder == null ? [] : Directory.GetFiles(folder, "*.bin");
            foreach (var path in streams.Order(StringComparer.Ordinal))
            {
                var flow = OrderFlow.Read(path);
                var name = Path.GetFileNameWithoutExtension(path);
                figures.Add(Measure(console, name, flow, (0, 0), rounds, FlowPlayer.DigestOf(flow)));
            }
        }
        catch (IOException problem)
        {
            console.Error.WriteLine(problem.Message);
            return 1;
        }

        if (jsonFile != null)
            File.WriteAllText(jsonFile, JsonSerializer.Serialize(figures, MeasureCommand.Json));

        return 0;
    }

    /// <summary>The two ways in turn; of each the round whose median is the median of all.</summary>
    private static IEnumerable<Figure> MeasurePaced(
        InvocationConfiguration console, FlowMessage[] mix, int rounds, double rate)
    {
        var runs = new List<(string Side, double[] Ordered)>();
        for (var round = 0; round < rounds; round++)
        {
            runs.Add(("book", FlowPlayer.PlayPaced(mix, MixResting, rate, gate: null)));
            runs.Add(("risk, book", FlowPlayer.PlayPaced(mix, MixResting, rate, new RiskGate())));
        }

        foreach (var side in runs.GroupBy(static run => run.Side))
        {
            var ofMedian = side.OrderBy(static run => Figure.At(run.Ordered, 0.5)).ElementAt(rounds / 2);
            var figure = Figure.Of($"mix, {rate:N0}/s", side.Key, null, ofMedian.Ordered);
            console.Output.WriteLine(figure);
            yield return figure;
        }
    }

    private static object Measure(
        InvocationConfiguration console, string name, FlowMessage[] flow, (int Untimed, int Orders) book, int rounds,
        string? digest)
    {
        var untimed = book.Untimed;
        var results = Enumerable.Range(0, rounds).Select(_ => FlowPlayer.Play(flow, untimed, book.Orders)).ToArray();
        var rates = results.Select(result => (flow.Length - untimed) * 1e3 / result.ElapsedNs).Order().ToArray();
        var allocated = results.Max(result => result.AllocatedBytes);
        console.Output.WriteLine(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{name,-14} median {rates[rates.Length / 2],6:F2}  best {rates[^1],6:F2} M messages/s  {allocated} bytes"
            + $"  {results[0].TradedQuantity} contracts  {digest}"));
        return new
        {
            Flow = name,
            Messages = flow.Length - untimed,
            MedianPerSecond = rates[rates.Length / 2] * 1e6,
            BestPerSecond = rates[^1] * 1e6,
            AllocatedBytes = allocated,
            results[0].TradedQuantity,
            Sha256 = digest,
        };
    }
}
