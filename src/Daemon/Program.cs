using System.CommandLine;
using ExecutionPipeline.Daemon;
using ExecutionPipeline.Pipeline.Hosting;

var config = new Option<FileInfo>("--config")
{
    Description = "The pipeline's configuration, JSON.",
    HelpName = "FILE",
    Required = true,
};
var aeronDirectory = new Option<DirectoryInfo>("--aeron-dir")
{
    Description = "The media driver's folder. Default: the user's own, /dev/shm/aeron-USER.",
    HelpName = "DIR",
    DefaultValueFactory = static _ => new DirectoryInfo(AeronDirectories.Default),
};
var models = new Option<DirectoryInfo>("--models")
{
    Description = "The folder of the ONNX models, or a store of their versions. Without it the rules decide.",
    HelpName = "DIR",
};
var driver = new Option<string>("--driver")
{
    Description = "Whose media driver: embedded (the default), or external: one that runs already.",
    HelpName = "WHICH",
    DefaultValueFactory = static _ => "embedded",
};
driver.AcceptOnlyFromAmong("embedded", "external");
var journal = new Option<DirectoryInfo>("--journal")
{
    Description = "Keeps a journal of the input in this folder. Default: none.",
    HelpName = "DIR",
};
var isJson = new Option<bool>("--json-log") { Description = "Writes each line of the log as a JSON object." };
var command = new RootCommand("Runs the pipeline until SIGTERM or SIGINT; SIGHUP reloads its configuration.")
{
    config, aeronDirectory, models, driver, journal, isJson,
};
command.SetAction(parsed => DaemonRunner.Run(
    new DaemonOptions
    {
        ConfigFile = parsed.GetValue(config)!.FullName,
        AeronDirectory = parsed.GetValue(aeronDirectory)!.FullName,
        IsDriverExternal = parsed.GetValue(driver) == "external",
        Policy = parsed.GetValue(models) is { } folder
            ? new PolicyChoice(InferenceChoice.Auto, GraphChoice.Merged, folder.FullName)
            : new PolicyChoice(InferenceChoice.Rules, GraphChoice.Merged, null),
        JournalFolder = parsed.GetValue(journal)?.FullName,
        IsJsonLog = parsed.GetValue(isJson),
    },
    Console.Out,
    Console.Error));
var line = command.Parse(args);
if (line.Errors.Count == 0)
    return line.Invoke(new InvocationConfiguration { ProcessTerminationTimeout = null });

Console.Error.WriteLine($"xpd: {line.Errors[0].Message.ReplaceLineEndings(" ")} (see 'xpd --help')");
return DaemonExit.Unusable;
