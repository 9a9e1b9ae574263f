using System.Net;
using ExecutionPipeline.Control.Alerts;
using ExecutionPipeline.Control.Api;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Page;
using ExecutionPipeline.Control.Prometheus;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Control.Streams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Scalar.AspNetCore;

namespace ExecutionPipeline.Control;

/// <summary>
/// The control plane: what desk, risk and operations touch. It sees the pipeline through its streams and counters
/// alone, so that it can end and begin as it likes; the pipeline does not notice.
/// </summary>
public sealed class ControlServer : IAsyncDisposable
{
    private const string MetricsItem = "metrics";

    private readonly WebApplication _app;

    private ControlServer(WebApplication app, string? createdKey) => (_app, CreatedKey) = (app, createdKey);

    /// <summary>The administrator's key where it was made now; it is told this once.</summary>
    public string? CreatedKey { get; }

    /// <summary>Where the page and the API are.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>Where the Prometheus text is.</summary>
    public Uri MetricsAddress => new(new Uri(_app.Urls.Last()), "/metrics");

    /// <summary>The services, for tests.</summary>
    internal IServiceProvider Services => _app.Services;

    /// <summary>Its alerts, for tests.</summary>
    internal AlertWatch Alerts => Services.GetRequiredService<AlertWatch>();

    /// <summary>What the machine takes from it, for tests.</summary>
    internal HiccupWatch Hiccups => Services.GetRequiredService<HiccupWatch>();

    /// <summary>Its health, for tests.</summary>
    internal HealthApi Health => Services.GetRequiredService<HealthApi>();

    /// <summary>Starts one.</summary>
    /// <exception cref="IOException">A port is taken, or the file of keys cannot be used.</exception>
    /// <exception cref="InvalidDataException">The files of keys, TLS or tokens do not fit.</exception>
    public static async Task<ControlServer> StartAsync(ControlOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var keys = ApiKeys.Open(options.KeyFile, out var created);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "xp-control" });
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(static console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z '";
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
            kestrel.Limits.MaxConcurrentUpgradedConnections = options.MaxConnections;
            kestrel.Listen(options.Address, options.Port, listen => UseTls(listen));
            kestrel.Listen(options.Address, options.MetricsPort, listen =>
            {
                UseTls(listen);
                listen.Use(MarkMetrics);
            });

            void UseTls(ListenOptions listen)
            {
                if (options.Tls.IsOn)
                    listen.ApplicationServices.GetRequiredService<TlsFiles>().Use(listen);
            }
        });
        AddServices(builder.Services, options, keys);
        var app = builder.Build();
        Configure(app, options);
        try
        {
            if (options.Tokens.IsOn)
                app.Services.GetRequiredService<TokenKeys>();
            app.Services.GetRequiredService<PipelineLink>().Start();
            var counters = app.Services.GetRequiredService<CounterWatch>();
            counters.Looked += app.Services.GetRequiredService<LatencyHistory>().Take;
            counters.Start();
            app.Services.GetRequiredService<HiccupWatch>().Start();
            app.Services.GetRequiredService<AlertWatch>().Start();
            await app.StartAsync(cancel).ConfigureAwait(false);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return new ControlServer(app, created);
    }

    /// <summary>Ends when it is asked to.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private static void AddServices(IServiceCollection services, ControlOptions options, ApiKeys keys)
    {
        services.AddSingleton(options).AddSingleton<Sessions>()
            .AddSingleton(provider =>
            {
                keys.Follow(provider.GetRequiredService<ILogger<ApiKeys>>());
                return keys;
            })
            .AddSingleton<PipelineRecords>().AddSingleton<AnswerDesk>().AddSingleton<PipelineLink>()
            .AddSingleton<CounterWatch>().AddSingleton<Commander>()
            .AddSingleton<CommandApi>().AddSingleton<ExecuteApi>().AddSingleton<RecordApi>().AddSingleton<StateApi>()
            .AddSingleton<HealthApi>().AddSingleton<MetricsApi>().AddSingleton<LatencyHistory>()
            .AddSingleton<StreamApi>().AddSingleton<PageApi>().AddSingleton<ExecutionCounts>()
            .AddSingleton<PrometheusText>();
        services.AddSingleton<EntryHistory>().AddSingleton<AgentDesk>().AddSingleton<MachineLoad>()
            .AddSingleton<HealthMonitor>().AddSingleton<AlertRules>().AddSingleton<AlertWatch>()
            .AddSingleton<AlertApi>().AddSingleton<ModelApi>().AddSingleton<AgentApi>().AddSingleton<HiccupWatch>()
            .AddSingleton<ProcessMetrics>();
        services.AddOpenApi(static api => api.AddDocumentTransformer(static (document, _, _) =>
        {
            document.Info.Title = "Execution Pipeline control plane";
            document.Info.Version = "1";
            return Task.CompletedTask;
        }));
        services.AddSingleton<CallAudit>().AddSingleton(new SecondPerson(options.ResumeWithin));
        RateLimits.Add(services, options);
        if (options.Tls.IsOn)
            services.AddSingleton<TlsFiles>();
        Access.Add(services, options);
    }

    private static void Configure(WebApplication app, ControlOptions options)
    {
        app.MapWhen(
            static context => context.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(MetricsItem) == true,
            static metrics => metrics.Run(static context =>
                context.RequestServices.GetRequiredService<PrometheusText>().ServeAsync(context)));
        CallNote.Use(app);
        app.UseStatusCodePages(static page => Problem.Of(
            page.HttpContext.Response.StatusCode, "path",
            page.HttpContext.Response.StatusCode == StatusCodes.Status405MethodNotAllowed
                ? $"{page.HttpContext.Request.Method} is not for this address"
                : "there is no such address").ExecuteAsync(page.HttpContext));
        app.Use(NameProblemsAsync);
        OriginGuard.Use(app, options.Address);
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15) });
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        var services = app.Services;
        services.GetRequiredService<CommandApi>().Map(app);
        services.GetRequiredService<ExecuteApi>().Map(app);
        services.GetRequiredService<RecordApi>().Map(app);
        services.GetRequiredService<StateApi>().Map(app);
        services.GetRequiredService<HealthApi>().Map(app);
        services.GetRequiredService<MetricsApi>().Map(app);
        services.GetRequiredService<AlertApi>().Map(app);
        services.GetRequiredService<AgentApi>().Map(app);
        services.GetRequiredService<ModelApi>().Map(app);
        services.GetRequiredService<StreamApi>().Map(app);
        services.GetRequiredService<PageApi>().Map(app);
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference(static page => page.DisableDefaultFonts()).AllowAnonymous();
    }

    private static ConnectionDelegate MarkMetrics(ConnectionDelegate next) => connection =>
    {
        connection.Items[MetricsItem] = true;
        return next(connection);
    };

    /// <summary>Turns what a request did wrong into an answer that says so; anything else stays a fault.</summary>
    private static async Task NameProblemsAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (BadFieldException problem) when (!context.Response.HasStarted)
        {
            await Problem.Of(StatusCodes.Status400BadRequest, problem.Field, problem.Reason).ExecuteAsync(context)
                .ConfigureAwait(false);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException problem) when (!context.Response.HasStarted)
        {
            await Problem.Of(problem.StatusCode, "request", problem.Message).ExecuteAsync(context)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked has gone.
        }
    }
}
