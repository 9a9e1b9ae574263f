using System.Text;

namespace ExecutionPipeline.Control.Tests.Fuzz;

/// <summary>A request that is wrong in some way.</summary>
/// <param name="Bytes">As they are sent.</param>
/// <param name="IsWhole">Whether the server can know its end; otherwise the sender ends behind it.</param>
/// <param name="HasAnswerBody">Whether the answer's body follows its head.</param>
internal sealed record FuzzedRequest(byte[] Bytes, bool IsWhole, bool HasAnswerBody)
{
    /// <summary>The beginning of it, for messages.</summary>
    public override string ToString() => Encoding.Latin1.GetString(Bytes, 0, Math.Min(300, Bytes.Length));
}

/// <summary>
/// Makes requests by a seed: addresses, methods, heads, keys and bodies that are malformed, unauthorised or both. Those
/// with the key of somebody who may command have bodies that no command takes; any other body comes with no such key.
/// </summary>
/// <param name="random">Decides everything.</param>
/// <param name="host">The server's name and port.</param>
/// <param name="viewer">The key of somebody who may only look.</param>
/// <param name="administrator">The key of somebody who may do everything.</param>
internal sealed class RequestFuzzer(Random random, string host, string viewer, string administrator)
{
    private static readonly string[] Methods =
        ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "KILL", "post"];

    private static readonly string[] Paths =
    [
        "/commands/kill", "/commands/close-all", "/commands/flatten", "/commands/resume", "/commands/nothing",
        "/commands/stop-entries", "/parents/1/cancel", "/parents/-1/pause", "/orders/18446744073709551616/cancel",
        "/orders/1/cancel", "/execute", "/session", "/%2e%2e/etc/passwd", "/orders?limit=-1", "/orders?before=x",
        "/trades?nothing=1", "/metrics?timeframe=9y", "/orders/%00", "/ws/events", "/ws/events?after=-1",
        "/ws/performance", "/commands/0", "/health/../state", "/state", "/positions", "/openapi/v1.json", "/scalar/",
        "/orders/%ff%fe", "/decisions?signal_id=%u0041", "//commands//kill", "/commands/kill%0d%0aX:%201",
    ];

    private static readonly string[] WrongBodies =
    [
        "", "{", "[]", "null", "{}", "{\"reason\":-1}", "{\"reason\":1e400}", "{\"reason\":\"\\ud800\"}",
        "{\"\\udfff\":1}", "{\"reason\":{}}", "{\"reason\":1,\"reason\":\"x\"}", "{\"reason\":1,\"instrument\":0}",
        "{\"decision\":{\"action\":\"\\ud800\"},\"market_context\":{},\"metadata\":{}}", "{\"key\":\"\\udc00\"}",
        "{\"decision\":[],\"market_context\":1}", "{\"key\":1}", "\0", "{\"reason\":99999999999999999999}",
        new('[', 5_000), $"{{\"reason\":\"{new string('9', 60_000)}\"}}", new('x', 70_000),
    ];

    private static readonly string[] RightBodies =
    [
        "{\"reason\":7}", "{\"reason\":7,\"instrument\":1}",
        "{\"decision\":{\"action\":\"long\",\"confidence\":0.9,\"urgency_factor\":0.9},"
        + "\"market_context\":{\"current_price\":4150.25},\"metadata\":{\"signal_id\":99}}",
    ];

    private static readonly string[] Heads =
    [
        "Cookie: xp_session=1", "Cookie: ;;;=;", "Origin: https://elsewhere.example", "Origin: null",
        "Content-Type: text/plain", "Content-Type: \u0001", "Expect: 100-continue", "Accept: */*;q=x",
        "Range: bytes=9-1",
        "Upgrade: websocket\r\nConnection: Upgrade", "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings",
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x",
        "X-Forwarded-For: 127.0.0.1", "X-HTTP-Method-Override: DELETE", "Content-Encoding: gzip", "No colon",
        " folded: 1",
        "Bad name: 1", "X: \u0000", "Connection: close", "If-None-Match: *", "Accept-Encoding: \u00ff",
    ];

    private static readonly string[] Versions = ["HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "http/1.1", ""];

    public FuzzedRequest Next()
    {
        if (OneOf(50))
            return new FuzzedRequest(Noise(random.Next(1, 4_000)), IsWhole: false, HasAnswerBody: true);

        var mayCommand = OneOf(3);
        var method = mayCommand || !OneOf(8) ? (OneOf(4) ? "GET" : "POST") : Pick(Methods);
        var head = new StringBuilder($"{method} {Path(mayCommand)} {(OneOf(30) ? Pick(Versions) : "HTTP/1.1")}\r\n");
        AddHost(head);
        AddKey(head, mayCommand);
        for (var i = random.Next(3); i > 0; i--)
            head.Append(OneOf(60) ? $"X: {new string('x', 40_000)}" : Pick(Heads)).Append("\r\n");
        byte[] body = method is "GET" or "HEAD" && !OneOf(10) ? [] : Body(mayCommand);
        var isWhole = AddLength(head, ref body);
        byte[] bytes = [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body];
        if (!mayCommand && OneOf(10))
        {
            Mutate(bytes);
            isWhole = false;
        }

        return new FuzzedRequest(bytes, isWhole, HasAnswerBody: method != "HEAD");
    }

    private bool OneOf(int many) => random.Next(many) == 0;

    private string Pick(string[] from) => from[random.Next(from.Length)];

    private string Path(bool mayCommand)
    {
        var path = Pick(Paths);
        return mayCommand || !OneOf(6)
            ? path
            : random.Next(5) switch
            {
                0 => path + new string('a', random.Next(1, 10_000)),
                1 => path + "?" + Encoding.Latin1.GetString(Noise(random.Next(1, 60))).Replace('\n', 'n'),
                2 => path.Replace("/", "/%2f", StringComparison.Ordinal),
                3 => "http://elsewhere.example" + path,
                _ => Encoding.Latin1.GetString(Noise(random.Next(1, 60))).Replace(' ', '_'),
            };
    }

    private void AddHost(StringBuilder head) => head.Append(random.Next(20) switch
    {
        0 => "",
        1 => "Host: elsewhere.example\r\n",
        2 => $"Host: {host}\r\nHost: {host}\r\n",
        3 => "Host: \u00e4\r\n",
        _ => $"Host: {host}\r\n",
    });

    private void AddKey(StringBuilder head, bool mayCommand) => head.Append(mayCommand
        ? $"X-Api-Key: {administrator}\r\n"
        : random.Next(10) switch
        {
            0 => "",
            1 => $"X-Api-Key: {administrator[..^4]}zzzz\r\n",
            2 => $"Authorization: Bearer {administrator[..^4]}\r\n",
            3 => "Authorization: Bearer eyJhbGciOiJub25lIn0.eyJyb2xlIjoiYWRtaW5pc3RyYXRvciJ9.\r\n",
            4 => "Authorization: Basic YTpi\r\n",
            5 => $"Authorization: Bearer {viewer}\r\nAuthorization: Bearer {viewer}\r\n",
            6 => $"X-Api-Key: {Encoding.Latin1.GetString(Noise(40)).ReplaceLineEndings("")}\r\n",
            7 => $"Cookie: xp_session={administrator}\r\n",
            _ => $"Authorization: Bearer {viewer}\r\n",
        });

    private byte[] Body(bool mayCommand)
    {
        if (mayCommand || OneOf(2))
            return Encoding.UTF8.GetBytes(Pick(WrongBodies));

        var body = Encoding.UTF8.GetBytes(Pick(RightBodies));
        if (OneOf(2))
            Mutate(body);
        return body;
    }

    /// <summary>Says how long the body is, or something else. Returns whether the server can know its end.</summary>
    private bool AddLength(StringBuilder head, ref byte[] body)
    {
        switch (random.Next(16))
        {
            case 0:
                head.Append("Transfer-Encoding: chunked\r\n");
                body = [.. Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"), .. body, .. "\r\n0\r\n\r\n"u8];
                // A chunk of no bytes is the end, and the end that follows it the beginning of the next request.
                return body.Length > "0\r\n\r\n0\r\n\r\n".Length;
            case 1:
                head.Append("Transfer-Encoding: chunked\r\n");
                return false;
            case 2:
                head.Append($"Content-Length: {body.Length + 10}\r\n");
                return false;
            case 3:
                head.Append("Content-Length: -1\r\n");
                return false;
            case 4:
                head.Append($"Content-Length: {body.Length}\r\nTransfer-Encoding: gzip, chunked\r\n");
                return false;
            default:
                head.Append($"Content-Length: {body.Length}\r\n");
                return true;
        }
    }

    private byte[] Noise(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private void Mutate(byte[] bytes)
    {
        for (var i = random.Next(1, 6); i > 0; i--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
    }
}
