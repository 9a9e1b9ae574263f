using System.Text;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Tests.Configuration;

/// <summary>Secrets are read from where they are kept, and told to nobody.</summary>
public sealed class SecretSourceTests
{
    private const string Secret = "hunter2";

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-secrets-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldReadTheSecretFromEachPlace()
    {
        var file = Path.Combine(_folder, "store");
        File.WriteAllText(file, $"{Secret}\n");

        Assert.That(new SecretSource { File = file }.Read("audit.store", Variables), Is.EqualTo(Secret));
        Assert.That(new SecretSource { Environment = "STORE" }.Read("audit.store", Variables), Is.EqualTo(Secret));
        Assert.That(new SecretSource { Credential = "store" }.Read("audit.store", Variables), Is.EqualTo(Secret));
        Assert.That(new SecretSource().Read("audit.store", Variables), Is.Null);
    }

    [TestCase("", "MISSING", "", "audit.store.environment: the variable MISSING is not set")]
    [TestCase("/no/such/file", "", "", "audit.store.file: ")]
    [TestCase("", "", "other", "audit.store.credential: ")]
    public void ShouldNameThePlaceWhenThereIsNoSecret(string file, string variable, string credential, string expected)
    {
        var source = new SecretSource { File = file, Environment = variable, Credential = credential };

        Assert.That(
            () => source.Read("audit.store", Variables),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(expected));
    }

    [TestCase("audit: { store: hunter2 }")]
    [TestCase("audit: { store: [hunter2] }")]
    [TestCase("audit: { store: 1234567 }")]
    public void ShouldRefuseASecretThatIsWrittenAndNotRepeatIt(string yaml)
    {
        var utf8 = Encoding.UTF8.GetBytes(yaml);
        var refused = Assert.Throws<InvalidDataException>(() => PipelineConfiguration.Parse(utf8));

        Assert.That(refused.Message, Does.Contain("audit.store is a secret"));
        Assert.That(refused.Message, Does.Contain("file, environment or credential"));
        Assert.That(refused.Message, Does.Not.Contain(Secret).And.Not.Contain("1234567"));
    }

    [Test]
    public void ShouldNotRepeatASecretThatAVariableHolds()
    {
        var sources = new ConfigurationSources
        {
            Variables = [new ConfigurationSetting(PlaceKind.Variable, "XP__AUDIT__STORE", "AUDIT__STORE", Secret)],
        };

        Assert.That(
            () => ConfigurationLoader.Load(sources),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("XP__AUDIT__STORE: audit.store is a secret")
                .And.Message.Not.Contains(Secret));
    }

    [TestCase("{ file: a, environment: B }", "set one of file, environment and credential")]
    [TestCase("{ credential: ../x }", "set credential to the credential's name")]
    public void ShouldRefusePlacesThatDoNotGoTogether(string store, string expected) => Assert.That(
        () => PipelineConfiguration.Parse(Encoding.UTF8.GetBytes($"audit: {{ store: {store} }}")),
        Throws.TypeOf<InvalidDataException>().With.Message.Contains(expected));

    private string? Variables(string name) => name switch
    {
        "STORE" => Secret,
        "CREDENTIALS_DIRECTORY" => _folder,
        _ => null,
    };
}
