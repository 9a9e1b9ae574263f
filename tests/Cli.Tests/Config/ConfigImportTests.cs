using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Pipeline.Configuration;

namespace ExecutionPipeline.Cli.Tests.Config;

/// <summary>`xp config import`: what the requirement documents' keys become.</summary>
public sealed class ConfigImportTests
{
    private const string Marl = """
        execution_marl:
          enabled: true
          agents:
            position_sizing:
              attention_weights: [0.1, 0.2,
        0.7]
              risk_aversion: 2.5
          risk_limits:
            max_position_contracts: 9
            max_daily_drawdown_pct: 0.03
          execution_strategies:
            TWAP_5MIN:
              slice_count: 12
          monitoring:
            latency_alert_threshold_us: 1500
        """;

    private const string Handler = """
        execution_handler:
          mode: "live" | "backtest"
          live_settings:
            credentials:
              password: hunter2
            symbol: "NQ"
          backtest_settings:
            slippage:
              type: "impact"  # "fixed", "linear", "impact"
            commission:
              per_contract: 2.10
          risk_controls:
            max_position_size: 5
        """;

    private const string Deployment = """
        { "deployment": { "monitoring": { "prometheus_port": 9100 }, "security": { "color": "red" } } }
        """;

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-import-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task ShouldWriteOursAndSayWhatEachKeyBecame()
    {
        var (marl, handler) = (Write("marl.yaml", Marl), Write("handler.yaml", Handler));
        var (deployment, ours) = (Write("deployment.json", Deployment), Path.Combine(_folder, "xp.yaml"));

        var run = await ConfigRun.Of("import", marl, handler, deployment, "--output", ours);

        Assert.That(run.Code, Is.Zero, run.Error);
        var loaded = ConfigurationLoader.Load(new ConfigurationSources { File = ours }).Options;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(loaded.Limits.MaxPosition, Is.EqualTo(5), "the stricter of two documents");
            Assert.That(loaded.Limits.MaxDailyDrawdown, Is.EqualTo(0.03));
            Assert.That(loaded.Inference.SizingGuard.Kelly.RiskAversion, Is.EqualTo(2.5));
            Assert.That(loaded.Execution.Twap.SliceCount, Is.EqualTo(12));
            Assert.That(loaded.Exchange.Slippage.Model.ToString(), Is.EqualTo("SquareRoot"));
            Assert.That(loaded.Instruments[0].Symbol, Is.EqualTo("NQ"));
            Assert.That(loaded.Instruments[0].CommissionPerContract, Is.EqualTo(2.10m));
            Assert.That(loaded.Control.MetricsPort, Is.EqualTo(9100));
            Assert.That(run.Output, Does.Contain(
                $"{marl}:9:29: execution_marl.risk_limits.max_position_contracts becomes limits.max_position: 9"));
            Assert.That(run.Output, Does.Contain(
                "risk_controls.max_position_size becomes limits.max_position: 5, stricter than 9 by"));
            Assert.That(run.Output, Does.Contain("attention_weights is not taken: the models are trained elsewhere"));
            Assert.That(run.Output, Does.Contain("execution_handler.mode is not taken: a mode is a command"));
            Assert.That(run.Output, Does.Contain("deployment.security.color is not taken"));
            Assert.That(run.Output, Does.Contain("credentials.password is not taken: a secret"));
            Assert.That(run.Output + File.ReadAllText(ours), Does.Not.Contain("hunter2"));
            Assert.That(
                run.Output.Split('\n').Where(static line => line.Contains(": execution_", StringComparison.Ordinal)
                    || line.Contains(": deployment.", StringComparison.Ordinal)),
                Has.Exactly(15).Items, "each key once");
        }
    }

    [TestCase("execution_marl: { risk_limits: { max_position_contracts: many } }", ":1:58: limits.max_position is")]
    [TestCase("execution_marl: { execution_strategies: { ICEBERG: { display_size_pct: 7 } } }", "size_pct is 7")]
    [TestCase("limits: { a: 1 }", "it begins with limits, not with one of execution_marl")]
    [TestCase("execution_marl: [", "")]
    public async Task ShouldWriteNothingWhenAValueCannotBeUsed(string yaml, string expected)
    {
        var file = Write("marl.yaml", yaml);
        var ours = Path.Combine(_folder, "xp.yaml");
        string error;
        try
        {
            var run = await ConfigRun.Of("import", file, "--output", ours);
            Assert.That(run.Code, Is.EqualTo(ExitCode.Unusable));
            error = run.Error;
        }
        catch (InvalidDataException problem)
        {
            error = problem.Message;
        }

        Assert.That(error, Does.StartWith(file).And.Contain(expected));
        Assert.That(File.Exists(ours), Is.False);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
