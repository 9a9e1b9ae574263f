using System.Data.Common;
using System.Text;
using System.Text.Json.Nodes;
using ExecutionPipeline.Audit.Store;
using ExecutionPipeline.Cli.Audit;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Tests.Demo;
using Microsoft.Data.Sqlite;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Tests.Audit;

/// <summary>The commands as processes, on a demo's journal.</summary>
[TestFixture]
[Parallelizable]
public sealed class AuditProcessTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private string _folder = "";

    private string Journal => Path.Combine(_folder, "journal");

    private string Store => Path.Combine(_folder, "audit.db");

    [OneTimeSetUp]
    public void RunDemo()
    {
        _folder = Directory.CreateTempSubdirectory("xp-audit-").FullName;
        Xp(
            ExitCode.Done, "demo", "--events", "500", "--rate", "500", "--warmup", "0", "--inference", "rules",
            "--cpus", "none", "--wait", "block", "--quiet", "--aeron-dir", Path.Combine(_folder, "aeron"),
            "--journal", Journal, "--report", Path.Combine(_folder, "report"));
        Xp(
            ExitCode.Done, "audit", "run", "--journal", Journal, "--store", Store, "--inference", "rules", "--json",
            Path.Combine(_folder, "run.json"));
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldRecordEverySignalOfADemoAndFindTheChainWhole()
    {
        var figures = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "run.json")))!;

        Assert.That(figures["decisions"]!.GetValue<long>(), Is.EqualTo(500));
        Assert.That(figures["confirmed_to"]!.GetValue<long>(), Is.EqualTo(figures["position"]!.GetValue<long>()));
        Assert.That(Xp(ExitCode.Done, "audit", "verify", "--store", Store), Does.Contain("are as they were written"));
        Assert.That(
            Xp(ExitCode.Done, "audit", "run", "--journal", Journal, "--store", Store, "--inference", "rules"),
            Does.StartWith("0 records"));
    }

    [Test]
    public void ShouldShowExplainAndExportWhenASignalIsAskedFor()
    {
        var list = Path.Combine(_folder, "list.json");
        Xp(
            ExitCode.Done, "audit", "query", "--store", Store, "--outcome", "order_sent", "--limit", "1", "--json",
            list);
        var signal = JsonNode.Parse(File.ReadAllText(list))![0]!["signal"]!.GetValue<long>();
        var file = Path.Combine(_folder, "records.parquet");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Xp(ExitCode.Done, "audit", "explain", "--store", Store, "--signal", $"{signal}"), Does.Contain(
                $"Signal {signal} asked"));
            Assert.That(Xp(ExitCode.Done, "audit", "show", "--store", Store, "--signal", $"{signal}"), Does.Contain(
                "\"order_life\""));
            Xp(ExitCode.Done, "audit", "export", "--store", Store, "--format", "parquet", "--output", file);
            Assert.That(File.ReadAllBytes(file)[..4], Is.EqualTo("PAR1"u8.ToArray()));
            Xp(ExitCode.Done, "audit", "export", "--store", Store, "--json", list);
            Assert.That(
                JsonNode.Parse(File.ReadAllText(list))!["count"]?.GetValue<long>(), Is.GreaterThan(500),
                "the figures are written where the records go to the terminal");
            Xp(ExitCode.Failed, "audit", "explain", "--store", Store, "--signal", "987654321");
        }
    }

    [Test]
    public void ShouldNameTheRecordAndFailWhenOneWasChanged()
    {
        var copy = CopyChanged("copy.db", "id = 17");

        Assert.That(
            Xp(ExitCode.Failed, "audit", "verify", "--store", copy), Does.Contain("record 17 is not as written"));
    }

    /// <summary>How many more there are, nobody has looked: there may be none.</summary>
    [Test]
    public void ShouldSayAfterHowManyProblemsItStoppedWhenThereAreSoMany()
    {
        var copy = CopyChanged("many.db", "id <= 100");

        Assert.That(
            Xp(ExitCode.Failed, "audit", "verify", "--store", copy),
            Does.Contain("after 100 problems: the records behind 100 were not read").And.Not.Contain("more than"));
    }

    [Test]
    public void ShouldCompareTheNotedRecordsWhenTheyAreNamed()
    {
        var figures = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "run.json")))!;
        var noted = $"{figures["head_id"]}:{figures["head_hash"]}";
        var beyond = $"999999:{figures["head_hash"]}";

        Xp(ExitCode.Done, "audit", "verify", "--store", Store, "--noted", noted);
        Assert.That(
            Xp(ExitCode.Failed, "audit", "verify", "--store", Store, "--noted", noted, "--noted", beyond),
            Does.Contain("record 999999, which was noted, is missing"));
    }

    [Test]
    public void ShouldTellTheFiguresAndTheChainsEndWhenItFollowedAndIsInterrupted()
    {
        var path = Path.Combine(_folder, "followed.db");
        var file = Path.Combine(_folder, "followed.json");
        var end = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "run.json")))!;
        using var run = XpProcess.Start(
            "audit", "run", "--follow", "--journal", Journal, "--store", path, "--inference", "rules", "--json", file);
        using var store = AuditStore.Of(path);
        var position = end["position"]!.GetValue<long>();
        Assert.That(SpinWait.SpinUntil(() => run.HasEnded || IsAt(store, position), Timeout), Is.True);

        run.Send("TERM");

        Assert.That(run.End(), Is.EqualTo(ExitCode.Interrupted), run.Error);
        var figures = JsonNode.Parse(File.ReadAllText(file))!;
        foreach (var key in (string[])["head_id", "head_hash", "decisions", "records", "position"])
            Assert.That($"{figures[key]}", Is.EqualTo($"{end[key]}"), key);
        Assert.That(run.Output, Does.Contain($"the chain ends with record {end["head_id"]}, {end["head_hash"]}"));
    }

    [Test]
    public void ShouldWriteRecordsAsTheyAreReadWhenTheyGoToStandardOutput(
        [Values(AuditFormat.Json, AuditFormat.Csv)] AuditFormat format)
    {
        var options = (AuditCommandOptions)CommandLine.Xp.Run(
            "audit", "export", "--store", Store, "--format", $"{format}".ToLowerInvariant()).Options!;
        using var output = new MeasuredStream();

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) });
        var code = AuditRunner.RunAsync(options, console, output, default).Result;

        Assert.That(code, Is.EqualTo(ExitCode.Done));
        Assert.That(output.Total, Is.GreaterThan(500_000), "else it says nothing");
        Assert.That(output.Largest, Is.LessThan(output.Total / 4));
        Assert.That(
            output.Total, Is.EqualTo(Encoding.UTF8.GetByteCount(Xp(
                ExitCode.Done, "audit", "export", "--store", Store, "--format", $"{format}".ToLowerInvariant()))));
    }

    [Test]
    public void ShouldEndWithCodeTwoWhenThereIsNoStore()
    {
        using var xp = XpProcess.Start("audit", "verify", "--store", Path.Combine(_folder, "none.db"));

        Assert.That(xp.End(), Is.EqualTo(ExitCode.Unusable));
        Assert.That(xp.Error, Does.Contain("there is no store"));
    }

    /// <summary>A copy of the store in which records are not as they were written.</summary>
    private string CopyChanged(string name, string which)
    {
        var copy = Path.Combine(_folder, name);
        File.Copy(Store, copy);
        using var connection = new SqliteConnection($"Data Source={copy};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"UPDATE audit_record SET outcome = 'altered' WHERE {which}";
        command.ExecuteNonQuery();
        return copy;
    }

    private static bool IsAt(AuditStore store, long position)
    {
        try
        {
            return store.ReadJournals() is [var journal] && journal.Position == position;
        }
        catch (DbException)
        {
            // It is not laid out yet.
            return false;
        }
    }

    private static string Xp(int code, params string[] arguments)
    {
        using var xp = XpProcess.Start(arguments);
        Assert.That(xp.End(), Is.EqualTo(code), $"{xp.Error}{xp.Output}");
        return xp.Output;
    }

    /// <summary>Counts what is written to it, and keeps nothing.</summary>
    private sealed class MeasuredStream : Stream
    {
        public long Total { get; private set; }

        public int Largest { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Total += buffer.Length;
            Largest = Math.Max(Largest, buffer.Length);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
