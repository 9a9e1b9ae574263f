using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ExecutionPipeline.Control.Tests;

/// <summary>The control plane before a daemon that runs: requests go through its ring.</summary>
[NonParallelizable]
public sealed class ControlServerTests
{
    private RunningPipeline _running = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _running = await RunningPipeline.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_running is not null)
            await _running.DisposeAsync();
    }

    [Test]
    public async Task ShouldLatchAndReleaseTheSwitchWhenCommanded()
    {
        var (killed, kill) = await RunningPipeline.PostAsync(
            _running.As(Role.Trader), "/commands/kill", new { reason = 7 });
        Assert.That(killed, Is.EqualTo(HttpStatusCode.OK), $"{kill}");
        var result = kill.GetProperty("results")[0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(kill.GetProperty("done").GetBoolean(), Is.True);
            Assert.That(result.GetProperty("kill_switch_latched").GetBoolean(), Is.True);
            Assert.That(result.GetProperty("reason").GetInt32(), Is.EqualTo(7));
            Assert.That(result.GetProperty("operator_id").GetInt32(), Is.GreaterThan(0), "whose key it was");
        }

        await _running.AwaitAsync(async () => await StateAsync("killed"));
        using var health = await _running.Anybody.GetAsync("/health");
        var told = await health.Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(
            told.GetProperty("components").GetProperty("risk").GetProperty("status").GetString(),
            Is.EqualTo("critical"));

        var (released, resume) = await RunningPipeline.PostAsync(
            _running.As(Role.Risk), "/commands/resume", new { reason = 8 });
        Assert.That(released, Is.EqualTo(HttpStatusCode.OK), $"{resume}");
        Assert.That(resume.GetProperty("results")[0].GetProperty("kill_switch_latched").GetBoolean(), Is.False);
        await _running.AwaitAsync(async () => !await StateAsync("killed"));
        using var found = await _running.As(Role.Viewer).GetAsync(kill.GetProperty("look").GetString());
        Assert.That(found.StatusCode, Is.EqualTo(HttpStatusCode.OK), "the command can be looked up");
    }

    [Test]
    public async Task ShouldStopEntriesAndKeepTheSwitchReleasedWhenFlattened()
    {
        var (status, flat) = await RunningPipeline.PostAsync(
            _running.As(Role.Risk), "/commands/flatten", new { reason = 3 });
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK), $"{flat}");
        var result = flat.GetProperty("results")[0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(flat.GetProperty("flat").GetBoolean(), Is.True);
            Assert.That(result.GetProperty("entries_stopped").GetBoolean(), Is.True);
            Assert.That(result.GetProperty("kill_switch_latched").GetBoolean(), Is.False);
        }

        var (resumed, answer) = await RunningPipeline.PostAsync(
            _running.As(Role.Risk), "/commands/resume-entries", new { reason = 3 });
        Assert.That(resumed, Is.EqualTo(HttpStatusCode.OK), $"{answer}");
        Assert.That(answer.GetProperty("results")[0].GetProperty("entries_stopped").GetBoolean(), Is.False);
    }

    /// <summary>The first of its two commands was not answered in time; the second one closes all the same.</summary>
    [Test]
    public async Task ShouldCloseEverythingWhenTheRingAnswersTooLate()
    {
        const int reason = 43;
        _running.StopDaemon();
        HttpStatusCode status;
        JsonElement answer;
        try
        {
            (status, answer) = await RunningPipeline.PostAsync(
                _running.As(Role.Risk), "/commands/flatten", new { reason });
        }
        finally
        {
            _running.GoOnWithDaemon();
        }

        Assert.That(status, Is.EqualTo(HttpStatusCode.Accepted), $"{answer}");
        await _running.AwaitAsync(async () =>
        {
            var page = await _running.As(Role.Viewer).GetFromJsonAsync<JsonElement>($"/actions?reason={reason}");
            return page.GetProperty("items").EnumerateArray()
                .Any(static one => one.TryGetProperty("kind", out var kind) && kind.GetString() == "close_all");
        });
        using var looked = await _running.As(Role.Viewer).GetAsync(answer.GetProperty("look").GetString());
        var found = await looked.Content.ReadFromJsonAsync<JsonElement>();
        await RunningPipeline.PostAsync(_running.As(Role.Risk), "/commands/resume-entries", new { reason });
        Assert.That(found.GetProperty("items")[0].GetProperty("kind").GetString(), Is.EqualTo("close_all"));
    }

    /// <summary>A term of the command stream has room for 682 commands, one of the signals' for 341.</summary>
    [TestCase("/commands/cancel-all", 700)]
    [TestCase("/execute", 350)]
    public async Task ShouldTakeEveryOneWhenATermOfItsStreamEnds(string path, int count)
    {
        const int firstSignal = 50_000;
        for (var i = 0; i < count; i++)
        {
            object body = path == "/execute"
                ? new
                {
                    decision = new { action = "hold", confidence = 0.9, urgency_factor = 0.9 },
                    market_context = new { current_price = 4150.25 },
                    metadata = new { signal_id = firstSignal + i },
                }
                : new { reason = 61 };
            var (status, answer) = await RunningPipeline.PostAsync(_running.As(Role.Trader), path, body);
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK), $"number {i}: {answer}");
        }
    }

    [TestCase("pause")]
    [TestCase("resume")]
    [TestCase("cancel")]
    public async Task ShouldSayThatNothingChangedWhenNoSuchParentWorks(string command)
    {
        var (status, answer) = await RunningPipeline.PostAsync(
            _running.As(Role.Trader), $"/parents/999/{command}", new { reason = 9 });

        Assert.That(status, Is.EqualTo(HttpStatusCode.Conflict), $"{answer}");
        Assert.That($"{answer}", Does.Contain("no such parent order works"));
    }

    /// <summary>What it has done stands in the audit, whoever has heard of it.</summary>
    [Test]
    public async Task ShouldNoteWhatItHasClosedWhenTheClientLeavesBeforeItIsFlat()
    {
        using var left = new CancellationTokenSource();
        var route = _running.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Single(static one => one.RoutePattern.RawText == "/commands/flatten");
        var context = new DefaultHttpContext
        {
            RequestServices = _running.Server.Services,
            RequestAborted = left.Token,
        };
        context.Request.Body = new LastBody("""{ "reason": 41 }"""u8.ToArray(), left);

        Assert.That(
            async () => await route.RequestDelegate!(context), Throws.InstanceOf<OperationCanceledException>());

        var note = CallNote.Of(context);
        using var found = await _running.As(Role.Viewer).GetAsync($"/commands/{note.CommandId}");
        var results = await found.Content.ReadFromJsonAsync<JsonElement>();
        await RunningPipeline.PostAsync(_running.As(Role.Risk), "/commands/resume-entries", new { reason = 41 });
        Assert.That(note.Outcome, Is.EqualTo("closing"));
        Assert.That(results.GetProperty("items")[0].GetProperty("kind").GetString(), Is.EqualTo("close_all"));
        Assert.That(results.GetProperty("items")[0].GetProperty("reason").GetInt32(), Is.EqualTo(41));
    }

    /// <summary>The client has gone when its body is read to the end.</summary>
    private sealed class LastBody(byte[] bytes, CancellationTokenSource left) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = Read(buffer.Span);
            if (read == 0)
                await left.CancelAsync();
            return read;
        }
    }

    [Test]
    public async Task ShouldExecuteASignalOnceWhenItIsGivenTwice()
    {
        _running.SendMarket(4_150_000_000_000);
        var signal = new
        {
            decision = new { action = "long", confidence = 0.9, urgency_factor = 0.9 },
            market_context = new { current_price = 4150.25 },
            metadata = new { signal_id = 4711 },
        };
        var (status, first) = await RunningPipeline.PostAsync(_running.As(Role.Trader), "/execute", signal);
        Assert.That((int)status, Is.EqualTo(200).Or.EqualTo(202), $"{first}");
        Assert.That(first.GetProperty("execution_id").GetString(), Is.EqualTo("4711"));
        var outcome = first.GetProperty("outcome").GetString();

        var (_, second) = await RunningPipeline.PostAsync(_running.As(Role.Trader), "/execute", signal);

        Assert.That(second.GetProperty("outcome").GetString(), Is.EqualTo(outcome), "it was not decided again");
        var page = await _running.As(Role.Viewer).GetFromJsonAsync<JsonElement>("/decisions?signal_id=4711");
        Assert.That(page.GetProperty("items").GetArrayLength(), Is.EqualTo(1));
        if (outcome == "order_sent")
        {
            var orders = await _running.As(Role.Viewer).GetFromJsonAsync<JsonElement>("/orders?signal_id=4711");
            Assert.That(orders.GetProperty("items").GetArrayLength(), Is.GreaterThan(0));
        }
    }

    /// <summary>The pipeline remembers what it was asked, whether the control plane does or not.</summary>
    [Test]
    public async Task ShouldAnswerAsTheFirstTimeWhenTheControlPlaneHasForgottenTheSignal()
    {
        _running.SendMarket(4_150_000_000_000);
        var signal = new
        {
            decision = new { action = "long", confidence = 0.9, urgency_factor = 0.9 },
            market_context = new { current_price = 4150.25 },
            metadata = new { signal_id = 4712 },
        };
        var (_, first) = await RunningPipeline.PostAsync(_running.As(Role.Trader), "/execute", signal);
        JsonElement second = default;
        // One that joins while another reader is behind may still hear the first decision.
        await _running.AwaitAsync(async () =>
        {
            second = await _running.PostToAnotherAsync(Role.Trader, "/execute", signal);
            return second.TryGetProperty("decisions", out var heard) && heard[0].GetProperty("repeat").GetBoolean();
        });

        var (decided, again) = (first.GetProperty("decisions")[0], second.GetProperty("decisions")[0]);
        Assert.That(second.GetProperty("outcome").GetString(), Is.EqualTo(first.GetProperty("outcome").GetString()));
        foreach (var field in (string[])["order_id", "parent_id", "approved_quantity", "risk_violations"])
            Assert.That(again.GetProperty(field).ToString(), Is.EqualTo(decided.GetProperty(field).ToString()), field);
        var page = await _running.As(Role.Viewer).GetFromJsonAsync<JsonElement>("/decisions?signal_id=4712");
        Assert.That(page.GetProperty("items")[0].GetProperty("repeat").GetBoolean(), Is.False, "the first is kept");
    }

    /// <summary>Each question is an event of the ring.</summary>
    [Test]
    public async Task ShouldAskOnceWhetherAParentHasEndedWhenItsSignalComesAgainAndAgain()
    {
        _running.SendMarket(4_150_000_000_000);
        var signal = new
        {
            decision = new { action = "long", confidence = 0.9, urgency_factor = 0.9 },
            market_context = new { current_price = 4150.25 },
            metadata = new { signal_id = 4713 },
        };
        var (_, first) = await RunningPipeline.PostAsync(_running.As(Role.Trader), "/execute", signal);
        Assert.That(first.GetProperty("status").GetString(), Is.EqualTo("executed"), $"{first}");
        var before = _running.QueriesHeard;

        var last = await _running.PostToAnotherAsync(Role.Trader, "/execute", signal, times: 10);

        Assert.That(last.GetProperty("status").GetString(), Is.EqualTo("ended"), $"{last}");
        // What is told behind all others is heard behind them.
        await _running.Server.Services.GetRequiredService<Commander>().ListNowAsync();
        Assert.That(_running.QueriesHeard - 1 - before, Is.InRange(1, 2));
    }

    [TestCase("/commands/kill", """{ }""", "reason")]
    [TestCase("/commands/kill", """{ "reason": 0 }""", "reason")]
    [TestCase("/commands/kill", """{ "reason": 1, "reasom": 2 }""", "reasom")]
    [TestCase("/commands/kill", """[1]""", "body")]
    [TestCase("/commands/kill", "nonsense", "body")]
    [TestCase("/parents/x/pause", """{ "reason": 1 }""", "id")]
    [TestCase("/execute", """{ "decision": { "action": "up" } }""", "market_context")]
    [TestCase(
        "/execute",
        """{ "decision": { "action": "long", "confidence": 2 }, "market_context": {}, "metadata": {} }""",
        "decision.confidence")]
    public async Task ShouldNameFieldAndReasonWhenARequestIsBad(string path, string body, string field)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _running.As(Role.Administrator).PostAsync(path, content);

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(problem.GetProperty("field").GetString(), Is.EqualTo(field));
            Assert.That(problem.GetProperty("reason").GetString(), Is.Not.Empty);
        }
    }

    [Test]
    public async Task ShouldRefuseAWebSocketWhenAnotherSitesPageOpensIt()
    {
        using var foreign = new ClientWebSocket();
        foreign.Options.SetRequestHeader("Origin", "https://elsewhere.example");
        foreign.Options.SetRequestHeader(KeyAuthentication.Header, _running.Keys[Role.Viewer]);

        Assert.ThrowsAsync<WebSocketException>(() => foreign.ConnectAsync(Socket("/ws/events"), default));

        using var own = await ConnectAsync("/ws/events", "");
        Assert.That((await ReadAsync(own)).GetProperty("type").GetString(), Is.EqualTo("hello"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.Host = "pipeline.elsewhere.example";
        using var response = await _running.Anybody.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.MisdirectedRequest));
    }

    [Test]
    public async Task ShouldSayThatEntriesAreStoppedWhenTheControlPlaneBeganLater()
    {
        await RunningPipeline.PostAsync(_running.As(Role.Trader), "/commands/stop-entries", new { reason = 24 });
        await using (var later = await ControlServer.StartAsync(_running.Options, default))
        {
            using var client = new HttpClient { BaseAddress = later.Address };
            client.DefaultRequestHeaders.Authorization = new("Bearer", _running.Keys[Role.Viewer]);
            await _running.AwaitAsync(() => AreEntriesStoppedAsync(client));
            using var metrics = new HttpClient();
            Assert.That(
                await metrics.GetStringAsync(later.MetricsAddress),
                Does.Contain("execution_entries_stopped{instrument=\"1\"} 1\n"));
        }

        await RunningPipeline.PostAsync(_running.As(Role.Risk), "/commands/resume-entries", new { reason = 25 });
        await _running.AwaitAsync(async () => !await AreEntriesStoppedAsync(_running.As(Role.Viewer)));

        static async Task<bool> AreEntriesStoppedAsync(HttpClient client)
        {
            var state = await client.GetFromJsonAsync<JsonElement>("/state");
            return state.TryGetProperty("positions", out var positions)
                && positions[0].GetProperty("entries_stopped").GetBoolean();
        }
    }

    [Test]
    public async Task ShouldSendWhatAClientHasMissedWhenItResumes()
    {
        using var first = await ConnectAsync("/ws/events", "?types=COMMAND_RESULT");
        var hello = await ReadAsync(first);
        await RunningPipeline.PostAsync(_running.As(Role.Trader), "/commands/cancel-all", new { reason = 21 });
        var seen = await ReadAsync(first);
        Assert.That(seen.GetProperty("type").GetString(), Is.EqualTo("COMMAND_RESULT"));
        await RunningPipeline.PostAsync(_running.As(Role.Trader), "/commands/cancel-all", new { reason = 22 });
        var sequence = seen.GetProperty("sequence").GetInt64();

        using var again = await ConnectAsync(
            "/ws/events", $"?types=COMMAND_RESULT&after={sequence}&log={hello.GetProperty("log").GetString()}");

        await ReadAsync(again);
        JsonElement missed;
        do
            missed = await ReadAsync(again);
        while (missed.GetProperty("kind").GetString() == "query");
        Assert.That(missed.GetProperty("reason").GetInt32(), Is.EqualTo(22));
        Assert.That(missed.GetProperty("sequence").GetInt64(), Is.GreaterThan(sequence));

        using var other = await ConnectAsync("/ws/events", "?after=1&log=another");
        await ReadAsync(other);
        Assert.That((await ReadAsync(other)).GetProperty("type").GetString(), Is.EqualTo("gap"));
    }

    [Test]
    public async Task ShouldTellHowExecutionsDoWhenPerformanceIsListenedTo()
    {
        using var socket = await ConnectAsync("/ws/performance", "");
        var told = await ReadAsync(socket);
        Assert.That(told.GetProperty("type").GetString(), Is.EqualTo("performance_update"));
        Assert.That(told.GetProperty("activity").GetProperty("queue_depth").GetInt64(), Is.GreaterThanOrEqualTo(0));
    }

    [Test]
    public async Task ShouldServeTheSamePipelineWhenAnotherControlPlaneComesAndGoes()
    {
        for (var i = 0; i < 3; i++)
        {
            await using var other = await ControlServer.StartAsync(
                new ControlOptions
                {
                    AeronDirectory = _running.Driver,
                    KeyFile = Path.Combine(_running.Folder, "keys.json"),
                    Port = 0,
                    MetricsPort = 0,
                },
                default);
            using var client = new HttpClient { BaseAddress = other.Address };
            await _running.AwaitAsync(async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode);
        }

        var (status, answer) = await RunningPipeline.PostAsync(
            _running.As(Role.Trader), "/commands/cancel-all", new { reason = 31 });
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK), $"{answer}");
    }

    [Test]
    public async Task ShouldPassPromtoolWhenItsMetricsAreChecked()
    {
        using var client = new HttpClient();
        var text = await client.GetStringAsync(_running.Server.MetricsAddress);
        string[] names =
        [
            "execution_pipeline_latency_seconds_bucket{le=\"0.000002\"}",
            "execution_component_latency_seconds_bucket{component=\"order_validation\",le=\"0.0002\"}",
            "execution_fill_rate_bucket{le=\"0.995\"}", "execution_slippage_basis_points_bucket{le=\"0.5\"}",
            "execution_order_size_contracts_bucket{le=\"20\"}", "# TYPE execution_orders_total counter",
            "execution_risk_limit_utilization{limit_type=\"daily_var\"}",
            "# TYPE execution_risk_violations_total counter",
            "execution_health_status{component=\"connectivity\"} 1", "execution_active_positions", "execution_up 1",
        ];
        foreach (var name in names)
            Assert.That(text.Replace("2E-06", "0.000002", StringComparison.Ordinal), Does.Contain(name));

        if (!File.Exists("/usr/bin/promtool"))
            Assert.Ignore("promtool is not installed: apt-get install prometheus");

        using var check = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        await check.StandardInput.WriteAsync(text);
        check.StandardInput.Close();
        var said = await check.StandardError.ReadToEndAsync() + await check.StandardOutput.ReadToEndAsync();
        await check.WaitForExitAsync();
        Assert.That(check.ExitCode, Is.Zero, said);
    }

    [Test]
    public async Task ShouldLetABrowserInByItsCookieWhenItHasGivenAKey()
    {
        using var login = await _running.Anybody.PostAsJsonAsync("/session", new { key = _running.Keys[Role.Viewer] });
        var cookie = login.Headers.GetValues("Set-Cookie").Single();
        Assert.That(cookie, Does.Contain("httponly").IgnoreCase.And.Contain("samesite=strict").IgnoreCase);
        Assert.That(cookie, Does.Not.Contain(_running.Keys[Role.Viewer]));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/session");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        using var response = await _running.Anybody.SendAsync(request);
        var told = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(told.GetProperty("role").GetString(), Is.EqualTo("viewer"));

        using var wrong = await _running.Anybody.PostAsJsonAsync("/session", new { key = "xp_wrong" });
        Assert.That(wrong.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("/")]
    [TestCase("/app.js")]
    [TestCase("/app.css")]
    [TestCase("/story.js")]
    [TestCase("/chart.js")]
    public async Task ShouldAskNobodyElseWhenThePageIsLoaded(string path)
    {
        using var response = await _running.Anybody.GetAsync(path);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            response.Headers.GetValues("Content-Security-Policy").Single(), Does.StartWith("default-src 'none'"));
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(text, Does.Not.Contain("http:").And.Not.Contain("https:"));
    }

    [TestCase("/openapi/v1.json")]
    [TestCase("/scalar/")]
    [TestCase("/risk/status")]
    [TestCase("/connections")]
    [TestCase("/parents")]
    [TestCase("/metrics")]
    [TestCase("/metrics?timeframe=7d")]
    [TestCase("/trades?limit=5")]
    [TestCase("/executions?side=buy")]
    [TestCase("/positions?instrument_id=1")]
    public async Task ShouldAnswerWhenSomebodyLooks(string path)
    {
        using var response = await _running.As(Role.Viewer).GetAsync(path);
        Assert.That(
            response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
    }

    private async Task<bool> StateAsync(string name) =>
        (await _running.As(Role.Viewer).GetFromJsonAsync<JsonElement>("/state")).GetProperty(name).GetBoolean();

    private Uri Socket(string path) => new UriBuilder(new Uri(_running.Server.Address, path)) { Scheme = "ws" }.Uri;

    private async Task<ClientWebSocket> ConnectAsync(string path, string query)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader(KeyAuthentication.Header, _running.Keys[Role.Viewer]);
        await socket.ConnectAsync(new Uri(Socket(path), query), default);
        return socket;
    }

    private static async Task<JsonElement> ReadAsync(ClientWebSocket socket)
    {
        var bytes = new byte[16 * 1024];
        var received = await socket.ReceiveAsync(bytes, default);
        return JsonDocument.Parse(bytes.AsMemory(0, received.Count)).RootElement.Clone();
    }
}
