using System.Net.WebSockets;
using System.Text.Json;

namespace ExecutionPipeline.Control.Streams;

/// <summary>/ws/performance: how executions do, at once and then every five seconds.</summary>
internal static class PerformanceStream
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public static async Task SendAsync(WebSocket socket, Func<object> performance, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Interval);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var gone = EventStream.WatchAsync(socket, ending);
        try
        {
            do
            {
                var text = JsonSerializer.SerializeToUtf8Bytes(performance(), Json.Options);
                await socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, ending.Token)
                    .WaitAsync(EventStream.SendTimeout, ending.Token).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(ending.Token).ConfigureAwait(false));
        }
        catch (Exception problem) when (problem is OperationCanceledException or WebSocketException or TimeoutException)
        {
            // The client has gone, or does not read, or the control plane ends.
            socket.Abort();
        }

        await ending.CancelAsync().ConfigureAwait(false);
        await gone.ConfigureAwait(false);
    }
}
