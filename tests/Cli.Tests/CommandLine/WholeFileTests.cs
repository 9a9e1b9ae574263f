using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Tests.CommandLine;

public sealed class WholeFileTests
{
    private string _folder = "";

    private string FilePath => Path.Combine(_folder, "file");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-whole-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase(null, Description = "a new file")]
    [TestCase("", Description = "an empty one")]
    [TestCase("before", Description = "one with something in it")]
    public void ShouldHoldWhatWasWrittenOnceItIsComplete(string? before)
    {
        Write(before);

        WholeFile.WriteText(FilePath, "after");

        Assert.That(File.ReadAllText(FilePath), Is.EqualTo("after"));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(1), "nothing beside it");
    }

    [TestCase(null)]
    [TestCase("before")]
    public void ShouldLeaveWhatWasThereWhenItIsNotCompleted(string? before)
    {
        Write(before);

        using (var file = new WholeFile(FilePath))
            file.Stream.Write("half"u8);

        Assert.That(File.Exists(FilePath), Is.EqualTo(before is not null));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(before is null ? 0 : 1));
        if (before is not null)
            Assert.That(File.ReadAllText(FilePath), Is.EqualTo(before));
    }

    [Test]
    public void ShouldWriteToTheTargetWhenThePathIsALink()
    {
        Write("before");
        var link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, FilePath);

        WholeFile.WriteText(link, "after");

        Assert.That(File.ReadAllText(FilePath), Is.EqualTo("after"));
        Assert.That(new FileInfo(link).LinkTarget, Is.EqualTo(FilePath), "still a link");
    }

    [Test]
    public void ShouldWriteInPlaceWhenThereIsNothingToLose()
    {
        Write("");

        using var file = new WholeFile(FilePath);

        // A device and a pipe look like this; something put in their place would take them away.
        Assert.That(Directory.GetFiles(_folder), Is.EqualTo(new[] { FilePath }));
    }

    private void Write(string? text)
    {
        if (text is not null)
            File.WriteAllText(FilePath, text);
    }
}
