namespace ExecutionPipeline.Cli.Tests.CommandLine;

/// <summary>What a command reads stays as it is, and two things are not written to one file.</summary>
public sealed class WrittenFilesTests
{
    private string _folder = "";

    private string FilePath => Path.Combine(_folder, "file");

    [SetUp]
    public void MakeFiles()
    {
        _folder = Directory.CreateTempSubdirectory("xp-written-").FullName;
        File.WriteAllText(FilePath, "precious");
        File.CreateSymbolicLink(Path.Combine(_folder, "link"), FilePath);
    }

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("replay --journal . --compare file --output link", "is read too")]
    [TestCase("replay --journal . --config link --json file", "is read too")]
    [TestCase("replay --journal . --compare file --output file", "is read too")]
    [TestCase("replay --journal . --output new --json new", "is to be written twice")]
    [TestCase("demo --config file --json file", "is read too")]
    [TestCase("demo --data file --json link", "is read too")]
    [TestCase("hist csv file --output link", "is read too")]
    [TestCase("hist report file --output new --json new", "is to be written twice")]
    [TestCase("hist compare file file --report file", "is read too")]
    public void ShouldRefuseWhenAFileIsUsedTwice(string line, string problem)
    {
        var xp = Run(line);

        Assert.That(xp.ExitCode, Is.EqualTo(2));
        Assert.That(xp.Error, Does.Contain(problem));
        Assert.That(xp.Options, Is.Null, "nothing ran");
    }

    [TestCase("replay --journal . --compare file --config file")]
    [TestCase("hist compare file file --json new")]
    [TestCase("replay --journal . --output new --json other")]
    public void ShouldRunWhenAFileIsOnlyReadTwice(string line) => Assert.That(Run(line).HasRun, Is.True);

    private Xp Run(string line) => Xp.Run([.. line.Split(' ').Select(PathOf)]);

    private string PathOf(string word) =>
        word is "file" or "link" or "new" or "other" ? Path.Combine(_folder, word) : word;
}
