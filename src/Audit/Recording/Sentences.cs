using System.Text;
using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Audit.Recording;

/// <summary>What a record says, in plain sentences.</summary>
internal sealed class Sentences(RecordedRun run, RiskChecks checks)
{
    /// <summary>Why a signal became the order that it did, or none.</summary>
    public string OfDecision(in PipelineEvent e)
    {
        ref readonly var signal = ref e.Payload.TradeQualified;
        ref readonly var decision = ref e.Decision;
        var text = new StringBuilder();
        var asked = signal.Action switch
        {
            TradeAction.Long => "to buy",
            TradeAction.Short => "to sell",
            _ => "to hold",
        };
        text.Append(Invariant(
            $"Signal {signal.SignalId} asked {asked} {Symbol(in e)} at {Price(signal.PriceE9)} "))
            .Append(Invariant($"with confidence {Figures.Text(signal.Confidence)}. "));
        if (decision.Lateness != DecisionLateness.None)
            text.Append("It was not left to the models, because ").Append(LatenessOf(decision.Lateness)).Append(". ");
        if (RecordedRun.HasOutputs(in decision))
            AppendChoice(text, in decision);
        if (e.Cuts != SizeCuts.None)
            text.Append("The size was cut by ").Append(CutsOf(e.Cuts)).Append(". ");
        if (RiskChecks.IsJudged(in e))
            AppendVerdict(text, in e);
        AppendOutcome(text, in e);
        return text.ToString();
    }

    /// <summary>That a signal came again.</summary>
    public static string OfRepeat(in PipelineEvent e) => Invariant(
        $"Signal {e.Payload.TradeQualified.SignalId} came again. It was answered again, and not executed again.");

    public string OfSent(in OrderState order) => Invariant(
        $"{Purpose(order.Purpose)} order {order.OrderId} left for the venue: {Terms(in order)}.");

    public string OfReport(in PipelineEvent e)
    {
        ref readonly var order = ref e.Routing.Order;
        ref readonly var report = ref e.Payload.ExecutionReport;
        var text = new StringBuilder(Invariant($"{Purpose(order.Purpose)} order {report.OrderId}: "));
        if (e.Resolution.Booked != 0)
        {
            var fees = Figures.Text(Figures.Money(e.Resolution.FeeE6));
            var price = Price(e.Resolution.PriceE9);
            text.Append(Invariant($"{e.Resolution.Booked} were executed at {price}, fees {fees}; "))
                .Append(Invariant($"{order.LeavesQuantity} are left, and "))
                .Append(Invariant($"the position in {Symbol(in e)} is {e.Portfolio.Position}"));
        }
        else
        {
            text.Append(Invariant($"the venue reported {Words.Of(report.Kind)}, and it is {Words.Of(order.Status)}"));
        }

        if (report.RejectReason != VenueRejectReason.None)
            text.Append(", because of ").Append(Words.Of(report.RejectReason));
        if (e.Routing.Disposition is not (ReportDisposition.Applied or ReportDisposition.None))
            text.Append("; the report is ").Append(Words.Of(e.Routing.Disposition));
        return text.Append('.').ToString();
    }

    public string OfParent(in ParentState parent)
    {
        var price = parent.AveragePriceE9 == 0 ? "" : $" at {Price(parent.AveragePriceE9)} on average";
        return Invariant($"Parent order {parent.ParentId} ended ({Words.Of(parent.EndReason)}) with {parent.Executed} ")
            + Invariant($"of {parent.Quantity} executed by {parent.Children} orders{price}.");
    }

    public string OfTrade(in ClosedTrade trade) => Invariant(
        $"Trade {trade.TradeId} is closed ({Words.Of(trade.ExitReason)}): {Words.Of(trade.Side)} {trade.Quantity} ")
        + Invariant($"{run.SymbolOf(trade.InstrumentIndex)} from {Price(trade.EntryPriceE9)} to ")
        + Invariant($"{Price(trade.ExitPriceE9)}. It made ")
        + Invariant($"{Figures.Text(Figures.Money(trade.NetPnlE6))} after fees of ")
        + Invariant($"{Figures.Text(Figures.Money(trade.FeesE6))}.");

    public string OfCommand(in PipelineEvent e)
    {
        ref readonly var command = ref e.Payload.Command;
        var onOrder = command.IsOnOrder ? Invariant($" on parent order {command.ParentId}") : "";
        var limit = command.Kind == CommandKind.SetLimit ? LimitOf(in command) : "";
        var what = $"{Words.Of(command.Kind)}{limit}{onOrder}";
        return Invariant($"{CommandWords.SubjectOf(in command)} gave the command {what} in ")
            + Invariant($"{Symbol(in e)}{CommandWords.ReasonOf(in command)}. What came of it: ")
            + Invariant($"{Words.Of(e.Routing.Outcome)}; {e.Routing.CancelsSent} cancellations were sent, and the ")
            + "kill switch is " + (e.Verdict.KillSwitch != 0 ? "latched." : "not latched.");
    }

    /// <summary>Which limit a command changes, from what and to what.</summary>
    private string LimitOf(in Command command)
    {
        var before = Figures.Text(ReloadableLimits.Of(checks.Limits, command.Limit));
        return $" ({Words.KeyOf(command.Limit)} from {before} to {Figures.Text(command.LimitValue)})";
    }

    public static string OfModel(in PipelineEvent e)
    {
        ref readonly var command = ref e.Payload.Command;
        var models = command.ModelVersion == 0 ? "the rules" : $"models {new ModelVersion(command.ModelVersion)}";
        var what = command.Kind switch
        {
            CommandKind.DeployModel when command.Reason == CommandReason.Host =>
                $"said that {models} decide at the start",
            CommandKind.DeployModel => $"let {models} decide",
            CommandKind.CanaryModel =>
                Invariant($"let {models} decide {command.CanaryShareBps / 100m} % of the signals"),
            CommandKind.PromoteModel => "let the canary decide everything",
            CommandKind.RollbackModel => "ended the canary, or went back to the models before",
            _ => Words.Of(command.Kind),
        };
        return $"{CommandWords.SubjectOf(in command)} {what}{CommandWords.ReasonOf(in command)}.";
    }

    public static string OfRisk(in PipelineEvent e)
    {
        var verdict = e.Verdict;
        var changes = string.Join(", ", Words.BitsOf(verdict.Changes).Select(static one => Words.Of(one)));
        var kill = verdict.KillSwitch == 0 ? "not latched" : $"latched by {Words.Of(verdict.KillCause)}";
        var open = Enum.GetValues<BreakerKind>().Where(one => verdict.BreakerStateOf(one) == BreakerState.Open)
            .Select(static one => Words.Of(one)).ToArray();
        var breakers = open.Length == 0 ? "no breaker is open" : $"open are the breakers {string.Join(", ", open)}";
        return $"The state of risk changed ({changes}) with a {Words.Of(e.Header.Kind)}: the kill switch is {kill}, "
            + $"{breakers}, and the volatility regime is {Words.Of(verdict.Volatility)}.";
    }

    public static string OfVenue(in PipelineEvent e) =>
        e.Payload.ExecutionReport.Kind == ExecutionReportKind.VenueLost
            ? Invariant($"The connection to venue {e.Payload.ExecutionReport.Venue} was lost.")
            : Invariant($"The connection to venue {e.Payload.ExecutionReport.Venue} is back.");

    private static void AppendChoice(StringBuilder text, in Decision decision)
    {
        ReadOnlySpan<float> outputs = decision.Outputs;
        var who = decision.Source switch
        {
            DecisionSource.RuleBased => "The rule-based policy",
            _ when decision.Canary != 0 => "The canary's models",
            _ => "The models",
        };
        text.Append(who).Append(Invariant($" chose {SizeActions.ContractsOf(decision.SizeAction)} contracts "))
            .Append("(probability ")
            .Append(Figures.Text(outputs[PolicyOutputs.SizeOffset + decision.SizeAction]))
            .Append(") by ")
            .Append(StrategyNames.NameOf(decision.Strategy));
        if ((int)decision.Strategy < PolicyOutputs.StrategyCount)
        {
            text.Append(" (").Append(Figures.Text(outputs[PolicyOutputs.StrategyOffset + (int)decision.Strategy]))
                .Append(')');
        }

        text.Append(Invariant($", with the stop at {Figures.Text(decision.StopLossAtr)} and the target at "))
            .Append(Invariant($"{Figures.Text(decision.TakeProfitAtr)} times the average true range. "));
    }

    private void AppendVerdict(StringBuilder text, in PipelineEvent e)
    {
        ref readonly var verdict = ref e.Verdict;
        if (verdict.Violations == RiskViolations.None)
        {
            text.Append("It kept every limit. ");
            return;
        }

        text.Append(Invariant($"{e.Decision.Quantity} contracts would have broken "));
        var first = true;
        foreach (var violation in Words.BitsOf(verdict.Violations))
        {
            var (limit, value) = checks.OfViolation(in e, violation);
            text.Append(first ? "" : ", ").Append(Words.Of(violation));
            if (double.IsFinite(value) && double.IsFinite(limit))
                text.Append(Invariant($" ({Figures.Text(value)} against {Figures.Text(limit)})"));
            first = false;
        }

        text.Append(". ");
        if (verdict.ApprovedQuantity > 0)
            text.Append(Invariant($"Risk approved {verdict.ApprovedQuantity}. "));
    }

    private static void AppendOutcome(StringBuilder text, in PipelineEvent e)
    {
        ref readonly var order = ref e.Routing.Order;
        text.Append(e.Routing.Outcome switch
        {
            RoutingOutcome.OrderSent => Invariant($"Order {order.OrderId} of parent order {e.Verdict.ParentId} left ")
                + Invariant($"for the venue: {Terms(in order)}."),
            RoutingOutcome.Scheduled => Invariant($"Parent order {e.Verdict.ParentId} to {Words.Of(e.Decision.Side)} ")
                + Invariant($"{e.Verdict.ApprovedQuantity} is worked by its algorithm; its first order leaves later."),
            RoutingOutcome.Hold => "Nothing was to be done.",
            RoutingOutcome.ZeroSize => "The size came to nothing, so no order was sent.",
            RoutingOutcome.RiskRefused => "Risk refused it, so no order was sent.",
            RoutingOutcome.NoCapacity => "There was no room for another order, so none was sent.",
            RoutingOutcome.Late => "It was refused as too late to decide.",
            RoutingOutcome.NothingToDo => "The order was held back as it was to leave.",
            _ => $"What came of it: {Words.Of(e.Routing.Outcome)}.",
        });
    }

    private static string Terms(in OrderState order)
    {
        var limit = order.LimitPriceE9 == 0 ? "" : $" at {Price(order.LimitPriceE9)}";
        var exits = order.Purpose == OrderPurpose.Entry && order.StopPriceE9 != 0
            ? $", with the stop planned at {Price(order.StopPriceE9)} and the target at {Price(order.TargetPriceE9)}"
            : order.StopPriceE9 != 0 ? $", triggered at {Price(order.StopPriceE9)}" : "";
        return Invariant($"{Words.Of(order.Side)} {order.Quantity}, {Words.Of(order.Type)}{limit}{exits}");
    }

    private static string LatenessOf(DecisionLateness lateness) => lateness == DecisionLateness.AgedEvent
        ? "it was older than the decision deadline"
        : "the inference backend was slow";

    private static string CutsOf(SizeCuts cuts) => string.Join(" and ", Words.BitsOf(cuts).Select(NameOf));

    private static string NameOf(SizeCuts cut) => cut switch
    {
        SizeCuts.Kelly => "the Kelly fraction",
        SizeCuts.Cap => "the sizing guard's cap",
        _ => "the limits",
    };

    private static string Purpose(OrderPurpose purpose)
    {
        var words = Words.Of(purpose);
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    private string Symbol(in PipelineEvent e) => run.SymbolOf(e.Header.InstrumentIndex);

    private static string Price(long valueE9) => Figures.Text(Figures.Price(valueE9));

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
