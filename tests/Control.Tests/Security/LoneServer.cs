using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ExecutionPipeline.Control.Security;

namespace ExecutionPipeline.Control.Tests.Security;

/// <summary>A control plane without a pipeline, and a folder for its files.</summary>
internal sealed class LoneServer : IAsyncDisposable
{
    private LoneServer(string folder, ControlServer server, Dictionary<string, string> keys) =>
        (Folder, Server, Keys) = (folder, server, keys);

    public string Folder { get; }

    public ControlServer Server { get; }

    /// <summary>Keys by the holders' names: administrator, and those that were asked for.</summary>
    public Dictionary<string, string> Keys { get; }

    /// <summary>Options of a control plane on free ports whose files are in a folder.</summary>
    public static ControlOptions OptionsIn(string folder) => new()
    {
        AeronDirectory = Path.Combine(folder, "driver"),
        KeyFile = Path.Combine(folder, "keys.json"),
        Port = 0,
        MetricsPort = 0,
        KeptEvents = 64,
    };

    /// <summary>Starts one; its folder is deleted at the end.</summary>
    public static async Task<LoneServer> StartAsync(
        string folder, ControlOptions options, params (string Name, Role Role)[] holders)
    {
        var keys = ApiKeys.Open(options.KeyFile, out var administrator);
        var made = holders.ToDictionary(static one => one.Name, one => keys.Add(one.Name, one.Role));
        made["administrator"] = administrator!;
        return new LoneServer(folder, await ControlServer.StartAsync(options, default), made);
    }

    /// <summary>A client that takes any server's certificate and shows one of its own.</summary>
    public HttpClient Client(
        string? bearer = null, X509Certificate2? certificate = null, Action<string>? onServer = null)
    {
        var handler = new SocketsHttpHandler { UseCookies = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) =>
        {
            onServer?.Invoke(((X509Certificate2)shown!).Thumbprint);
            return true;
        };
        if (certificate is not null)
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        var client = new HttpClient(handler) { BaseAddress = Server.Address };
        if (bearer is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return client;
    }

    /// <summary>Who the control plane takes a client for: name and roles, or status and reason.</summary>
    public static async Task<string> WhoAsync(HttpClient client)
    {
        using var response = await client.GetAsync("/session");
        var json = await response.Content.ReadFromJsonAsync<JsonElement>();
        return response.IsSuccessStatusCode
            ? $"{json.GetProperty("name").GetString()}: {json.GetProperty("role").GetString()}"
            : $"{(int)response.StatusCode}: {json.GetProperty("reason").GetString()}";
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
