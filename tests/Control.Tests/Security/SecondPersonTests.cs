using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace ExecutionPipeline.Control.Tests.Security;

/// <summary>What two persons must ask for.</summary>
[NonParallelizable]
public sealed class SecondPersonTests
{
    private static readonly DateTime Noon = new(2026, 1, 5, 12, 0, 0, DateTimeKind.Utc);

    [Test]
    public void ShouldAskAnewWhenTheFirstRequestIsOverOrVoidOrForSomethingElse()
    {
        var second = new SecondPerson(TimeSpan.FromMinutes(5));
        var isVoid = false;

        SecondPersonVerdict Take(string subject, string who, double minutes) =>
            second.Take(subject, who, Noon.AddMinutes(minutes), 0, _ => isVoid).Verdict;

        Assert.That(Take("all", "alice", 0), Is.EqualTo(SecondPersonVerdict.Asked));
        Assert.That(Take("all", "ALICE", 1), Is.EqualTo(SecondPersonVerdict.SamePerson));
        Assert.That(Take("1", "bob", 1), Is.EqualTo(SecondPersonVerdict.Asked), "it is for something else");
        Assert.That(Take("all", "bob", 5), Is.EqualTo(SecondPersonVerdict.Asked), "the first is over");
        Assert.That(Take("all", "alice", 6), Is.EqualTo(SecondPersonVerdict.Confirmed));
        Assert.That(Take("all", "bob", 6), Is.EqualTo(SecondPersonVerdict.Asked), "it was done, and begins again");
        isVoid = true;
        Assert.That(Take("all", "alice", 7), Is.EqualTo(SecondPersonVerdict.Asked), "something has made it void");
        isVoid = false;
        Assert.That(Take("all", "bob", 8), Is.EqualTo(SecondPersonVerdict.Confirmed));
    }

    [Test]
    public async Task ShouldReleaseTheSwitchOnlyWhenAnotherPersonAsksForItToo()
    {
        await using var running = await RunningPipeline.StartAsync(
            static options => options with { ResumeByTwo = true });
        var (risk, administrator) = (running.As(Role.Risk), running.As(Role.Administrator));
        await RunningPipeline.PostAsync(running.As(Role.Trader), "/commands/kill", new { reason = 7 });

        var (status, asked) = await RunningPipeline.PostAsync(risk, "/commands/resume", new { reason = 8 });
        Assert.That(status, Is.EqualTo(HttpStatusCode.Accepted), $"{asked}");
        Assert.That(asked.GetProperty("done").GetBoolean(), Is.False);
        Assert.That(asked.GetProperty("asked_by").GetString(), Is.EqualTo("Risk"));
        Assert.That(asked.GetProperty("until").GetDateTime(), Is.GreaterThan(DateTime.UtcNow));

        var (again, problem) = await RunningPipeline.PostAsync(risk, "/commands/resume", new { reason = 8 });
        Assert.That(again, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(problem.GetProperty("reason").GetString(), Does.Contain("another person"));

        await RunningPipeline.PostAsync(running.As(Role.Trader), "/commands/kill", new { reason = 9 });
        var (voided, _) = await RunningPipeline.PostAsync(administrator, "/commands/resume", new { reason = 8 });
        Assert.That(voided, Is.EqualTo(HttpStatusCode.Accepted), "it was killed again since the first request");
        Assert.That(await IsKilledAsync(running), Is.True);

        var (done, result) = await RunningPipeline.PostAsync(risk, "/commands/resume", new { reason = 8 });
        Assert.That(done, Is.EqualTo(HttpStatusCode.OK), $"{result}");
        Assert.That(result.GetProperty("results")[0].GetProperty("kill_switch_latched").GetBoolean(), Is.False);
    }

    /// <summary>A command for many instruments has as many results: a few of them fill what is kept.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public async Task ShouldAskAnewWhenManyCommandsCameSinceTheKillThatMadeTheFirstRequestVoid(bool isOwnTrip)
    {
        var folder = Directory.CreateTempSubdirectory("xp-second-").FullName;
        await using var lone = await LoneServer.StartAsync(
            folder, LoneServer.OptionsIn(folder) with { ResumeByTwo = true, KeptEvents = 4_096 },
            ("risk", Role.Risk), ("chief", Role.Risk));
        using var risk = lone.Client(lone.Keys["risk"]);
        using var chief = lone.Client(lone.Keys["chief"]);
        var records = lone.Server.Services.GetRequiredService<PipelineRecords>();
        var (asked, _) = await RunningPipeline.PostAsync(risk, "/commands/resume", new { reason = 8 });
        Assert.That(asked, Is.EqualTo(HttpStatusCode.Accepted));

        records.Take(isOwnTrip ? Trip() : Result(CommandKind.Kill));
        for (var i = 0; i < 1_000; i++)
            records.Take(Result(CommandKind.CancelAll));

        var (second, answer) = await RunningPipeline.PostAsync(chief, "/commands/resume", new { reason = 8 });
        Assert.That(second, Is.EqualTo(HttpStatusCode.Accepted), $"{answer}");
        Assert.That(answer.GetProperty("asked_by").GetString(), Is.EqualTo("chief"));
    }

    /// <summary>Among what has not come there may have been a kill.</summary>
    [TestCase(6, true)]
    [TestCase(7, false)]
    public async Task ShouldAskAnewWhenMessagesHaveNotComeSinceTheFirstRequest(long next, bool isConfirmed)
    {
        var folder = Directory.CreateTempSubdirectory("xp-second-").FullName;
        await using var lone = await LoneServer.StartAsync(
            folder, LoneServer.OptionsIn(folder) with { ResumeByTwo = true },
            ("risk", Role.Risk), ("chief", Role.Risk));
        using var risk = lone.Client(lone.Keys["risk"]);
        using var chief = lone.Client(lone.Keys["chief"]);
        var records = lone.Server.Services.GetRequiredService<PipelineRecords>();
        records.Take(Result(CommandKind.CancelAll), new PipelineNumber(Run: 3, 5));
        await RunningPipeline.PostAsync(risk, "/commands/resume", new { reason = 8 });

        // A refusal of the edge, whose stream has no numbers.
        records.Take(Result(CommandKind.CancelAll));
        records.Take(Result(CommandKind.CancelAll), new PipelineNumber(Run: 3, next));

        var (second, answer) = await RunningPipeline.PostAsync(chief, "/commands/resume", new { reason = 8 });
        // A confirmed one goes to the pipeline, which is not there.
        Assert.That(second == HttpStatusCode.Accepted, Is.EqualTo(!isConfirmed), $"{second} {answer}");
    }

    private static byte[] Result(CommandKind kind)
    {
        var bytes = new byte[CommandResultEncoder.EncodedLength];
        _ = new CommandResultEncoder(bytes) { Kind = kind, CommandId = 1, InstrumentId = 1, Instruments = 200 };
        return bytes;
    }

    private static byte[] Trip()
    {
        var bytes = new byte[RiskStateEncoder.EncodedLength];
        _ = new RiskStateEncoder(bytes)
        {
            InstrumentId = 1,
            Changes = RiskChanges.Tripped,
            KillCause = KillCause.LossCap,
        };
        return bytes;
    }

    private static async Task<bool> IsKilledAsync(RunningPipeline running)
    {
        var state = await running.As(Role.Viewer).GetFromJsonAsync<JsonElement>("/risk/states");
        return state.GetProperty("items")[0].GetProperty("kill_switch_latched").GetBoolean();
    }
}
