using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Tests.Ingress;

/// <summary>A naive checker: what must hold of whatever the reader admits, asked field by field.</summary>
internal static class AdmissionChecker
{
    /// <summary>The first thing that is wrong with an admitted event, or null.</summary>
    public static string? FindFault(ReaderHarness harness, byte[] message)
    {
        var header = harness.Header;
        var isAll = header.Kind is EventKind.Command or EventKind.Model
            && header.InstrumentIndex == MessageReader.AllInstruments;
        if (header.InstrumentIndex is < 0 or > 2 && !isAll)
            return $"instrument index {header.InstrumentIndex}";

        return header.Kind switch
        {
            EventKind.TradeQualified => FindFault(harness.Payload.TradeQualified, message),
            EventKind.MarketUpdate => FindFault(harness.Payload.MarketUpdate),
            EventKind.Command => FindFault(harness.Payload.Command),
            EventKind.Model when harness.Payload.Command.Kind >= CommandKind.DeployModel =>
                FindFault(harness.Payload.Command),
            _ => $"kind {header.Kind}",
        };
    }

    private static string? FindFault(TradeQualified signal, byte[] message)
    {
        foreach (var (offset, field, min, max, isOptional) in NumberRanges.TradeQualified)
        {
            var value = BitConverter.ToDouble(message, MessageHeader.SizeBytes + offset);
            var isWithin = value >= min && value <= max;
            if (!isWithin && !(isOptional && double.IsNaN(value)))
                return $"{field} {value}";
        }

        if (signal.SignalId == 0 || !Enum.IsDefined(signal.Action) || signal.PriceE9 is <= 0 or > (long)1e18)
            return $"signal {signal.SignalId} {signal.Action} {signal.PriceE9}";

        var times = new[] { signal.SignalTimeNs, signal.IntendedSendTimeNs, signal.SendTimeNs };
        return times.Min() <= 0 ? "time" : null;
    }

    private static string? FindFault(MarketUpdate update)
    {
        if (!Enum.IsDefined(update.Aggressor) || (update.Aggressor != Side.None && update.TradeQuantity == 0))
            return $"aggressor {update.Aggressor}";
        if (!IsLevel(update.BidPriceE9, update.BidQuantity) || !IsLevel(update.AskPriceE9, update.AskQuantity))
            return "quote";
        if (!IsLevel(update.TradePriceE9, update.TradeQuantity))
            return "trade";
        if (update.BidOrders < 0 || update.BidOrders > update.BidQuantity)
            return $"bid orders {update.BidOrders}";
        if (update.AskOrders < 0 || update.AskOrders > update.AskQuantity)
            return $"ask orders {update.AskOrders}";

        return Math.Min(update.ExchangeTimeNs, update.SendTimeNs) <= 0 ? "time" : null;
    }

    private static string? FindFault(Command command) =>
        command.CommandId == 0 || !Enum.IsDefined(command.Kind) || command.SendTimeNs <= 0
        || command.Reason < 0
        || command.Kind is >= CommandKind.JournalDegraded and <= CommandKind.Reconciled
        || (command.Kind is CommandKind.Resume or CommandKind.ResumeEntries && command.Reason == 0)
        || (command.IsOnOrder && command.ParentId is 0 or ulong.MaxValue)
        || (command.Kind == CommandKind.AmendOrder && command.Quantity is < 1 or > (int)1e9)
            ? $"command {command.CommandId} {command.Kind} {command.SendTimeNs}"
            : null;

    private static bool IsLevel(long priceE9, int quantity) => priceE9 == MarketUpdate.NoPrice
        ? quantity == 0
        : priceE9 is > 0 and <= (long)1e18 && quantity is > 0 and <= (int)1e9;
}
