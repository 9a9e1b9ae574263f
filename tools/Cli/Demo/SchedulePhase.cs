using ExecutionPipeline.Cli.Backtest;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Execution.Algorithms;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>
/// The demo's second part. At thousands of signals a second, schedules of minutes would hold the position limit, so the
/// measured part executes each decision at once. Here the same stages work the same decisions by each strategy's
/// schedule, on a virtual clock and a generated market: what takes half an hour takes no time.
/// </summary>
public static class SchedulePhase
{
    /// <summary>How long the generated market lasts.</summary>
    public const long Minutes = 30;

    /// <summary>Plays the market once for each strategy. Null: it was cancelled, or not asked for.</summary>
    /// <exception cref="UsageException">The configuration or the models cannot be used.</exception>
    public static ScheduleFigures? Play(DemoOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var traded = DemoConfiguration.LoadScheduled(options.ConfigFile, options.Settings).Instruments.FirstOrDefault();
        if (options.ScheduledSignals == 0 || traded is null || cancel.IsCancellationRequested)
            return null;

        var choice = Policies.ChoiceOf(options.Inference, options.Graph, options.ModelsDirectory);
        using var policy = Policies.OpenChain(choice);
        var market = new BacktestMarket(
            new BacktestOptions
            {
                Minutes = Minutes,
                Signals = new SignalChoice(options.ScheduledSignals, null),
                Seed = options.Seed,
            },
            traded,
            cancel);
        try
        {
            return new ScheduleFigures
            {
                Minutes = Minutes,
                Signals = options.ScheduledSignals,
                ByStrategy = [.. StrategyNames.All.Select(PlayBy)],
            };
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        ScheduledStrategy PlayBy(string strategy)
        {
            var setting = new SweepSetting(SweepAxis.StrategyKey, strategy, IsVaried: true);
            var pipeline = DemoConfiguration.LoadScheduled(
                options.ConfigFile, [.. options.Settings, .. setting.Settings()]);
            return FiguresOf(strategy, market.Play(pipeline, policy.Backend, options.Seed, null, cancel));
        }
    }

    private static ScheduledStrategy FiguresOf(string strategy, BacktestResult result) => new()
    {
        Strategy = strategy,
        Orders = result.Figures.ParentOrders,
        Slices = result.Figures.ChildOrders,
        ContractsOrdered = result.Figures.Ordered,
        ContractsExecuted = result.Figures.Executed,
        CostBps = result.Costs.All?.ArrivalBps is { } bps ? Math.Round(bps, 4) : null,
        Exits = result.Figures.ExitOrders,
        Trades = result.Figures.Trades,
        ExitReasons = result.Figures.TradesByExit.ToDictionary(
            static pair => pair.Key, static pair => (long)pair.Value),
    };
}
