using System.Diagnostics;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Replay;
using ExecutionPipeline.Cli.Tests.Replay;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Cli.Tests.Journal;

/// <summary>Processes that keep a journal, and are killed or find the disk full.</summary>
[Platform("Linux")]
public sealed class JournalProcessTests
{
    private const int EnoughEvents = 5_000;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private string _folder = "";

    private string Journal => Path.Combine(_folder, "journal");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-process-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldLoseNothingThatWasAppendedWhenTheProcessIsKilled()
    {
        const string endless = "1000000";
        using var process = Start("dotnet", Xp("backtest", "--minutes", endless, "--journal", Journal));
        long seen;
        using (var follower = Follow(process))
        {
            seen = follower.Count;
            process.Kill();
            process.WaitForExit();
        }

        using var reader = new JournalReader(Journal);
        var e = default(PipelineEvent);
        while (reader.TryRead(ref e))
        {
        }

        Assert.That(reader.Count, Is.GreaterThanOrEqualTo(seen), "what another process has seen stays");
        Assert.That(reader.End, Is.EqualTo(JournalEnd.CutOff).Or.EqualTo(JournalEnd.Torn));
        var options = new ReplayOptions
        {
            JournalFolder = Journal,
            Inference = InferenceChoice.Rules,
            IsVerified = true,
        };
        var (code, text) = BacktestJournal.Run(console => ReplayRunner.RunAsync(options, console, default));
        Assert.That(code, Is.EqualTo(ExitCode.Done), text);
        Assert.That(text, Does.Contain("the results are those of the journal up to event"));
    }

    [Test]
    public void ShouldSayThatTheJournalCannotBeBegunWhenNoFileMayBeSoLarge()
    {
        var run = string.Join(' ', Xp("backtest", "--minutes", "10", "--journal", Journal));

        var (_, text) = Script("sh", "-c", $"trap '' XFSZ; ulimit -f 1; dotnet {run}; echo run $?");

        Assert.That(text, Does.Contain($"run {ExitCode.Failed}").And.Contain("the system allows no file of"));
        Assert.That(text, Does.Not.Contain("defect"));
        Assert.That(
            Directory.EnumerateFiles(Journal).Select(Path.GetFileName), Is.EqualTo(new[] { JournalLock.FileName }));
    }

    [Test]
    public void ShouldSayThatThereIsNoRoomAndLeaveAWholeJournalWhenTheDiskIsFull()
    {
        var config = Path.Combine(_folder, "config.json");
        File.WriteAllText(config, """{ "journal": { "segment_mb": 1 } }""");
        Directory.CreateDirectory(Journal);
        // A disk of three megabytes, in a name space of this user's own.
        var mount = $"mount -t tmpfs -o size=3m tmpfs {Journal}";
        Assume.That(Script("unshare", "-rm", "sh", "-c", mount).Code, Is.Zero, "this user may mount nothing");
        var run = string.Join(' ', Xp("backtest", "--minutes", "600", "--journal", Journal, "--config", config));
        var check = string.Join(' ', Xp("journal", "check", "--journal", Journal));

        var (_, text) = Script(
            "unshare", "-rm", "sh", "-c", $"{mount} && dotnet {run}; echo run $?; dotnet {check}; echo check $?");

        Assert.That(text, Does.Contain($"run {ExitCode.Failed}").And.Contain("has no room left"));
        Assert.That(text, Does.Contain($"check {ExitCode.Done}").And.Contain("whole up to event"));
        Assert.That(text, Does.Contain("000000000002.journal"), "all that was there is used");
    }

    private JournalReader Follow(Process process)
    {
        JournalReader? reader = null;
        var e = default(PipelineEvent);
        Assert.That(
            SpinWait.SpinUntil(
                () =>
                {
                    if (process.HasExited)
                        return true;

                    reader ??= TryOpen();
                    while (reader is not null && reader.TryRead(ref e))
                    {
                    }

                    return reader?.Count > EnoughEvents;
                },
                Timeout),
            "the journal does not grow");
        Assert.That(process.HasExited, Is.False, "the process ended by itself");
        return reader!;
    }

    /// <summary>Null while the journal has not been begun.</summary>
    private JournalReader? TryOpen()
    {
        try
        {
            return new JournalReader(Journal) { IsFollowing = true };
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static string[] Xp(params string[] arguments) => arguments[0] == "journal"
        ? [typeof(DemoRunner).Assembly.Location, .. arguments]
        : [typeof(DemoRunner).Assembly.Location, .. arguments, "--inference", "rules", "--quiet"];

    private static (int Code, string Text) Script(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        Assert.That(process.WaitForExit(Timeout), "the script did not end");
        return (process.ExitCode, text);
    }

    private static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Its double mapping of code is a large file too, as far as a limit on files goes.
            Environment = { ["DOTNET_EnableWriteXorExecute"] = "0" },
        };
        return Process.Start(start)!;
    }
}
