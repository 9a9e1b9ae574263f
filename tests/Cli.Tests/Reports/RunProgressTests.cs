using ExecutionPipeline.Cli.Reports;

namespace ExecutionPipeline.Cli.Tests.Reports;

public sealed class RunProgressTests
{
    [Test]
    public void ShouldWriteALineATenthWhenOutputIsAFile()
    {
        using var writer = new StringWriter();
        var progress = new RunProgress(writer, isTerminal: false);
        progress.Start(1_000);
        for (var done = 0; done <= 1_000; done += 5)
            progress.Update(new ProgressFigures(done, 20_000, done / 2, 3));
        progress.Stop();

        var lines = writer.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.That(lines, Has.Length.EqualTo(10));
        Assert.That(lines[0], Is.EqualTo(" 10 %  100 of 1,000 signals  20,000/s  50 orders  3 rejected"));
        Assert.That(lines[9], Does.StartWith("100 %  1,000 of 1,000"));
    }

    [Test]
    public void ShouldWriteOverTheLineWhenOnATerminal()
    {
        using var writer = new StringWriter();
        var progress = new RunProgress(writer, isTerminal: true);
        progress.Start(100);
        progress.Update(new ProgressFigures(50, 1_234_567, 40, 0));
        progress.Update(new ProgressFigures(100, 9, 80, 0));
        progress.Stop();

        var states = writer.ToString().TrimEnd().Split('\r');
        Assert.That(states, Has.Length.EqualTo(4), "an empty one before the first");
        Assert.That(states[2], Does.StartWith(new string('█', 15) + new string('░', 15)));
        Assert.That(states[3].Length, Is.LessThanOrEqualTo(states[2].Length));
        Assert.That(states[3], Does.StartWith(new string('█', 30)).And.Contain("100 %"));
    }

    [TestCase(2)]
    [TestCase(20)]
    [TestCase(45)]
    public void ShouldKeepWithinTheTerminalWhenItIsNarrow(int columns)
    {
        using var writer = new StringWriter();
        var progress = new RunProgress(writer, isTerminal: true, columns);
        progress.Start(100);
        progress.Update(new ProgressFigures(50, 1_234_567, 40, 0));
        progress.Update(new ProgressFigures(100, 9, 80, 0));

        var states = writer.ToString().Split('\r', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(states.Select(state => state.Length), Is.All.EqualTo(columns - 1));
        var texts = states.Select(state => state.TrimEnd());
        Assert.That(texts, Is.All.Match("^[█░]+( +[0-9]+ %)?$"), "no part of a figure");
    }

    [Test]
    public void ShouldAllocateNothingWhenUpdated()
    {
        // A writer to a stream encodes without allocating, as the console's does.
        using var writer = new StreamWriter(Stream.Null);
        var progress = new RunProgress(writer, isTerminal: true);
        progress.Start(1_000);

        Assert.That(AllocationMeter.FewestBytesOf(Update, warmUp: 100, measured: 1_000), Is.Zero);

        void Update(int i) => progress.Update(new ProgressFigures(i, i * 1.5, i, i));
    }
}
