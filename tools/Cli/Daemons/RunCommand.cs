using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Drivers;
using ExecutionPipeline.Daemon;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Cli.Daemons;

/// <summary>
/// A command that runs until a signal ends it, which is how it is meant to end: it takes the signals itself, and an
/// ordered end is exit code 0.
/// </summary>
public interface IServiceCommand;

/// <summary>Whose media driver a command uses.</summary>
public enum DriverChoice
{
    /// <summary>One of its own.</summary>
    Embedded,

    /// <summary>One that runs already.</summary>
    External,
}

/// <summary>`xp run`: the daemon, started from this tool.</summary>
public sealed class RunCommand : Command, IServiceCommand
{
    private readonly ValueOption<string?> _config = new(
        "--config", "FILE", "The pipeline's configuration, JSON, over the defaults that OPERATIONS.md lists.",
        Paths.ExistingFile, null, "the demo's own: one ES future, limits that admit it");

    private readonly ValueOption<string?> _aeronDirectory = DriverDirectories.ToRunIn();
    private readonly ValueOption<string?> _models = RunOptions.Models();

    private readonly ValueOption<InferenceChoice> _inference = RunOptions.Choice(
        "--inference", "NAME", "Who decides: the ONNX models, compiled or by ONNX Runtime, or the rule-based policy.",
        InferenceChoice.Auto);

    private readonly ValueOption<DriverChoice> _driver = RunOptions.Choice(
        "--driver", "WHICH", "Whose media driver: its own, or one that runs already.", DriverChoice.Embedded);

    private readonly ValueOption<string?> _journal = RunOptions.Journal();
    private readonly FlagOption _json = new("--json-log", "Writes each line of the log as a JSON object.");

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public RunCommand(Func<DaemonOptions, CancellationToken, Task<int>> run)
        : base("run", "Runs the pipeline until SIGTERM or Ctrl-C; SIGHUP reloads its configuration.")
    {
        Option[] options = [_config, _aeronDirectory, _models, _inference, _driver, _journal, _json];
        foreach (var option in options)
            Add(option);

        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private DaemonOptions OptionsOf(ParseResult parsed) => new()
    {
        ConfigFile = parsed.GetValue(_config),
        OwnConfiguration = DemoConfiguration.Own(),
        AeronDirectory = parsed.GetValue(_aeronDirectory) ?? DriverDirectories.Default,
        IsDriverExternal = parsed.GetValue(_driver) == DriverChoice.External,
        Policy = Policies.ChoiceOf(parsed.GetValue(_inference), GraphChoice.Merged, parsed.GetValue(_models)),
        JournalFolder = parsed.GetValue(_journal),
        IsJsonLog = parsed.GetValue(_json),
    };
}
