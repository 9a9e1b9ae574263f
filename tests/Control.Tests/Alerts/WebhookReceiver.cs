using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ExecutionPipeline.Control.Tests.Alerts;

/// <summary>A real HTTP server that alerts are posted to.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;
    private readonly Channel<JsonElement> _taken = Channel.CreateUnbounded<JsonElement>();
    private readonly Channel<JsonElement> _refused = Channel.CreateUnbounded<JsonElement>();

    private WebhookReceiver(WebApplication app) => _app = app;

    /// <summary>What it answers.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>Where it is posted to.</summary>
    public Uri Address => new(new Uri(_app.Urls.First()), "/hook");

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.MapPost("/hook", (Delegate)receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>The next post that it has taken.</summary>
    public Task<JsonElement> TakenAsync() => _taken.Reader.ReadAsync().AsTask().WaitAsync(Timeout);

    /// <summary>The next post that it has not taken.</summary>
    public Task<JsonElement> RefusedAsync() => _refused.Reader.ReadAsync().AsTask().WaitAsync(Timeout);

    /// <summary>The next post that it has taken which tells of a type of alert.</summary>
    public async Task<JsonElement> TakenAsync(string type)
    {
        var until = DateTime.UtcNow + Timeout;
        while (DateTime.UtcNow < until)
        {
            var post = await TakenAsync();
            if (post.GetProperty("alert").GetProperty("type").GetString() == type)
                return post;
        }

        throw new TimeoutException($"no post told of {type}");
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        var post = await JsonSerializer.DeserializeAsync<JsonElement>(request.Body);
        var status = Status;
        await (status < 300 ? _taken : _refused).Writer.WriteAsync(post);
        return Results.StatusCode(status);
    }
}
