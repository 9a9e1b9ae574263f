using ExecutionPipeline.Cli.Audit;
using ExecutionPipeline.Cli.Daemons;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Cli.Tests.CommandLine;
using ExecutionPipeline.Daemon;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Tests.Config;

/// <summary>Every process reads the same configuration by the same layers.</summary>
public sealed class ConfiguredCommandTests
{
    private const string Yaml = """
        instruments: [{ id: 1, symbol: ES }]
        host: { aeron_directory: /dev/shm/aeron-there, journal: /tmp/there }
        control: { port: 9002, metrics_port: 9003 }

        """;

    private string _folder = "";
    private string _file = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("xp-layers-").FullName;
        _file = Path.Combine(_folder, "xp.yaml");
        File.WriteAllText(_file, Yaml);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldLetOptionsReplaceTheFileWhenTheDaemonIsStarted()
    {
        var xp = Xp.Run(
            "run", "--config", _file, "--inference", "onnxruntime", "--driver", "external", "--json-log", "--set",
            "limits.max_position=3");

        var options = ConfigurationLoader.Load(((DaemonOptions)xp.Options!).Configuration).Options;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(options.Host.Inference.ToString(), Is.EqualTo("OnnxRuntime"));
            Assert.That(options.Host.Driver, Is.EqualTo(DriverOwner.External));
            Assert.That(options.Host.AeronDirectory, Is.EqualTo("/dev/shm/aeron-there"));
            Assert.That(options.Host.Journal, Is.EqualTo("/tmp/there"));
            Assert.That(options.Log.Format, Is.EqualTo(LogFormat.Json));
            Assert.That(options.Limits.MaxPosition, Is.EqualTo(3));
        }
    }

    [Test]
    public void ShouldLetOptionsReplaceTheFileWhenTheControlPlaneIsStarted()
    {
        var xp = Xp.Run("control", "--config", _file, "--port", "0", "--set", "control.kept_records=7");

        var options = ((ControlRun)xp.Options!).Options;
        Assert.That((options.Port, options.MetricsPort, options.KeptRecords), Is.EqualTo((0, 9003, 7)));
        Assert.That(options.AeronDirectory, Is.EqualTo("/dev/shm/aeron-there"));
    }

    [Test]
    public void ShouldGiveAllChildrenTheSameConfigurationWhenBroughtUp()
    {
        var xp = Xp.Run("up", "--config", _file, "--port", "0", "--set", "streams.signal_stream=1501");

        var options = (UpOptions)xp.Options!;
        Assert.That(
            options.DriverArguments,
            Is.EqualTo(["driver", "--aeron-dir", "/dev/shm/aeron-there", "--term-length", "2097152"]));
        foreach (var arguments in (IReadOnlyList<string>[])
            [options.PipelineArguments, options.ControlArguments, options.EngineArguments])
        {
            Assert.That(arguments, Does.Contain(_file).And.Contain("streams.signal_stream=1501")
                .And.Contain("control.port=0").And.Contain("/dev/shm/aeron-there"));
        }
    }

    [Test]
    public void ShouldLetTheEngineTradeTheFirstConfiguredInstrumentWhenBroughtUp()
    {
        File.WriteAllText(_file, "instruments: [{ id: 7, symbol: NQ }, { id: 1, symbol: ES }]\n");

        var options = (UpOptions)Xp.Run(
            "up", "--engine", "--config", _file, "--aeron-dir", _folder).Options!;

        var engine = (EngineOptions)Xp.Run([.. options.EngineArguments]).Options!;
        Assert.That(engine.InstrumentId, Is.EqualTo(7));
    }

    [Test]
    public void ShouldKeepTheConnectionStringOffTheCommandLineWhenItIsASecret()
    {
        const string connection = "Host=db;Username=xp;Password=hunter2";
        var secret = Path.Combine(_folder, "store");
        File.WriteAllText(secret, $"{connection}\n");
        File.WriteAllText(_file, $"{Yaml}audit: {{ store: {{ file: {secret} }} }}\n");

        var kept = Xp.Run("audit", "query", "--config", _file);
        var given = Xp.Run("audit", "query", "--config", _file, "--store", "Host=other");

        Assert.That(((AuditCommandOptions)kept.Options!).Store, Is.EqualTo(connection));
        Assert.That(((AuditCommandOptions)given.Options!).Store, Is.EqualTo("Host=other"));
    }

    [Test]
    public void ShouldSayNothingOfTheSecretWhenItIsNoStore()
    {
        var secret = Path.Combine(_folder, "store");
        File.WriteAllText(secret, "/no/such/folder/hunter2\n");
        File.WriteAllText(_file, $"{Yaml}audit: {{ store: {{ file: {secret} }} }}\n");

        var xp = Xp.Run("audit", "query", "--config", _file);

        Assert.That(xp.Error, Does.Contain("audit.store: what is kept there is neither"));
        Assert.That(xp.Error, Does.Not.Contain("hunter2"));
    }
}
