using System.Text.Json;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Models;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Stages.Inference.Onnx;
using ExecutionPipeline.Training.Onnx;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Tests.Models;

public sealed class ModelStoreRunnerTests
{
    private readonly StringWriter _output = new();
    private string _folder = "";

    private string StorePath => Path.Combine(_folder, "store");

    private string JsonPath => Path.Combine(_folder, "figures.json");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-models-").FullName;

    [TearDown]
    public void DeleteFolder()
    {
        Directory.Delete(_folder, recursive: true);
        _output.GetStringBuilder().Clear();
    }

    [OneTimeTearDown]
    public void Close() => _output.Dispose();

    [Test]
    public async Task ShouldListAndShowWhatWasAdded()
    {
        Assert.That(await Run(Options(ModelStoreAction.Add)), Is.Zero);
        var version = new ModelStore(StorePath).History().Single().ToString();

        Assert.That(await Run(Options(ModelStoreAction.List)), Is.Zero);
        var row = Json().EnumerateArray().Single();
        Assert.That(row.GetProperty("version").GetString(), Is.EqualTo(version));
        Assert.That(row.GetProperty("role").GetString(), Is.EqualTo("current"));
        Assert.That(row.GetProperty("accuracy").GetDouble(), Is.GreaterThan(0.9));

        Assert.That(await Run(Options(ModelStoreAction.Show) with { Version = version[..6] }), Is.Zero);
        Assert.That(
            _output.ToString(), Does.Contain($"version: {version}").And.Contain("by xp models add, parent none"));
    }

    [Test]
    public async Task ShouldPassAndSayEachFigureWhenSoundModelsAreValidated()
    {
        await Run(Options(ModelStoreAction.Add));

        Assert.That(await Run(Options(ModelStoreAction.Validate)), Is.Zero, _output.ToString());
        Assert.That(Json().GetProperty("is_passed").GetBoolean(), Is.True);
        Assert.That(Json().GetProperty("checks").GetArrayLength(), Is.EqualTo(16), "eight of each graph");
        Assert.That(_output.ToString(), Does.Contain("performance gate").And.Not.Contain("NOT PASSED"));
    }

    [Test]
    public async Task ShouldEndWithOneWhenACheckIsNotPassed()
    {
        var options = Options(ModelStoreAction.Validate) with
        {
            StoreDirectory = RepositoryFiles.PathOf("models-onnx"),
            LatencyMaxUs = 1e-9,
        };

        Assert.That(await Run(options), Is.EqualTo(ExitCode.Failed));
        Assert.That(_output.ToString(), Does.Contain("NOT PASSED"));
        Assert.That(Json().GetProperty("is_passed").GetBoolean(), Is.False);
    }

    [Test]
    public async Task ShouldFailWhenTheBackendThatWasAskedForDoesNotRun()
    {
        // Elu without its slope is Relu: the models decide as well as before, by an operator that is not compiled.
        var folder = WithoutRelu("execution_policy.onnx", static node => node with
        {
            OpType = "Elu",
            Attributes = [OnnxAttribute.Of("alpha", 0f)],
        });

        var options = Options(ModelStoreAction.Validate) with
        {
            StoreDirectory = folder,
            Inference = InferenceChoice.Compiled,
            LatencyMaxUs = 1e6,
        };
        Assert.That(await Run(options with { Inference = InferenceChoice.Auto }), Is.Zero, _output.ToString());
        Assert.That(await Run(options), Is.EqualTo(ExitCode.Failed));
        Assert.That(_output.ToString(), Does.Contain("the compiled backend does not decide").And.Contain("Elu"));
        Assert.That(_output.ToString(), Does.Not.Contain("NOT PASSED"), "it is the backend alone that fails");
        Assert.That(Json().GetProperty("problem").GetString(), Does.Contain("Elu"));
        Assert.That(Json().GetProperty("is_passed").GetBoolean(), Is.False);
    }

    /// <summary>A pipeline may decide from the actors' own graphs, which may be others than the merged one.</summary>
    [Test]
    public async Task ShouldNotPassWhenTheSeparateGraphsAloneDecideBadly()
    {
        var options = Options(ModelStoreAction.Validate) with
        {
            StoreDirectory = WithoutRelu("position_sizing.onnx", static node => node with { OpType = "Tanh" }),
            LatencyMaxUs = 1e6,
        };

        Assert.That(await Run(options), Is.EqualTo(ExitCode.Failed));
        var failed = Json().GetProperty("checks").EnumerateArray()
            .Where(static check => !check.GetProperty("is_passed").GetBoolean())
            .Select(static check => check.GetProperty("name").GetString()).ToArray();
        Assert.That(failed, Does.Contain("separate graphs: accuracy of size"));
        Assert.That(failed, Is.All.StartsWith("separate graphs: "), "the merged graph is as it was");
    }

    [Test]
    public async Task ShouldMeasureTheMergedGraphAloneWhenThereAreNoSeparateOnes()
    {
        var folder = CopyOfModels();
        var manifest = ModelDirectory.Open(folder).Manifest;
        var merged = manifest.Models.Where(static model => model.Name == PolicyModels.Merged);
        Write(folder, manifest with { Models = [.. merged] });
        var options = Options(ModelStoreAction.Validate) with { StoreDirectory = folder };

        Assert.That(await Run(options), Is.Zero, _output.ToString());
        Assert.That(Json().GetProperty("checks").GetArrayLength(), Is.EqualTo(8));
    }

    [TestCase("current", "manifest.json: there is no such file")]
    [TestCase("previous", "there is no previous version")]
    [TestCase("abc", "0 versions begin with 'abc'")]
    public void ShouldSayWhatIsMissingWhenThereIsNoSuchVersion(string version, string problem)
    {
        Directory.CreateDirectory(StorePath);

        Assert.That(
            () => Run(Options(ModelStoreAction.Validate) with { Version = version }),
            Throws.TypeOf<ModelFileException>().With.Message.Contains(problem));
    }

    [Test]
    public void ShouldReadEveryOptionWhenAllAreGiven()
    {
        var xp = CommandLine.Xp.Run(
            "models", "validate", "previous", "--store", _folder, "--inference", "onnxruntime", "--latency", "12",
            "--json", JsonPath);

        Assert.That(xp.Options, Is.EqualTo(new ModelStoreOptions
        {
            Action = ModelStoreAction.Validate,
            StoreDirectory = _folder,
            Version = "previous",
            Inference = InferenceChoice.OnnxRuntime,
            LatencyMaxUs = 12,
            JsonFile = JsonPath,
        }));
        var add = (ModelStoreOptions)CommandLine.Xp.Run("models", "add", "--models", _folder, "--keep", "5").Options!;
        Assert.That((add.SourceDirectory, add.Retention, add.Version), Is.EqualTo((_folder, 5, "current")));
        Assert.That(Path.GetFileName(add.StoreDirectory), Is.EqualTo("model-store"));
    }

    [TestCase(ModelStoreAction.List)]
    [TestCase(ModelStoreAction.Show)]
    [TestCase(ModelStoreAction.Validate)]
    public void ShouldSayHowToMakeAStoreWhenThereIsNone(ModelStoreAction action) => Assert.That(
        () => Run(Options(action)),
        Throws.TypeOf<UsageException>().With.Message.EqualTo(
            $"{StorePath} is no store of models: xp models add makes one"));

    private string CopyOfModels()
    {
        var folder = Path.Combine(_folder, "models");
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(RepositoryFiles.PathOf("models-onnx")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));

        return folder;
    }

    /// <summary>A copy of the models with another operator in each Relu's place in one file.</summary>
    private string WithoutRelu(string file, Func<OnnxNode, OnnxNode> change)
    {
        var folder = CopyOfModels();
        var path = Path.Combine(folder, file);
        var model = OnnxModelReader.Read(File.ReadAllBytes(path));
        var nodes = model.Graph.Nodes.Select(node => node.OpType != "Relu" ? node : change(node));
        var bytes = OnnxModelWriter.Write(model with { Graph = model.Graph with { Nodes = [.. nodes] } });
        File.WriteAllBytes(path, bytes);
        var manifest = ModelDirectory.Open(folder).Manifest;
        var changed = manifest.Models.Select(model => model.File != file ? model : model with
        {
            Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)),
        });
        Write(folder, manifest with { Models = [.. changed] });
        return folder;
    }

    private static void Write(string folder, ModelManifest manifest) =>
        File.WriteAllText(Path.Combine(folder, ModelManifest.FileName), manifest.ToJson());

    private ModelStoreOptions Options(ModelStoreAction action) => new()
    {
        Action = action,
        StoreDirectory = StorePath,
        SourceDirectory = RepositoryFiles.PathOf("models-onnx"),
        Retention = ModelStore.DefaultRetention,
        LatencyMaxUs = 1e6,
        JsonFile = JsonPath,
    };

    private Task<int> Run(ModelStoreOptions options)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_output) });
        console.Profile.Width = 200;
        return ModelStoreRunner.RunAsync(options, console, CancellationToken.None);
    }

    private JsonElement Json() => JsonDocument.Parse(File.ReadAllText(JsonPath)).RootElement.Clone();
}
