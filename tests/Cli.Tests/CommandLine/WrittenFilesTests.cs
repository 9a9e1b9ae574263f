using System.Text.Json.Nodes;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Stages.Inference.Models;

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
        Directory.CreateSymbolicLink(Path.Combine(_folder, "linked"), _folder);
        foreach (var name in (string[])
            ["file-wal", "recorded/000000000000.journal", "fitted/manifest.json", "fitted/actor.onnx",
                "store/versions/1/manifest.json", "store/current", "told/report.json", "told/rates.html",
                "recorded/snapshots/snapshot-00000000000000000007.state"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, name))!);
            File.WriteAllText(Path.Combine(_folder, name), "precious");
        }

        File.WriteAllText(Path.Combine(_folder, "below.yaml"), "extends: [file]");
        File.WriteAllText(Path.Combine(_folder, "above.yaml"), "extends: [below.yaml]");
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
    [TestCase("audit verify --store file --json file", "is read too")]
    [TestCase("audit verify --store link --json file", "is read too")]
    [TestCase("audit query --store file --json linked/file", "is read too")]
    [TestCase("audit export --store file --output file --force", "is read too")]
    [TestCase("audit retain --store file --json file-wal", "is read too")]
    [TestCase("audit run --journal recorded --store new --json new", "is read too")]
    [TestCase("audit run --journal recorded --store new --json recorded/000000000000.journal", "is read too")]
    [TestCase("audit run --journal recorded --store new --models fitted --json fitted/actor.onnx", "is read too")]
    [TestCase("journal export --journal recorded --output recorded/000000000000.journal --force", "is read too")]
    [TestCase("replay --journal recorded --json recorded/000000000000.journal", "is read too")]
    [TestCase("replay --journal recorded --models fitted --json fitted/manifest.json", "is read too")]
    [TestCase("backtest --signals recorded --json linked/recorded/000000000000.journal", "is read too")]
    [TestCase("backtest --signals recorded --journal recorded --force", "is read too")]
    [TestCase("backtest --signals recorded --journal linked/recorded --force", "is read too")]
    [TestCase("backtest --models fitted --json fitted/manifest.json", "is read too")]
    [TestCase("backtest sweep --models fitted --report fitted/manifest.json --force", "is read too")]
    [TestCase("demo --models fitted --json fitted/manifest.json", "is read too")]
    [TestCase("demo --config told/report.json --report told --force", "is read too")]
    [TestCase("demo --config recorded/000000000000.journal --journal recorded --force", "is read too")]
    [TestCase("demo --report told --json told/report.json --force", "is to be written twice")]
    [TestCase("latency --models fitted --json fitted/manifest.json", "is read too")]
    [TestCase("latency --sweep --report told --json told/rates.html", "is to be written twice")]
    [TestCase("models list --store store --json store/versions/1/manifest.json", "is read too")]
    [TestCase("models list --store store --json store/current", "is read too")]
    [TestCase("models list --store store --json store/lock", "is read too")]
    [TestCase("status --config file --json file", "is read too")]
    [TestCase("status --config above.yaml --json file", "is read too")]
    [TestCase("demo --config above.yaml --json below.yaml", "is read too")]
    [TestCase("demo --config above.yaml --json link", "is read too")]
    [TestCase("backtest --config above.yaml --json below.yaml", "is read too")]
    [TestCase("backtest sweep --config above.yaml --json below.yaml", "is read too")]
    [TestCase("replay --journal recorded --config above.yaml --json file", "is read too")]
    [TestCase("replay --journal recorded --json recorded/snapshots/snapshot-00000000000000000007.state", "is read too")]
    [TestCase("audit run --journal recorded --store new --config above.yaml --json file", "is read too")]
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
    [TestCase("audit export --store file --json new")]
    [TestCase("backtest --signals recorded --journal new")]
    [TestCase("replay --journal recorded --json recorded/figures.json")]
    public void ShouldRunWhenAFileIsOnlyReadTwice(string line) => Assert.That(Run(line).HasRun, Is.True);

    [Test]
    public void ShouldRefuseWhenItIsAFileOfWeightsBesideAModel()
    {
        var manifest = JsonNode.Parse(
            File.ReadAllText(Path.Combine(Policies.FindFolder(), ModelManifest.FileName)))!;
        manifest["models"]![0]!["data"] = new JsonArray(
            new JsonObject { ["file"] = "weights", ["sha256"] = new string('0', 64) });
        File.WriteAllText(Path.Combine(_folder, "fitted", ModelManifest.FileName), manifest.ToJsonString());

        var xp = Run("demo --models fitted --json fitted/weights");

        Assert.That((xp.ExitCode, xp.Options), Is.EqualTo((2, (object?)null)));
        Assert.That(xp.Error, Does.Contain("is read too"));
    }

    [TestCase("latency --sweep --report told")]
    [TestCase("simulate --trace file")]
    [TestCase("models fit --output fitted")]
    public void ShouldWriteOverAFileOnlyWhenItIsForced(string line)
    {
        File.WriteAllText(Path.Combine(_folder, "fitted", "risk_management.onnx"), "precious");
        File.Delete(Path.Combine(_folder, "fitted", "manifest.json"));
        var asked = Run(line);

        Assert.That(asked.ExitCode, Is.EqualTo(2));
        Assert.That(asked.Error, Does.Contain("is there already").And.Contain("--force"));
        Assert.That(asked.Options, Is.Null, "nothing ran");
        Assert.That(Run($"{line} --force").HasRun, Is.True);
    }

    private Xp Run(string line) => Xp.Run([.. line.Split(' ').Select(PathOf)]);

    private string PathOf(string word) => word.Split('/')[0] switch
    {
        "file" or "link" or "new" or "other" or "linked" or "file-wal" or "recorded" or "fitted" or "store" or "told"
            or "above.yaml" or "below.yaml"
            => Path.Combine(_folder, word),
        _ => word,
    };
}
