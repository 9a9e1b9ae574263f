namespace ExecutionPipeline.Cli.Tests.CommandLine;

/// <summary>Whatever is mistyped is one clear line on standard error and exit code 2.</summary>
public sealed class MistypedTests
{
    [TestCase("", "a command is missing")]
    [TestCase("dmo", "there is no command 'dmo'; did you mean 'demo'?")]
    [TestCase("models ft", "there is no command 'ft'; did you mean 'fit'?")]
    [TestCase(
        "models", "a command is missing: fit, verify, add, list, show, validate, deploy, canary, promote, rollback")]
    [TestCase("--bogus", "there is no option --bogus")]
    [TestCase("demo --evnts 5", "there is no option --evnts; did you mean '--events'?")]
    [TestCase("demo --evnts=5", "there is no option --evnts; did you mean '--events'?")]
    [TestCase("demo extra", "'extra' is one argument too many")]
    [TestCase("demo --quiet maybe", "'maybe' is one argument too many")]
    [TestCase("demo --rate", "--rate needs a value (unit: events/s)")]
    [TestCase("demo --rate 0", "--rate: 0 must be over 0")]
    [TestCase("demo --rate NaN", "--rate: NaN must be over 0")]
    [TestCase("demo --rate 1e400", "--rate: 1e400 must be over 0 and at most 10000000")]
    [TestCase("demo --rate fast", "--rate: 'fast' is not a number (events/s)")]
    [TestCase("demo --rate 1 --rate 2", "--rate")]
    [TestCase("demo --set limits.max_position=2 --set limits", "--set")]
    [TestCase("demo --data /no/such/a.dbn --data /no/such/b.dbn", "--data: there is no file '/no/such/a.dbn'")]
    [TestCase("demo --events -5", "--events: -5 is outside 1 to 1000000000")]
    [TestCase("demo --events 1.5", "--events: '1.5' is not a whole number")]
    [TestCase("demo --events 99999999999999999999", "--events")]
    [TestCase("demo --events 5 --seconds 5", "--events and --seconds exclude each other")]
    [TestCase("demo --seconds 86400 --rate 5000000", "are more than 1000000000 events")]
    [TestCase("demo --topology inlne", "'inlne' is none of auto, inline, fused, pipelined; did you mean 'inline'?")]
    [TestCase("demo --topology 1", "--topology: '1' is none of")]
    [TestCase("demo --wait Busy", "did you mean 'busy'?")]
    [TestCase("demo --data /no/such/file.dbn", "--data: there is no file '/no/such/file.dbn'")]
    [TestCase("demo --data /", "is a folder, not a file")]
    [TestCase("demo --config /no/such/file.json", "--config: there is no file")]
    [TestCase("demo --models /no/such/folder", "--models: there is no folder")]
    [TestCase("demo --json /no/such/out.json", "--json: there is no folder '/no/such' to write 'out.json' to")]
    [TestCase("demo --json /", "--json: '/' is a folder, not a file")]
    [TestCase("demo --cpus 1023", "--cpus: processor 1023 is not among those allowed here")]
    [TestCase("demo --cpus 0,0", "--cpus: processor 0 is")]
    [TestCase("demo --cpus 2-1", "--cpus: '2-1' is neither a processor number nor a range")]
    [TestCase("demo --cpus -1", "--cpus")]
    [TestCase("demo --seed -1", "--seed: -1 is outside 0 to")]
    [TestCase("demo --driver /no/such/folder", "--driver: there is no folder")]
    [TestCase("demo --driver / --aeron-dir /tmp/a", "--driver for one that runs: give one")]
    [TestCase("demo --channel udp://localhost", "--channel: 'udp://localhost' is no Aeron channel")]
    [TestCase("demo --channel aeron:ipc?termlength=64k", "the nearest that exists is 'term-length'")]
    [TestCase("demo --aeron-dir /proc/nope/x", "--aeron-dir: nothing can be written to '/proc'")]
    [TestCase("driver --aeron-dir /proc/nope/x", "--aeron-dir: nothing can be written to '/proc'")]
    [TestCase("models add --store /proc/nope/x", "--store: nothing can be written to '/proc'")]
    [TestCase("engine", "--aeron-dir must be given")]
    [TestCase("replay", "--journal DIR must be given")]
    [TestCase("models validate --inference rules", "'rules' is none of auto, compiled, onnxruntime")]
    [TestCase("models deploy", "VERSION must be given: previous, or how it begins")]
    [TestCase("hist print /proc/version --tag a --tag b", "--tag is given more than once")]
    [TestCase("demo --report /proc/report", "--report: nothing can be written to '/proc'")]
    [TestCase("demo --json /proc/report", "--json: nothing can be written to '/proc'")]
    [TestCase("replay --journal /no/such/folder", "--journal: there is no folder '/no/such/folder'")]
    [TestCase("hist print", "FILE must be given")]
    [TestCase("hist merge", "FILE... must be given")]
    [TestCase("hist merge / /no/such/file", "FILE...: '/' is a folder, not a file")]
    [TestCase("hist compare /proc/version", "B must be given")]
    [TestCase("hist report /no/such/file", "FILE: there is no file '/no/such/file'")]
    [TestCase("hist print /proc/version --show all", "'all' is none of totals, intervals, percentiles")]
    [TestCase("hist print /proc/version --start noon", "--start: 'noon' is neither seconds nor a time")]
    [TestCase("hist print /proc/version --end 1e300", "--end: 1e300 s is beyond")]
    [TestCase("hist print /proc/version --start NaN", "--start: NaN s is beyond")]
    [TestCase("driver --term-length 4", "--term-length: 4 is outside 65536 to 1073741824 (bytes)")]
    [TestCase("driver --idle slep", "'slep' is none of adaptive, sleep, backoff, yield, spin; did you mean 'sleep'?")]
    [TestCase("stat --interval 0", "--interval: 0 must be over 0")]
    [TestCase("streams --onse", "there is no option --onse; did you mean '--once'?")]
    [TestCase("errors --aeron-dir", "--aeron-dir needs a value (unit: path)")]
    public void ShouldSayItInOneLineWhenMistyped(string line, string expected)
    {
        var xp = Xp.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(xp.ExitCode, Is.EqualTo(2));
            Assert.That(xp.Error, Does.Contain(expected));
            Assert.That(xp.Error, Does.StartWith("xp"));
            Assert.That(xp.Error.TrimEnd('\n', '\r'), Does.Not.Contain('\n'));
            Assert.That(xp.Output, Is.Empty);
            Assert.That(xp.Options, Is.Null, "nothing ran");
        }
    }

    [Test]
    public void ShouldNameTheNeighbourWhenAFileIsMistyped()
    {
        var folder = Directory.CreateTempSubdirectory("xp-tests-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "market.dbn.gz"), "");

            var xp = Xp.Run("demo", "--data", Path.Combine(folder, "markt.dbn.gz"));

            Assert.That(xp.Error, Does.Contain("did you mean 'market.dbn.gz'?"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void ShouldRefuseTheReportFolderWhenAFileIsInItsWay()
    {
        var file = Path.GetTempFileName();
        try
        {
            var xp = Xp.Run("demo", "--report", Path.Combine(file, "report"));

            Assert.That(xp.Error, Does.Contain($"--report: '{file}' is a file, not a folder"));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
