using System.Globalization;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Journal;

/// <summary>
/// What became of a signal, from its decision to its closed trade: the journal is replayed, and of what the stages send
/// out, that which names the signal is told in words.
/// </summary>
internal sealed class TradeStory : IOutboundSink
{
    private const long BillionE9 = 1_000_000_000;

    private readonly ulong _signalId;
    private readonly IAnsiConsole _console;
    private long _startNs;

    /// <param name="signalId">Whose story it is.</param>
    /// <param name="console">Where it is told.</param>
    public TradeStory(ulong signalId, IAnsiConsole console) => (_signalId, _console) = (signalId, console);

    /// <summary>Sentences told so far.</summary>
    private int Count { get; set; }

    /// <summary>Tells it. Returns the exit code: 1 when the journal does not know the signal.</summary>
    public static int Tell(JournalOptionsRead options, IAnsiConsole console, CancellationToken cancel)
    {
        using var reader = new JournalReader(options.Folder);
        var (configured, _) = JournalFolders.ConfigurationOf(options.Folder, reader, options.ConfigFile);
        var inline = new RingOptions { Topology = Topology.Inline, Size = configured.Ring.Size };

        var choice = Policies.ChoiceOf(options.Inference, GraphChoice.Merged, options.ModelsDirectory);
        using var policy = Policies.Open(choice, console);
        var story = new TradeStory(options.SignalId, console);
        new JournalReplay(configured with { Ring = inline }, policy.Backend, story, choice.VersionOpener())
            .Run(reader, cancel);
        JournalFolders.TellEnd("journal show", reader.EndNote);
        if (story.Count > 0)
            return ExitCode.Done;

        console.WriteLine($"the journal knows no signal {options.SignalId}");
        return ExitCode.Failed;
    }

    public bool TrySend(ReadOnlySpan<byte> message)
    {
        if (DecisionDecoder.TryWrap(message, out var decision) && decision.SignalId == _signalId)
            TellDecision(decision);
        else if (RiskViolationDecoder.TryWrap(message, out var violation) && violation.SignalId == _signalId)
            TellViolation(violation);
        else if (OrderStatusChangeDecoder.TryWrap(message, out var order) && order.SignalId == _signalId)
            TellOrder(order);
        else if (ParentOrderEndedDecoder.TryWrap(message, out var parent) && parent.SignalId == _signalId)
            TellParent(parent);
        else if (TradeClosedDecoder.TryWrap(message, out var trade) && trade.SignalId == _signalId)
            TellTrade(trade);
        return true;
    }

    private void TellDecision(DecisionDecoder decision)
    {
        if (decision.IsRepeat)
        {
            Say(decision.TimeNs, "The signal came again. It was answered again, and not executed again.");
            return;
        }

        _startNs = decision.TimeNs;
        var asked = $"{Words(decision.Action)} was decided by {Words(decision.Source)}: {Words(decision.Side)} "
            + $"{decision.Quantity} by {Words(decision.Strategy)}, stop {Text(decision.StopLossAtr)} and target "
            + $"{Text(decision.TakeProfitAtr)} times the range";
        Say(decision.TimeNs, decision.ApprovedQuantity > 0
            ? $"{asked}. Risk approved {decision.ApprovedQuantity} as parent order {decision.ParentId}."
            : $"{asked}. Risk approved none of it: {Words(decision.RiskViolations)}. "
                + $"The outcome is {Words(decision.Outcome)}.");
    }

    private void TellViolation(RiskViolationDecoder violation) => Say(
        violation.TimeNs,
        $"The limit {Words(violation.Violation)} would be broken: it is {Text(violation.LimitValue)}, and the order "
            + $"would make it {Text(violation.Value)}.");

    private void TellOrder(OrderStatusChangeDecoder order)
    {
        var name = $"{Words(order.Purpose)} order {order.OrderId} ({Words(order.Side)} {order.Quantity} "
            + $"{Words(order.OrderType)})";
        var what = order.LastQuantity + order.InferredQuantity > 0
            ? $"executed {ExecutedText(order)}; {order.LeavesQuantity} are left"
            : $"became {Words(order.Status)}";
        if (order.RejectReason != VenueRejectReason.None)
            what += $", because of {Words(order.RejectReason)}";
        Say(order.TimeNs, $"The {name} {what}.");
    }

    /// <summary>A report may tell of executions whose own reports were lost, beside its own or alone.</summary>
    private static string ExecutedText(OrderStatusChangeDecoder order)
    {
        var own = $"{order.LastQuantity} at {Price(order.LastPriceE9)}";
        var lost = $"{order.InferredQuantity} of which no execution was reported";
        return order.InferredQuantity == 0 ? own : order.LastQuantity == 0 ? lost : $"{own} and {lost}";
    }

    private void TellParent(ParentOrderEndedDecoder parent) => Say(
        parent.TimeNs,
        $"Parent order {parent.ParentId} ended with {parent.Executed} of {parent.Quantity} executed by "
            + $"{parent.Children} orders, at {Price(parent.AveragePriceE9)} on average.");

    private void TellTrade(TradeClosedDecoder trade) => Say(
        trade.ExitTimeNs,
        $"Trade {trade.TradeId} is closed: {Words(trade.Side)} {trade.Quantity} from {Price(trade.EntryPriceE9)} to "
            + $"{Price(trade.ExitPriceE9)}, because of {Words(trade.ExitReason)}. It made {Money(trade.NetPnlE6)} "
            + $"after fees of {Money(trade.FeesE6)}; slippage took {Money(trade.SlippageE6)}.");

    private void Say(long timeNs, string sentence)
    {
        Count++;
        var afterMs = (timeNs - _startNs) / 1e6;
        _console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{EventFields.TimeOf(timeNs)} (+{afterMs:0.000} ms)  {sentence}"));
    }

    private static string Words<T>(T value)
        where T : struct, Enum => value.ToString();

    private static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Price(long valueE9) =>
        ((decimal)valueE9 / BillionE9).ToString("0.#########", CultureInfo.InvariantCulture);

    private static string Money(long valueE6) =>
        (valueE6 / 1_000_000m).ToString("#,0.00", CultureInfo.InvariantCulture);
}
