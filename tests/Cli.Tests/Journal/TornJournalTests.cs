using ExecutionPipeline.Cli.Backtest;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Journal;
using ExecutionPipeline.Cli.Replay;
using ExecutionPipeline.Cli.Tests.CommandLine;
using ExecutionPipeline.Cli.Tests.Replay;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Cli.Tests.Journal;

/// <summary>A journal whose last record is torn: who reads it says that something is missing.</summary>
public sealed class TornJournalTests
{
    private string _folder = "";
    private string _note = "";

    private string Torn => Path.Combine(_folder, "torn");

    private string Whole => Path.Combine(_folder, "whole");

    [OneTimeSetUp]
    public void Record()
    {
        _folder = Directory.CreateTempSubdirectory("xp-torn-").FullName;
        BacktestJournal.Write(Whole);
        BacktestJournal.Write(Torn);
        using (var file = new FileStream(JournalFiles.In(Torn).Values.Last(), FileMode.Open))
            file.SetLength(file.Length - 1);
        using var reader = new JournalReader(Torn);
        var e = default(PipelineEvent);
        while (reader.TryRead(ref e))
        {
        }

        _note = reader.EndNote!;
        Assert.That(reader.End, Is.EqualTo(JournalEnd.Torn));
    }

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("journal export")]
    [TestCase("journal show --signal 1 --inference rules")]
    [TestCase("journal snapshot --inference rules")]
    [TestCase("replay --what-if --set inference.seed=1 --inference rules")]
    [TestCase("audit run --inference rules")]
    public void ShouldTellOnceHowTheJournalEndsWhenItIsTorn(string line)
    {
        Assert.That(ErrorOf(line, Torn), Does.Contain($"{_note}\n"));
        Assert.That(ErrorOf(line, Torn).Split(_note), Has.Length.EqualTo(2));
        Assert.That(ErrorOf(line, Whole), Is.Empty);
    }

    [Test]
    public void ShouldTellHowTheJournalEndsAndWhatIsLeftOutWhenItsSignalsAreTaken()
    {
        var options = new BacktestOptions
        {
            Minutes = 5,
            Signals = new SignalChoice(0, Torn),
            Inference = InferenceChoice.Rules,
            IsQuiet = true,
        };
        var ((code, text), error) = ConsoleError.Of(
            () => BacktestJournal.Run(console => BacktestRunner.RunAsync(options, console, default)));

        Assert.That(code, Is.EqualTo(ExitCode.Done), text);
        Assert.That(error, Is.EqualTo($"xp backtest: {_note}\n"));
        Assert.That(text, Does.Match(@"[23]\d of the 60 signals of the journal lie outside the market data's time"));
        var (whole, all) = (options with { Minutes = 10, Signals = new SignalChoice(0, Whole) }, "");
        ((_, all), error) = ConsoleError.Of(
            () => BacktestJournal.Run(console => BacktestRunner.RunAsync(whole, console, default)));
        Assert.That(error, Is.Empty);
        Assert.That(all, Does.Not.Contain("lie outside"));
    }

    private string ErrorOf(string line, string journal)
    {
        var words = line.Split(' ');
        string[] store = words[0] == "audit" ? ["--store", Path.Combine(_folder, Path.GetRandomFileName())] : [];
        var options = Xp.Run([.. words, "--journal", journal, .. store]).Options;
        var ((code, text), error) = ConsoleError.Of(() => BacktestJournal.Run(console => options switch
        {
            JournalOptionsRead read => JournalRunner.RunAsync(read, console, TextWriter.Null, default),
            ReplayOptions read => ReplayRunner.RunAsync(read, console, default),
            Cli.Audit.AuditCommandOptions read => Cli.Audit.AuditRunner.RunAsync(
                read, console, Stream.Null, default),
            _ => throw new InvalidOperationException(line),
        }));
        Assert.That(code, Is.EqualTo(ExitCode.Done), text);
        return error;
    }
}
