using System.Globalization;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Commands;

/// <summary>
/// `xp kill`, `resume`, `stop-entries`, `resume-entries`, `cancel-all`, `close-all`, `status` and `order`: sends,
/// waits, says what changed.
/// </summary>
public static class OperatorRunner
{
    private const decimal E6 = 1_000_000m;
    private static readonly TimeSpan RateTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SettleInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns the exit code: 1 when the pipeline refused the command, or knows no such order.</summary>
    /// <exception cref="TimeoutException">No pipeline, or no answer, in time.</exception>
    public static Task<int> RunAsync(OperatorOptions options, IAnsiConsole console, CancellationToken cancel) =>
        Task.Run(() => Run(options, console, cancel), CancellationToken.None);

    private static int Run(OperatorOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        var streams = DemoConfiguration.StreamsOf(options.ConfigFile, options.Channel);
        using var client = new CommandClient(
            options.AeronDirectory, streams, TimeSpan.FromSeconds(options.TimeoutSeconds), cancel);
        var rates = options.Kind == CommandKind.Query ? Rates(client) : null;
        var answer = client.Execute(new CommandRequest(options.Kind)
        {
            Instrument = options.Instrument,
            Reason = options.Reason,
            OperatorId = options.OperatorId,
            ParentId = options.ParentId,
            Quantity = options.Quantity,
        });
        if ((answer.Refusal ?? OrderRefusal(options, answer)) is { } refusal)
        {
            WriteJson(options, answer, answer, rates);
            Console.Error.WriteLine($"xp {options.Name}: refused: {refusal}");
            return ExitCode.Failed;
        }

        var state = Settled(client, options, answer);
        WriteJson(options, answer, state, rates);
        Show(console, options, answer, state, rates);
        return IsDone(options.Kind, state) ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Why a command on a parent order changed nothing; null: it did, or it is another command.</summary>
    private static string? OrderRefusal(OperatorOptions options, CommandAnswer answer)
    {
        if (options.ParentId is null || Has(RoutingOutcome.OrderChanged))
            return null;

        return Has(RoutingOutcome.AmendRefused)
            ? "an order can only be made smaller, and not below what was executed or is beyond recall"
            : "no such parent order works, or it is already so";

        bool Has(RoutingOutcome outcome) => answer.Results.Any(result => result.Outcome == outcome);
    }

    private static bool IsDone(CommandKind kind, CommandAnswer state) => kind switch
    {
        CommandKind.Kill => state.Results[0].IsKillSwitchLatched,
        CommandKind.Resume => !state.Results[0].IsKillSwitchLatched,
        CommandKind.StopEntries => state.Results.TrueForAll(static result => result.IsEntriesStopped),
        CommandKind.ResumeEntries => !state.Results.Exists(static result => result.IsEntriesStopped),
        _ => true,
    };

    /// <summary>Signals, orders' changes and fills a second, from what the pipeline publishes meanwhile.</summary>
    private static PublishedRates Rates(CommandClient client)
    {
        client.Seen.Clear();
        return PublishedRates.Of(client.Seen, client.Watch(RateTime));
    }

    /// <summary>The state once the venue has answered, or after a while.</summary>
    private static CommandAnswer Settled(CommandClient client, OperatorOptions options, CommandAnswer answer)
    {
        if (options.Kind == CommandKind.Query)
            return answer;

        var query = new CommandRequest(CommandKind.Query) { Instrument = options.Instrument };
        var state = client.Execute(query);
        for (var waited = TimeSpan.Zero; waited < SettleTime && IsUnderWay(options.Kind, state);)
        {
            client.Watch(SettleInterval);
            waited += SettleInterval;
            state = client.Execute(query);
        }

        return state;
    }

    private static bool IsUnderWay(CommandKind kind, CommandAnswer state) => kind switch
    {
        // What exits work goes on under stopped entries: only the parents end.
        CommandKind.StopEntries => state.Parents.Exists(static parent => parent.State == ParentOrderState.Ending),
        CommandKind.Kill or CommandKind.CancelAll => state.Results[0].WorkingOrders > 0,
        CommandKind.CloseAll => state.Results.Any(static result => result.Position != 0),
        _ => false,
    };

    private static void Show(
        IAnsiConsole console, OperatorOptions options, CommandAnswer answer, CommandAnswer state,
        PublishedRates? rates)
    {
        var now = state.Results[0];
        if (options.ParentId is { } parent)
            Line(console, $"parent order {parent}", ChangeText(options));
        var isChanged = answer.Results.Any(static result => (result.Changes & (RiskChanges.Tripped
            | RiskChanges.Released)) != 0);
        Line(console, "kill switch", SwitchText(options.Kind, now, isChanged));
        if (options.Kind == CommandKind.Query)
            ShowBreakers(console, now);
        else
            Line(console, "cancelled", Count(answer.Results.Sum(static result => result.CancelsSent), "order"));
        Line(console, "working", Count(now.WorkingOrders, "order"));
        foreach (var result in state.Results)
            Line(console, $"instrument {result.Instrument}", PositionText(answer, result));
        if (options.Kind != CommandKind.Query)
            return;

        foreach (var listed in state.Parents)
            Line(console, $"parent order {listed.ParentId}", ParentText(listed));
        Line(console, "equity", Money(now.EquityE6));
        Line(console, "profit", $"realised {Money(now.RealizedPnlE6)}, unrealised {Money(now.UnrealizedPnlE6)}");
        Line(console, "drawdown", now.DailyDrawdown.ToString("0.00 %", CultureInfo.InvariantCulture));
        Line(console, "orders", $"{now.TradesToday} today, {now.OrdersInSecond} in the last second");
        Line(console, "rates", string.Create(
            CultureInfo.InvariantCulture,
            $"{rates!.Signals:#,0} signals/s, {rates.OrderChanges:#,0} order changes/s, {rates.Fills:#,0} fills/s"));
        Line(console, "counted over", string.Create(CultureInfo.InvariantCulture, $"{rates.ElapsedS:0.0} s"));
    }

    private static string ChangeText(OperatorOptions options) => options.Kind switch
    {
        CommandKind.PauseOrder => "paused",
        CommandKind.ResumeOrder => "resumed",
        CommandKind.CancelOrder => "ends: what was executed stays",
        _ => string.Create(CultureInfo.InvariantCulture, $"amended to {Count(options.Quantity, "contract")}"),
    };

    private static string SwitchText(CommandKind kind, InstrumentResult now, bool isChanged)
    {
        var state = now.IsKillSwitchLatched ? $"latched, cause: {ReportNames.KeyOf(now.KillCause)}" : "released";
        return kind is CommandKind.Kill or CommandKind.Resume && !isChanged ? $"{state}, as it was before" : state;
    }

    private static void ShowBreakers(IAnsiConsole console, InstrumentResult now)
    {
        foreach (var kind in Enum.GetValues<BreakerKind>())
            Line(console, ReportNames.Words(ReportNames.KeyOf(kind)), ReportNames.KeyOf(now.BreakerOf(kind)));
    }

    private static string PositionText(CommandAnswer answer, InstrumentResult now)
    {
        var then = answer.Results.FirstOrDefault(result => result.Instrument == now.Instrument);
        var closing = then is { ClosingQuantity: > 0 } ? $", {then.ClosingQuantity} contracts to be closed" : "";
        var waiting = then is { Outcome: RoutingOutcome.None, Position: not 0, ClosingQuantity: 0 }
            && then.WorkingOrders > 0
            ? ", orders settle first"
            : "";
        var stopped = now.IsEntriesStopped ? ", entries stopped" : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"position {now.Position:+0;-0;0}{closing}{waiting}{stopped}");
    }

    private static string ParentText(ListedParent parent)
    {
        var side = parent.Side == Side.Buy ? "bought" : "sold";
        var what = parent.Purpose == OrderPurpose.Close ? "close" : StrategyNames.NameOf(parent.Strategy);
        var done = string.Create(CultureInfo.InvariantCulture, $"{parent.Executed} of {parent.Quantity} {side}");
        return $"instrument {parent.Instrument}, {what}, {done}, {ReportNames.KeyOf(parent.State)}";
    }

    private static void Line(IAnsiConsole console, string name, string text) =>
        console.WriteLine($"{name,-20} {text}");

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private static string Money(long e6) => (e6 / E6).ToString("#,0.00", CultureInfo.InvariantCulture);

    private static void WriteJson(
        OperatorOptions options, CommandAnswer answer, CommandAnswer state, PublishedRates? rates)
    {
        if (options.JsonFile is null)
            return;

        var now = state.Results.FirstOrDefault();
        ReportJson.Write(options.JsonFile, new
        {
            Command = options.Name,
            options.Reason,
            Refusal = answer.Refusal ?? OrderRefusal(options, answer),
            OperatorId = options.OperatorId == 0 ? (uint?)null : options.OperatorId,
            options.ParentId,
            Quantity = options.Quantity == 0 ? (int?)null : options.Quantity,
            KillSwitchLatched = now?.IsKillSwitchLatched,
            now?.KillCause,
            CancelsSent = answer.Results.Sum(static result => result.CancelsSent),
            now?.WorkingOrders,
            Breakers = now is null ? null : Enum.GetValues<BreakerKind>()
                .ToDictionary(ReportNames.KeyOf, kind => ReportNames.KeyOf(now.BreakerOf(kind))),
            Positions = state.Results.Select(result => new
            {
                result.Instrument,
                result.Position,
                EntriesStopped = result.IsEntriesStopped,
                ClosingQuantity = answer.Results.Where(then => then.Instrument == result.Instrument)
                    .Sum(static then => then.ClosingQuantity),
            }),
            Equity = now?.EquityE6 / E6,
            RealizedPnl = now?.RealizedPnlE6 / E6,
            UnrealizedPnl = now?.UnrealizedPnlE6 / E6,
            now?.DailyDrawdown,
            now?.TradesToday,
            ParentOrders = options.Kind == CommandKind.Query
                ? state.Parents.Select(static parent => new
                {
                    parent.ParentId,
                    parent.SignalId,
                    parent.Instrument,
                    Side = ReportNames.KeyOf(parent.Side),
                    Strategy = StrategyNames.NameOf(parent.Strategy),
                    Purpose = ReportNames.KeyOf(parent.Purpose),
                    State = ReportNames.KeyOf(parent.State),
                    parent.Executed,
                    parent.Quantity,
                    parent.Children,
                })
                : null,
            RatesPerSecond = rates,
        });
    }
}

/// <summary>What a pipeline published by second.</summary>
/// <param name="Signals">Decisions.</param>
/// <param name="OrderChanges">Changes of orders.</param>
/// <param name="Fills">Changes of positions.</param>
/// <param name="ElapsedS">How long was counted, in seconds.</param>
public sealed record PublishedRates(double Signals, double OrderChanges, double Fills, double ElapsedS)
{
    /// <summary>Counts by template over the time that they were really counted in.</summary>
    public static PublishedRates Of(IReadOnlyDictionary<int, long> seen, TimeSpan elapsed)
    {
        return new PublishedRates(
            Rate(DecisionLayout.TemplateId), Rate(OrderStatusChangeLayout.TemplateId),
            Rate(PositionUpdateLayout.TemplateId), elapsed.TotalSeconds);

        double Rate(int template) => seen.GetValueOrDefault(template) / elapsed.TotalSeconds;
    }
}
