using System.CommandLine;
using ExecutionPipeline.Daemon;
using ExecutionPipeline.Pipeline.Configuration;

var config = new Option<FileInfo>("--config")
{
    Description = "The pipeline's configuration, YAML or JSON.",
    HelpName = "FILE",
    Required = true,
};
var set = new Option<string[]>("--set")
{
    Description = "Sets a key of the configuration, such as --set limits.max_position=5.",
    HelpName = "KEY=VALUE",
    AllowMultipleArgumentsPerToken = true,
};
Dictionary<string, Option<string>> keys = new()
{
    ["host.aeron_directory"] = new Option<string>("--aeron-dir")
    {
        Description = "The media driver's folder. Default: the user's own, /dev/shm/aeron-USER.",
        HelpName = "DIR",
    },
    ["host.models"] = new Option<string>("--models")
    {
        Description = "The folder of the ONNX models, or a store of their versions. Without it the rules decide.",
        HelpName = "DIR",
    },
    ["host.driver"] = new Option<string>("--driver")
    {
        Description = "Whose media driver: embedded (the default), or external: one that runs already.",
        HelpName = "WHICH",
    },
    ["host.journal"] = new Option<string>("--journal")
    {
        Description = "Keeps a journal of the input in this folder. Default: none.",
        HelpName = "DIR",
    },
};
var isJson = new Option<bool>("--json-log") { Description = "Writes each line of the log as a JSON object." };
var command = new RootCommand("Runs the pipeline until SIGTERM or SIGINT; SIGHUP reloads its configuration.")
{
    config, set, isJson,
};
foreach (var option in keys.Values)
    command.Add(option);
set.Validators.Add(static result =>
{
    if (result.Tokens.FirstOrDefault(static token => token.Value.IndexOf('=') < 1) is { } bad)
        result.AddError($"--set: '{bad.Value}' is not KEY=VALUE");
});
command.SetAction(parsed => DaemonRunner.Run(
    new DaemonOptions
    {
        Configuration = new ConfigurationSources
        {
            File = parsed.GetValue(config)!.FullName,
            Variables = ConfigurationSources.OwnVariables(),
            Settings =
            [
                .. (parsed.GetValue(set) ?? []).Select(static text => ConfigurationSetting.Parse("--set", text)),
                .. keys.Where(pair => parsed.GetValue(pair.Value) is not null).Select(pair =>
                    ConfigurationSetting.Option(pair.Value.Name, pair.Key, parsed.GetValue(pair.Value)!)),
                .. parsed.GetValue(isJson) ? [ConfigurationSetting.Option("--json-log", "log.format", "json")]
                    : Array.Empty<ConfigurationSetting>(),
            ],
        },
    },
    Console.Out,
    Console.Error));
var line = command.Parse(args);
if (line.Errors.Count == 0)
    return line.Invoke(new InvocationConfiguration { ProcessTerminationTimeout = null });

Console.Error.WriteLine($"xpd: {line.Errors[0].Message.ReplaceLineEndings(" ")} (see 'xpd --help')");
return DaemonExit.Unusable;
