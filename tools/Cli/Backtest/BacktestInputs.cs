using System.CommandLine;
using System.Globalization;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Backtest;

/// <summary>The options that say what a backtest plays, which it shares with a sweep of backtests.</summary>
internal sealed class BacktestInputs
{
    private const long MaxMinutes = 1_000_000;
    private const long MaxSignals = 100_000_000;

    private readonly ValuesOption<string> _data = RunOptions.Data();
    private readonly ValueOption<IReadOnlyList<uint>> _dataInstruments = RunOptions.DataInstruments();

    private readonly ValueOption<long> _minutes = new(
        "--minutes", "N", "How long the generated market lasts; plays no part with --data.",
        Numbers.Whole("minutes", 1, MaxMinutes), 60, "60");

    private readonly ValueOption<SignalChoice> _signals = new(
        "--signals", "N|DIR", "Seeded signals to spread over the market data, or a journal whose signals are taken.",
        new ValueReader<SignalChoice>("unit: signals, or a path", ReadSignals), new SignalChoice(500, null), "500");

    private readonly ValueOption<InferenceChoice> _inference = RunOptions.Choice(
        "--inference", "NAME", "Who decides: the ONNX models, compiled or by ONNX Runtime, or the rule-based policy.",
        InferenceChoice.Auto);

    private readonly ValueOption<GraphChoice> _graph = RunOptions.Choice(
        "--graph", "NAME", "The three actors in one ONNX graph, or one each.", GraphChoice.Merged);

    private readonly ValueOption<string?> _config = new(
        "--config", "FILE", "The pipeline's configuration, JSON.",
        Paths.ExistingFile, null, "the demo's own, but that each strategy is worked by its algorithm");

    private readonly ValueOption<BacktestVenue?> _venue = RunOptions.OptionalChoice<BacktestVenue>(
        "--venue", "NAME", "What orders trade with: the best bid and offer, or the recorded orders.",
        "orders where the data have single orders, else touch");

    private readonly ValueOption<FillChoice?> _fill = RunOptions.OptionalChoice<FillChoice>(
        "--fill-model", "NAME", "How resting orders are filled among recorded ones.", "queue");

    private readonly ValueOption<VenueLatencyOptions> _latency = new(
        "--latency-us", "N[:J]", "How long the way to the venue takes, and the way back.", LatencyReader.Reader,
        new VenueLatencyOptions(), "250:50");

    private readonly ValueOption<long> _seed = RunOptions.Seed();
    private readonly ValueOption<string?> _models = RunOptions.Models();

    /// <summary>In the order of the help.</summary>
    public IReadOnlyList<Option> All =>
    [
        _data, _dataInstruments, _minutes, _signals, _seed, _venue, _fill, _latency, _config, _inference, _graph,
        _models,
    ];

    /// <summary>What was given of them.</summary>
    public BacktestOptions Read(ParseResult parsed) => new()
    {
        DataFiles = parsed.GetValue(_data)!,
        DataInstruments = parsed.GetValue(_dataInstruments)!,
        Minutes = parsed.GetValue(_minutes),
        Signals = parsed.GetValue(_signals)!,
        Seed = parsed.GetValue(_seed),
        Venue = parsed.GetValue(_venue),
        Fill = parsed.GetValue(_fill),
        Latency = parsed.GetValue(_latency)! with { Seed = (ulong)parsed.GetValue(_seed) },
        ConfigFile = parsed.GetValue(_config),
        Inference = parsed.GetValue(_inference),
        Graph = parsed.GetValue(_graph),
        ModelsDirectory = parsed.GetValue(_models),
    };

    private static ReadValue<SignalChoice> ReadSignals(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count))
        {
            return count is >= 1 and <= MaxSignals
                ? ReadValue<SignalChoice>.Of(new SignalChoice(count, null))
                : ReadValue<SignalChoice>.Not($"{count} is outside 1 to {MaxSignals} (signals)");
        }

        var folder = Paths.ExistingDirectory.Read(text);
        return folder.Problem is null
            ? ReadValue<SignalChoice>.Of(new SignalChoice(0, folder.Value))
            : ReadValue<SignalChoice>.Not(folder.Problem);
    }
}
