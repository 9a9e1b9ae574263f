using ExecutionPipeline.Cli.Audit;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Cli.Histograms;
using ExecutionPipeline.Cli.Journal;
using ExecutionPipeline.Cli.Models;
using ExecutionPipeline.Cli.Replay;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Tests.CommandLine;

public sealed class OptionsTests
{
    [Test]
    public void ShouldHoldTheDefaultsWhenNothingIsGiven()
    {
        var options = (DemoOptions)Xp.Run("demo").Options!;

        Assert.That(options, Is.EqualTo(new DemoOptions { AeronDirectory = options.AeronDirectory }));
        Assert.That(Directory.Exists(options.AeronDirectory), Is.False, "made by the run, not by the parsing");
    }

    [Test]
    public void ShouldReadEveryOptionWhenAllAreGiven()
    {
        var folder = Directory.CreateTempSubdirectory("xp-tests-").FullName;
        try
        {
            var file = Path.Combine(folder, "file");
            File.WriteAllText(file, "");
            var cpu = ThreadAffinity.Allowed()[0];
            string[] arguments =
            [
                "demo", "--seconds", "2.5", "--rate", "1000", "--warmup", "7", "--topology", "fused", "--inference",
                "rules", "--graph", "separate", "--wait", "block", "--data", file, "--speed", "3", "--seed", "5",
                "--malformed", "4", "--schedules", "9", "--tail", "5000", "--report", folder,
                "--json", Path.Combine(folder, "j"),
                "--journal", Path.Combine(folder, "r"), "--config", file, "--models", folder, "--cpus", $"{cpu}",
                "--aeron-dir", folder, "--channel", "aeron:udp?endpoint=localhost:40123", "--quiet",
            ];
            var expected = new DemoOptions
            {
                Events = 2500,
                Seconds = 2.5,
                RatePerSecond = 1000,
                WarmupEvents = 7,
                Topology = Topology.Fused,
                Inference = InferenceChoice.Rules,
                Graph = GraphChoice.Separate,
                Wait = WaitChoice.Block,
                DataFiles = [file],
                Speed = 3,
                Seed = 5,
                MalformedPerKind = 4,
                ScheduledSignals = 9,
                TailAboveNs = 5_000,
                ReportDirectory = folder,
                JsonFile = Path.Combine(folder, "j"),
                JournalFolder = Path.Combine(folder, "r"),
                ConfigFile = file,
                ModelsDirectory = folder,
                AeronDirectory = folder,
                Channel = "aeron:udp?endpoint=localhost:40123",
                IsQuiet = true,
            };

            var xp = Xp.Run(arguments);

            Assert.That(xp.HasRun, Is.True, xp.Error);
            var options = (DemoOptions)xp.Options!;
            Assert.That(options.Cpus, Is.EqualTo(new[] { cpu }));
            Assert.That(options.DataFiles, Is.EqualTo(new[] { file }));
            Assert.That(
                options with { Cpus = expected.Cpus, DataFiles = expected.DataFiles }, Is.EqualTo(expected));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void ShouldGiveTheSameEngineOptionsWhenItsArgumentsAreParsed()
    {
        var folder = Directory.CreateTempSubdirectory("xp-tests-").FullName;
        try
        {
            var file = Path.Combine(folder, "with space.dbn");
            var second = Path.Combine(folder, "second.csv");
            File.WriteAllText(file, "");
            File.WriteAllText(second, "");
            var options = new EngineOptions
            {
                AeronDirectory = folder,
                ConfigFile = file,
                Channel = "aeron:udp?endpoint=localhost:40123",
                Events = 3,
                RatePerSecond = 0.123456789012345,
                WarmupEvents = 0,
                DataFiles = [file, second],
                Speed = 1e-3,
                Seed = long.MaxValue,
                Holds = 0.625,
                MalformedPerKind = 2,
                FirstSignalId = 12,
                InstrumentId = 4_000_000_000,
                Cpu = ThreadAffinity.Allowed()[^1],
                ConnectTimeoutSeconds = 1.5,
                Reader = ReaderChoice.Apart,
                IsClosingAll = true,
                IsWatchingInput = true,
            };

            var xp = Xp.Run([.. options.ToArguments()]);

            Assert.That(xp.Options, Is.Not.Null, xp.Error);
            var read = (EngineOptions)xp.Options!;
            Assert.That(read.DataFiles, Is.EqualTo(options.DataFiles));
            Assert.That(read with { DataFiles = options.DataFiles }, Is.EqualTo(options));
            var unpinned = options with { Cpu = null, DataFiles = [], ConfigFile = null, Channel = null };
            var again = Xp.Run([.. unpinned.ToArguments()]);
            Assert.That(again.Options, Is.Not.Null, again.Error);
            var generated = (EngineOptions)again.Options!;
            Assert.That(generated.DataFiles, Is.Empty);
            Assert.That(generated with { DataFiles = unpinned.DataFiles }, Is.EqualTo(unpinned));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void ShouldReadTheHistogramCommandsWhenTheyAreGiven()
    {
        var file = Path.GetTempFileName();
        var other = Path.GetTempFileName();
        try
        {
            var csv = (HistPrintOptions)Xp.Run("hist", "csv", file, "--output", other, "--start", "1.5").Options!;
            var merge = (HistMergeOptions)Xp.Run("hist", "merge", file, file, "--output", other, "--sum").Options!;
            var compare = (HistCompareOptions)Xp.Run(
                "hist", "compare", file, other, "--report", $"{file}.html", "--end", "2026-11-21T13:00:00").Options!;
            var report = (HistReportOptions)Xp.Run("hist", "report", file, "--json", other).Options!;

            using (Assert.EnterMultipleScope())
            {
                Assert.That(csv, Is.EqualTo(new HistPrintOptions
                {
                    LogFile = file,
                    Selection = new LogSelection { Start = new LogTime(1.5, null) },
                    View = HistView.Intervals,
                    IsCsv = true,
                    OutputFile = other,
                }));
                Assert.That(merge.LogFiles, Is.EqualTo(new[] { file, file }));
                Assert.That((merge.OutputFile, merge.IsSum), Is.EqualTo((other, true)));
                var end = new DateTimeOffset(2026, 11, 21, 13, 0, 0, TimeSpan.Zero);
                Assert.That(compare, Is.EqualTo(new HistCompareOptions
                {
                    BaselineFile = file,
                    CandidateFile = other,
                    Selection = new LogSelection { End = new LogTime(0, end) },
                    ReportFile = $"{file}.html",
                }));
                Assert.That(report, Is.EqualTo(new HistReportOptions
                {
                    LogFile = file,
                    OutputFile = $"{file}.html",
                    JsonFile = other,
                }));
            }
        }
        finally
        {
            File.Delete(file);
            File.Delete(other);
        }
    }

    [TestCase("hist csv LOG --output LOG")]
    [TestCase("hist merge LOG LOG --output LOG")]
    [TestCase("hist compare LOG LOG --report LOG")]
    [TestCase("hist report LOG --json LOG")]
    public void ShouldRefuseWhenALogWouldBeWrittenOver(string line)
    {
        var file = Path.GetTempFileName();
        try
        {
            var xp = Xp.Run(line.Replace("LOG", file, StringComparison.Ordinal).Split(' '));

            Assert.That(xp.ExitCode, Is.EqualTo(2));
            Assert.That(xp.Error, Does.Contain($"'{file}' is to be written, but it is read too"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void ShouldReadTheOtherCommandsWhenTheyAreGiven()
    {
        var file = Path.GetTempFileName();
        var folder = Path.GetDirectoryName(file)!;
        try
        {
            string[] replayed = ["replay", "--journal", folder, "--topology", "pipelined", "--compare", file];
            var replay = (ReplayOptions)Xp.Run(replayed).Options!;
            var fit = (ModelsFitOptions)Xp.Run("models", "fit", "--seed", "9", "--quiet").Options!;
            var verify = (ModelsVerifyOptions)Xp.Run("models", "verify").Options!;
            string[] printed = ["hist", "print", file, "--tag", "risk", "--show", "intervals"];
            var print = (HistPrintOptions)Xp.Run(printed).Options!;

            using (Assert.EnterMultipleScope())
            {
                Assert.That(replay, Is.EqualTo(new ReplayOptions
                {
                    JournalFolder = folder,
                    Topology = Topology.Pipelined,
                    CompareFile = file,
                }));
                Assert.That(fit.Seed, Is.EqualTo(9));
                Assert.That(fit.IsQuiet, Is.True);
                Assert.That(Path.GetFileName(fit.OutputDirectory), Is.EqualTo("models-fitted"));
                Assert.That(verify.ModelsDirectory, Is.Null);
                Assert.That(print, Is.EqualTo(new HistPrintOptions
                {
                    LogFile = file,
                    Selection = new LogSelection { Tags = "risk" },
                    View = HistView.Intervals,
                }));
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestCase("explain")]
    [TestCase("show")]
    [TestCase("query")]
    [TestCase("export")]
    public void ShouldReadTheGreatestSignalWhenRecordsAreAskedFor(string command)
    {
        var store = Path.GetTempFileName();
        try
        {
            var read = (AuditCommandOptions)Xp
                .Run("audit", command, "--store", store, "--signal", $"{ulong.MaxValue}").Options!;

            Assert.That(read.Filter.SignalId, Is.EqualTo(ulong.MaxValue));
            Assert.That(
                Xp.Run("audit", command, "--store", store, "--signal", "0").Error,
                Does.Contain("0 is outside 1 to 18446744073709551615 (the id of a signal)"));
            Assert.That(
                Xp.Run("audit", command, "--store", store, "--signal", "18446744073709551616").Error,
                Does.Contain("is not a whole number of at most 18446744073709551615"));
        }
        finally
        {
            File.Delete(store);
        }
    }

    [Test]
    public void ShouldReadTheGreatestSignalWhenAJournalIsAsked()
    {
        var folder = Path.GetTempPath();
        var read = (JournalOptionsRead)Xp
            .Run("journal", "show", "--journal", folder, "--signal", $"{ulong.MaxValue}").Options!;

        Assert.That(read.SignalId, Is.EqualTo(ulong.MaxValue));
    }

    [Test]
    public void ShouldReadEveryNotedRecordWhenTheOptionIsRepeated()
    {
        var store = Path.GetTempFileName();
        var (first, second) = (new string('a', 64), new string('0', 63) + "1");
        try
        {
            string[] command = ["audit", "verify", "--store", store];
            var read = (AuditCommandOptions)Xp
                .Run([.. command, "--noted", $"1:{first}", "--noted", $"22:{second}"]).Options!;

            Assert.That(((AuditCommandOptions)Xp.Run(command).Options!).Noted, Is.Empty);
            Assert.That(
                read.Noted.Select(static one => (one.Id, Convert.ToHexStringLower(one.Hash.Span))),
                Is.EqualTo(new[] { (1L, first), (22L, second) }));
            foreach (var bad in new[] { "7", $"0:{first}", $"x:{first}", "1:abc", $"1:{first}:2", $"1:{first[..^1]}g" })
                Assert.That(Xp.Run([.. command, "--noted", bad]).Error, Does.Contain("no record's number and hash"));
        }
        finally
        {
            File.Delete(store);
        }
    }
}
