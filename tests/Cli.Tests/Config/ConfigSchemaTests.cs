using System.Text.Json;
using System.Text.Json.Nodes;
using ExecutionPipeline.Cli.Config;
using ExecutionPipeline.Pipeline.Configuration;
using Json.Schema;
using YamlDotNet.Serialization;

namespace ExecutionPipeline.Cli.Tests.Config;

/// <summary>Schema, document and example say what the options' types say.</summary>
public sealed class ConfigSchemaTests
{
    private const string SchemaFile = "deploy/xp.schema.json";
    private const string ExampleFile = "deploy/xp.yaml";
    private const string Document = "docs/CONFIGURATION.md";

    [TestCase(SchemaFile, "")]
    [TestCase(Document, "--markdown")]
    public async Task ShouldBeUpToDateWhenShipped(string file, string option)
    {
        var run = await ConfigRun.Of(["schema", .. option.Length > 0 ? [option] : Array.Empty<string>()]);

        Assert.That(
            File.ReadAllText(RepositoryFiles.PathOf(file)), Is.EqualTo(run.Output),
            $"write it again: xp config schema {option} > {file}");
    }

    [Test]
    public void ShouldHaveEveryKeyInTheDocumentAndInTheSchema()
    {
        var document = File.ReadAllText(RepositoryFiles.PathOf(Document));
        var schema = JsonNode.Parse(File.ReadAllText(RepositoryFiles.PathOf(SchemaFile)))!;

        using (Assert.EnterMultipleScope())
        {
            foreach (var key in Leaves(ConfigurationKey.Root))
            {
                Assert.That(document, Does.Contain($"| `{key.Path}` |"));
                Assert.That(NodeAt(schema, key.Path)?["type"], Is.Not.Null, key.Path);
            }
        }
    }

    [Test]
    public void ShouldSayOfEveryKeyWhatItMeans()
    {
        var descriptions = KeyDescriptions.Load();
        var silent = All(ConfigurationKey.Root)
            .Where(static key => key.Property is not null)
            .Where(key => descriptions.Of(key).Length == 0 && key.Range is null)
            .Select(static key => key.Path);

        Assert.That(silent, Is.Empty, "give the option a summary");
    }

    [Test]
    public void ShouldAcceptTheExampleWhenAnEditorChecksIt()
    {
        var result = Evaluate(File.ReadAllText(RepositoryFiles.PathOf(ExampleFile)));

        Assert.That(
            result.IsValid, Is.True,
            () => string.Join('\n', result.Details!.Where(static one => one.Errors is not null)
                .Select(static one => $"{one.InstanceLocation}: {string.Join(", ", one.Errors!.Values)}")));
    }

    [Test]
    public void ShouldHaveEverySectionInTheExample()
    {
        var example = File.ReadAllText(RepositoryFiles.PathOf(ExampleFile)).Split('\n');

        foreach (var section in ConfigurationKey.Root.Keys.Where(static key => key.Name != "extends"))
            Assert.That(example, Has.Some.StartsWith($"{section.Name}:"));
    }

    [TestCase("limits: { max_positon: 3 }")]
    [TestCase("limits: { max_position: 0 }")]
    [TestCase("limits: { max_position: 1.5 }")]
    [TestCase("limits: { max_position_share: 0 }")]
    [TestCase("limits: { breakers: { paused_strategies: [fast] } }")]
    [TestCase("ring: { wait: sleep }")]
    [TestCase("account: { rates: { EUR: -1 } }")]
    [TestCase("audit: { store: hunter2 }")]
    [TestCase("calendars: [{ half_days: [{ date: \"2026-12-30\" }] }]")]
    [TestCase("trading_day: { roll_time: noon }")]
    public void ShouldRefuseWhatTheLoaderRefuses(string yaml)
    {
        var problems = new List<ConfigurationProblem>();
        var text = new ConfigurationText("xp.yaml", System.Text.Encoding.UTF8.GetBytes(yaml));

        Assert.That(ConfigurationLoader.TryLoad(new ConfigurationSources { Texts = [text] }, problems), Is.Null);
        Assert.That(Evaluate(yaml).IsValid, Is.False);
    }

    /// <summary>Reads YAML as an editor does, without this project's reader.</summary>
    private static EvaluationResults Evaluate(string yaml)
    {
        var reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var graph = reader.Deserialize(yaml);
        var json = new SerializerBuilder().JsonCompatible().Build().Serialize(graph!);
        var schema = JsonSchema.FromText(File.ReadAllText(RepositoryFiles.PathOf(SchemaFile)));
        using var document = JsonDocument.Parse(json);
        return schema.Evaluate(
            document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
    }

    private static JsonNode? NodeAt(JsonNode schema, string path)
    {
        JsonNode? node = schema;
        foreach (var part in path.Split('.'))
        {
            var name = part.Replace("[]", "", StringComparison.Ordinal);
            node = part == "*" ? node?["additionalProperties"] : node?["properties"]?[name];
            if (name != part)
                node = node?["items"];
        }

        return node;
    }

    private static IEnumerable<ConfigurationKey> All(ConfigurationKey key) =>
        key.Keys.Append(key.Item).OfType<ConfigurationKey>().SelectMany(All).Append(key);

    private static IEnumerable<ConfigurationKey> Leaves(ConfigurationKey key) =>
        key.Kind == KeyKind.Object ? key.Keys.SelectMany(Leaves)
        : key.Item is { Kind: KeyKind.Object } item ? Leaves(item)
        : [key];
}
