using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Pipeline.Configuration;

namespace ExecutionPipeline.Cli.Config;

/// <summary>What `xp config` is asked for.</summary>
public enum ConfigAction
{
    /// <summary>Checks a file.</summary>
    Check,

    /// <summary>Says what holds, and where it came from.</summary>
    Show,

    /// <summary>Describes every key.</summary>
    Schema,

    /// <summary>Makes a configuration of the requirement documents' files.</summary>
    Import,
}

/// <summary>Everything that a command of `xp config` was asked for; paths are absolute.</summary>
public sealed record ConfigOptions
{
    public required ConfigAction Action { get; init; }

    /// <summary>The configuration; null: the demo's own.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Keys that are set over the file.</summary>
    public IReadOnlyList<ConfigurationSetting> Settings { get; init; } = [];

    /// <summary>Whether defaults are shown, too.</summary>
    public bool IsEffective { get; init; }

    /// <summary>Whether the answer is JSON.</summary>
    public bool IsJson { get; init; }

    /// <summary>Whether the keys are described as a document.</summary>
    public bool IsMarkdown { get; init; }

    /// <summary>The documents' files to import.</summary>
    public IReadOnlyList<string> Documents { get; init; } = [];

    /// <summary>Where the imported configuration goes; null: to the terminal.</summary>
    public string? OutputFile { get; init; }
}

/// <summary>`xp config`: looks at configurations, and makes them of others'.</summary>
public sealed class ConfigCommand : Command
{
    private readonly ValueOption<string?> _config = new(
        "--config", "FILE", "The configuration, YAML or JSON, as xp run takes it.", Paths.ExistingFile, null,
        "the demo's own: one ES future, limits that admit it");

    private readonly Argument<string?> _file = PathArguments.ExistingFile("FILE", "The configuration, YAML or JSON.");

    private readonly Argument<string[]> _documents = PathArguments.ExistingFiles(
        "FILE...", "Files with execution_marl, deployment or execution_handler, YAML or JSON.");

    private readonly ValuesOption<ConfigurationSetting> _set = ConfigurationInputs.Set();
    private readonly FlagOption _effective = new("--effective", "Shows the defaults that nobody has changed, too.");
    private readonly FlagOption _json = new("--json", "Writes the answer as JSON.");
    private readonly FlagOption _markdown = new("--markdown", "Writes the document that docs/CONFIGURATION.md is.");

    private readonly ValueOption<string?> _output = new(
        "--output", "FILE", "Writes the configuration to this file.", Paths.OutputFile, null, "the terminal");

    private readonly FlagOption _force = RunOptions.Force();

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public ConfigCommand(Func<ConfigOptions, CancellationToken, Task<int>> run)
        : base("config", "Checks, shows and describes configurations, and imports the requirement documents'.")
    {
        Add(Sub(ConfigAction.Check, "Names everything that is wrong with a configuration, and limits that refuse all.",
            run, _file, _set, _json));
        Add(Sub(ConfigAction.Show, "Says what holds, and where each value came from.", run, _config, _set, _effective,
            _json));
        Add(Sub(ConfigAction.Schema, "Describes every key as JSON Schema, by which editors complete.", run, _markdown));
        Add(Sub(ConfigAction.Import, "Makes a configuration of the documents' files, and says what each key became.",
            run, _documents, _output, _force));
    }

    private Command Sub(
        ConfigAction action, string description, Func<ConfigOptions, CancellationToken, Task<int>> run,
        params IReadOnlyList<Symbol> inputs)
    {
        var command = new Command(action.ToString().ToLowerInvariant(), description);
        foreach (var input in inputs)
        {
            if (input is Argument argument)
                command.Add(argument);
            else
                command.Add((Option)input);
        }

        command.SetAction((parsed, cancel) => run(Read(action, command, parsed), cancel));
        return command;
    }

    private ConfigOptions Read(ConfigAction action, Command command, ParseResult parsed)
    {
        var options = new ConfigOptions
        {
            Action = action,
            ConfigFile = action == ConfigAction.Check ? parsed.GetValue(_file) : Value(_config),
            Settings = Value(_set) ?? [],
            IsEffective = Value(_effective),
            IsJson = Value(_json),
            IsMarkdown = Value(_markdown),
            Documents = action == ConfigAction.Import ? parsed.GetValue(_documents)! : [],
            OutputFile = Value(_output),
        };
        WrittenFiles.MustStandAlone(options.Documents, options.OutputFile);
        WrittenFiles.MustBeNew(Value(_force), options.OutputFile);
        return options;

        T? Value<T>(Option<T> option) => command.Options.Contains(option) ? parsed.GetValue(option) : default;
    }
}
