using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ExecutionPipeline.Control.Tests.Fuzz;

/// <summary>
/// Sends bytes as they are, which no HTTP library would, and reads the status of what comes back. The connection is
/// opened again whenever the server has ended it.
/// </summary>
internal sealed class RawHttp(Uri address) : IDisposable
{
    private readonly byte[] _bytes = new byte[64 * 1_024];
    private Socket? _socket;
    private int _start;
    private int _end;

    /// <summary>Sends a request. Returns the status; 0: the server has ended the connection without one.</summary>
    public async Task<int> AskAsync(FuzzedRequest request, CancellationToken cancel)
    {
        _socket ??= await ConnectAsync(cancel);
        try
        {
            await _socket.SendAsync(request.Bytes, cancel);
            if (!request.IsWhole)
                _socket.Shutdown(SocketShutdown.Send);
            var status = await ReadStatusAsync(request.HasAnswerBody, cancel);
            if (!request.IsWhole)
                Close();
            return status;
        }
        catch (SocketException)
        {
            Close();
            return 0;
        }
    }

    public void Dispose() => Close();

    private async Task<Socket> ConnectAsync(CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port, cancel);
        (_start, _end) = (0, 0);
        return socket;
    }

    private async Task<int> ReadStatusAsync(bool hasBody, CancellationToken cancel)
    {
        while (true)
        {
            var status = 0;
            long? length = null;
            var (isChunked, isLast) = (false, false);
            while (await ReadLineAsync(cancel) is { } line)
            {
                if (status == 0)
                {
                    status = int.Parse(line.AsSpan(9, 3), CultureInfo.InvariantCulture);
                    continue;
                }

                if (line.Length == 0)
                    break;

                if (ValueOf(line, "Content-Length:") is { } value)
                    length = long.Parse(value, CultureInfo.InvariantCulture);
                isChunked |= ValueOf(line, "Transfer-Encoding:") is not null;
                isLast |= ValueOf(line, "Connection:") is "close";
            }

            if (status == 100)
                continue;

            if (status == 0 || status == 101)
            {
                Close();
                return status;
            }

            if (hasBody && status is not (204 or 304))
                await SkipBodyAsync(isChunked, length ?? 0, cancel);
            if (isLast)
                Close();
            return status;
        }
    }

    private async Task SkipBodyAsync(bool isChunked, long length, CancellationToken cancel)
    {
        if (!isChunked)
        {
            await SkipAsync(length, cancel);
            return;
        }

        while (await ReadLineAsync(cancel) is { } size)
        {
            var chunk = long.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            await SkipAsync(chunk + 2, cancel);
            if (chunk == 0)
                return;
        }
    }

    private static string? ValueOf(string line, string name) =>
        line.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? line[name.Length..].Trim() : null;

    private async Task<string?> ReadLineAsync(CancellationToken cancel)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end && !await FillAsync(cancel))
                return null;

            var next = (char)_bytes[_start++];
            if (next == '\n')
                return line.ToString().TrimEnd('\r');

            line.Append(next);
        }
    }

    private async Task SkipAsync(long count, CancellationToken cancel)
    {
        while (count > 0)
        {
            if (_start == _end && !await FillAsync(cancel))
                return;

            var taken = (int)Math.Min(count, _end - _start);
            _start += taken;
            count -= taken;
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancel)
    {
        (_start, _end) = (0, await _socket!.ReceiveAsync(_bytes, cancel));
        return _end > 0;
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
