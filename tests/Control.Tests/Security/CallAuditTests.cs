using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ExecutionPipeline.Control.Security;
using Microsoft.Extensions.Logging.Abstractions;

namespace ExecutionPipeline.Control.Tests.Security;

/// <summary>The file of calls and refusals.</summary>
public sealed class CallAuditTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-calls-").FullName;

    [TearDown]
    public void DeleteFolder()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task ShouldWriteEveryCallAndRefusalWithoutAnySecretWhenTheyAreServed()
    {
        const string secret = "xp_0123456789abcdef";
        var options = LoneServer.OptionsIn(_folder);
        var lone = await LoneServer.StartAsync(_folder, options, ("desk", Role.Trader));
        using (var desk = lone.Client(lone.Keys["desk"]))
        using (var nobody = lone.Client(secret))
        using (var administrator = lone.Client(lone.Keys["administrator"]))
        {
            (await desk.GetAsync("/session?key=" + secret)).Dispose();
            (await desk.PostAsJsonAsync("/commands/resume", new { reason = 1 })).Dispose();
            (await desk.PostAsJsonAsync("/commands/kill", new { reason = 1 })).Dispose();
            (await nobody.PostAsJsonAsync("/commands/kill", new { reason = 1 })).Dispose();
            (await administrator.GetAsync("/orders/" + secret)).Dispose();
            (await nobody.PostAsJsonAsync("/session", new { key = lone.Keys["desk"] })).Dispose();
        }

        await lone.Server.DisposeAsync();

        var text = await File.ReadAllTextAsync(options.AuditFile);
        Assert.That(text, Does.Not.Contain("0123456789abcdef").And.Not.Contain(lone.Keys["desk"]));
        string[] told =
        [
            .. Lines(text).Select(static one =>
                $"{one.GetProperty("who").GetString()} {one.GetProperty("method").GetString()} "
                + $"{one.GetProperty("path").GetString()} {one.GetProperty("status").GetInt32()} "
                + one.GetProperty("outcome").GetString()),
        ];
        Assert.That(told, Has.Length.EqualTo(6));
        Assert.That(told[0], Is.EqualTo("desk GET /session 200 "));
        Assert.That(told[1], Does.StartWith("desk POST /commands/resume 403 role: trader may not"));
        Assert.That(told[2], Does.StartWith("desk POST /commands/kill 503 pipeline: "));
        Assert.That(told[3], Does.StartWith(" POST /commands/kill 401 authorization: nobody has this key"));
        Assert.That(told[4], Does.StartWith("administrator GET /orders/(secret) 400 id: "));
        Assert.That(told[5], Does.StartWith("desk POST /session 200"), "who gave the key");
        Assert.That(Lines(text)[0].GetProperty("from").GetString(), Does.StartWith("127.0.0.1:"));
    }

    [Test]
    public void ShouldKeepSoManyFilesOfSuchASizeWhenItIsFull()
    {
        var path = Path.Combine(_folder, "calls.jsonl");
        using (var file = new AuditFile(path, mostBytes: 100, files: 3))
        {
            for (var i = 0; i < 40; i++)
                file.Append(Encoding.ASCII.GetBytes($"line {i:00} 0123456789\n"));
        }

        string[] names = ["calls.jsonl", "calls.jsonl.1", "calls.jsonl.2"];
        Assert.That(
            Directory.GetFiles(_folder, "calls.jsonl*").Select(Path.GetFileName).Order(),
            Is.EqualTo(names.Append("calls.jsonl.lock").Order()));
        Assert.That(
            names.Select(name => new FileInfo(Path.Combine(_folder, name)).Length), Is.All.LessThanOrEqualTo(100));
        Assert.That(File.ReadAllText(path), Does.EndWith("line 39 0123456789\n"));
    }

    [Test]
    public void ShouldGoOnBehindWhatIsThereAndLeaveAnothersFileAloneWhenItIsOpened()
    {
        var path = Path.Combine(_folder, "calls.jsonl");
        File.WriteAllText(path, "whole\ntorn");
        using (var first = new AuditFile(path, mostBytes: 1_000, files: 2))
        using (var second = new AuditFile(path, mostBytes: 1_000, files: 2))
        {
            first.Append("new\n"u8);
            second.Append("other\n"u8);
            Assert.That(second.Path, Is.EqualTo(Path.Combine(_folder, "calls-2.jsonl")));
        }

        Assert.That(File.ReadAllText(path), Is.EqualTo("whole\ntorn\nnew\n"));
        Assert.That(File.ReadAllText(Path.Combine(_folder, "calls-2.jsonl")), Is.EqualTo("other\n"));
    }

    /// <summary>A part of it would stand before the next line, and what is tried again stand there twice.</summary>
    [Test]
    public void ShouldLeaveNothingOfALineWhenTheDiskHasRoomForAPartOfIt()
    {
        using var disk = new SmallDisk(1 << 20);
        var path = disk.PathOf("calls.jsonl");
        using (var file = new AuditFile(path, mostBytes: 1 << 20, files: 2))
        {
            file.Append("first\n"u8);
            disk.FillUpTo(left: 4_096);
            var large = Encoding.ASCII.GetBytes(new string('x', 20_000) + "\n");
            Assert.That(() => file.Append(large), Throws.InstanceOf<IOException>());
            disk.MakeRoom();
            file.Append("last\n"u8);
        }

        Assert.That(File.ReadAllText(path), Is.EqualTo("first\nlast\n"));
    }

    [Test]
    public void ShouldCountWhatCouldNotBeWrittenAndSaySoWhenItCanBeWrittenAgain()
    {
        var inner = Path.Combine(_folder, "inner");
        var options = LoneServer.OptionsIn(_folder) with
        {
            AuditFile = Path.Combine(inner, "calls.jsonl"),
            AuditBytes = 1,
            AuditFiles = 1,
        };
        using (var audit = new CallAudit(options, NullLogger<CallAudit>.Instance))
        {
            var call = new AuditedCall { At = DateTime.UnixEpoch, Path = "/state" };
            audit.Add(call);
            Await(() => File.Exists(options.AuditFile) && new FileInfo(options.AuditFile).Length > 0);
            Directory.Delete(inner, recursive: true);
            audit.Add(call);
            Await(() => audit.Lost == 1);
            Directory.CreateDirectory(inner);
            audit.Add(call);
        }

        Assert.That(File.ReadAllText(options.AuditFile), Does.Contain("\"lost\":1").And.Contain("/state"));
    }

    private static List<JsonElement> Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement)];

    private static void Await(Func<bool> condition) =>
        Assert.That(SpinWait.SpinUntil(condition, Timeout), Is.True, "it did not come about in time");
}
