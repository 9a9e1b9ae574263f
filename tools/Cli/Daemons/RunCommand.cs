using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Drivers;
using ExecutionPipeline.Daemon;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Daemons;

/// <summary>
/// A command that runs until a signal ends it, which is how it is meant to end: it takes the signals itself, and an
/// ordered end is exit code 0.
/// </summary>
public interface IServiceCommand;

/// <summary>`xp run`: the daemon, started from this tool.</summary>
public sealed class RunCommand : Command, IServiceCommand
{
    private readonly ValueOption<string?> _config = new(
        "--config", "FILE", "The configuration, YAML or JSON, over the defaults that CONFIGURATION.md lists.",
        Paths.ExistingFile, null, "the demo's own: one ES future, limits that admit it");

    private readonly ValuesOption<ConfigurationSetting> _set = ConfigurationInputs.Set();
    private readonly ValueOption<string?> _aeronDirectory = DriverDirectories.ToRunIn();
    private readonly ValueOption<string?> _models = RunOptions.Models();

    private readonly ValueOption<InferenceChoice> _inference = RunOptions.Choice(
        "--inference", "NAME", "Who decides: the ONNX models, compiled or by ONNX Runtime, or the rule-based policy.",
        InferenceChoice.Auto);

    private readonly ValueOption<DriverOwner> _driver = RunOptions.Choice(
        "--driver", "WHICH", "Whose media driver: its own, or one that runs already.", DriverOwner.Embedded);

    private readonly ValueOption<string?> _journal = RunOptions.Journal();
    private readonly FlagOption _json = new("--json-log", "Writes each line of the log as a JSON object.");

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public RunCommand(Func<DaemonOptions, CancellationToken, Task<int>> run)
        : base("run", "Runs the pipeline until SIGTERM or Ctrl-C; SIGHUP reloads its configuration.")
    {
        Option[] options = [_config, _set, _aeronDirectory, _models, _inference, _driver, _journal, _json];
        foreach (var option in options)
            Add(option);

        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private DaemonOptions OptionsOf(ParseResult parsed) => new()
    {
        Configuration = DemoConfiguration.SourcesOf(
            parsed.GetValue(_config),
            [
                .. parsed.GetValue(_set)!,
                .. ConfigurationInputs.Given(parsed, _aeronDirectory, "host.aeron_directory"),
                .. ConfigurationInputs.Given(parsed, _models, "host.models"),
                .. ConfigurationInputs.Given(parsed, _inference, "host.inference"),
                .. ConfigurationInputs.Given(parsed, _driver, "host.driver"),
                .. ConfigurationInputs.Given(parsed, _journal, "host.journal"),
                .. parsed.GetValue(_json) ? [ConfigurationSetting.Option(_json.Name, "log.format", "json")]
                    : Array.Empty<ConfigurationSetting>(),
            ]),
        FindModels = Policies.FindFolder,
    };
}
