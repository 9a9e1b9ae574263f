using System.Net.WebSockets;
using System.Text.Json;

namespace ExecutionPipeline.Control.Streams;

/// <summary>/ws/performance: how executions do, at once and then every five seconds.</summary>
internal static class PerformanceStream
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Sends until the client goes or does not read. Returns which of them it was.</summary>
    public static async Task<string> SendAsync(
        WebSocket socket, Func<object> performance, TimeSpan sendTimeout, CancellationToken cancel)
    {
        var end = "closed";
        using var timer = new PeriodicTimer(Interval);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var gone = EventStream.WatchAsync(socket, ending);
        try
        {
            do
            {
                var text = JsonSerializer.SerializeToUtf8Bytes(performance(), Json.Options);
                await socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, ending.Token)
                    .WaitAsync(sendTimeout, ending.Token).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(ending.Token).ConfigureAwait(false));
        }
        catch (Exception problem) when (problem is OperationCanceledException or WebSocketException or TimeoutException)
        {
            // The client has gone, or does not read, or the control plane ends.
            if (problem is TimeoutException)
                end = $"dropped: it did not read for {sendTimeout.TotalSeconds} s";
            socket.Abort();
        }

        await ending.CancelAsync().ConfigureAwait(false);
        await gone.ConfigureAwait(false);
        return end;
    }
}
