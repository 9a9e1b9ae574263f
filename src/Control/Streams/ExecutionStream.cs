using System.Text.Json;
using ExecutionPipeline.Control.Api;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Control.Streams;

/// <summary>/ws/executions: how orders are executed, in the four states of the requirements.</summary>
internal static class ExecutionStream
{
    private const double BasisPoints = 10_000;
    private const double NanosPerMs = 1e6;

    public static EventStream Of(EventLog log, TimeSpan sendTimeout)
    {
        // When this client saw an order begin; what began before it came has no elapsed time. A pipeline that begins
        // with nothing gives the id of one again that has never ended.
        var started = new Dictionary<ulong, long>();
        return new EventStream(log, (writer, message, length) =>
        {
            if (!OrderStatusChangeDecoder.TryWrap(message.AsSpan(0, length), out var order))
                return false;

            var state = StateOf(order);
            if (state == "started")
                started[order.OrderId] = order.TimeNs;
            var elapsedNs = started.TryGetValue(order.OrderId, out var since) ? order.TimeNs - since : (long?)null;
            if (order.LeavesQuantity == 0)
                started.Remove(order.OrderId);
            if (state is null)
                return false;

            Write(writer, order, state, elapsedNs);
            return true;
        })
        {
            SendTimeout = sendTimeout,
        };
    }

    /// <summary>
    /// An order may be executed while a cancel or a replacement of it is under way, and a report may tell of executions
    /// whose own reports were lost. One that is replaced by no more than was executed is filled without another one.
    /// </summary>
    private static string? StateOf(OrderStatusChangeDecoder order)
    {
        var isBooked = order.LastQuantity + order.InferredQuantity > 0;
        return order.Status switch
        {
            OrderStatus.Cancelled or OrderStatus.Expired or OrderStatus.Rejected => "cancelled",
            OrderStatus.Filled when isBooked || order.PreviousStatus is not (OrderStatus.None or OrderStatus.Filled) =>
                "filled",
            OrderStatus.Filled => null,
            _ when isBooked => "partial",
            OrderStatus.PendingNew when order.PreviousStatus == OrderStatus.None => "started",
            _ => null,
        };
    }

    private static void Write(Utf8JsonWriter writer, OrderStatusChangeDecoder order, string state, long? elapsedNs)
    {
        writer.WriteString("type", "execution_update");
        writer.WriteString("timestamp", MessageJson.TimeOf(order.TimeNs));
        writer.WriteString("execution_id", $"{order.OrderId}");
        writer.WriteString("signal_id", $"{order.SignalId}");
        writer.WriteString("status", state);
        writer.WriteStartObject("data");
        writer.WriteNumber("quantity_filled", order.CumulativeQuantity);
        writer.WriteNumber("remaining_quantity", order.LeavesQuantity);
        if (order.CumulativeQuantity > 0)
            writer.WriteNumber("avg_fill_price", order.AveragePriceE9 / 1e9m);
        else
            writer.WriteNull("avg_fill_price");
        if (order.CumulativeQuantity > 0 && order.ArrivalPriceE9 > 0)
        {
            var sign = order.Side == Side.Buy ? 1 : -1;
            writer.WriteNumber(
                "current_slippage_bps",
                sign * ((double)order.AveragePriceE9 - order.ArrivalPriceE9) / order.ArrivalPriceE9 * BasisPoints);
        }
        else
        {
            writer.WriteNull("current_slippage_bps");
        }

        if (elapsedNs is { } elapsed)
            writer.WriteNumber("elapsed_time_ms", elapsed / NanosPerMs);
        else
            writer.WriteNull("elapsed_time_ms");
        writer.WriteEndObject();
    }
}
