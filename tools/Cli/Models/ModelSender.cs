using System.Diagnostics;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Commands;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Drivers;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference.Models;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Models;

/// <summary>Sends a command on models to a running pipeline, over its command stream.</summary>
internal static class ModelSender
{
    private const int OperatorReason = 1;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan DecideTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Validates the version where one is named, sends, waits for the ring's answer, and, for a deployment, until the
    /// pipeline has written it down in the store. Returns the exit code: 1 when the version is not valid, and then
    /// nothing is sent, or when the pipeline refuses the command.
    /// </summary>
    /// <exception cref="ModelFileException">There is no such version, or a file is not as it should be.</exception>
    /// <exception cref="UsageException">There is no media driver in that folder.</exception>
    /// <exception cref="TimeoutException">No pipeline answers.</exception>
    public static int Run(ModelStoreOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        var kind = KindOf(options.Action);
        var version = ModelVersion.Rules;
        DriverDirectories.MustHoldADriver(FolderOf(options));
        if (kind is CommandKind.DeployModel or CommandKind.CanaryModel)
        {
            var checks = ModelChecks.Run(options, cancel);
            if (!checks.IsPassed)
            {
                checks.Show(console);
                Console.Error.WriteLine(
                    $"xp models {NameOf(options.Action)}: {checks.Version} is not sent: a check is not passed");
                return ExitCode.Failed;
            }

            version = checks.Version;
        }

        if (Send(options, kind, version, cancel) is { } refusal)
        {
            Console.Error.WriteLine($"xp models {NameOf(options.Action)}: refused: {refusal}");
            return ExitCode.Failed;
        }

        if (kind == CommandKind.DeployModel)
        {
            var store = new ModelStore(options.StoreDirectory);
            Await(() => store.History() is [var first, ..] && first == version, DecideTimeout, cancel,
                $"{version} does not decide: the pipeline's console says why");
            console.WriteLine($"{version} decides");
        }
        else
        {
            console.WriteLine($"{NameOf(options.Action)} is done: the pipeline's console says more");
        }

        return 0;
    }

    /// <summary>Waits for the ring's answer. Returns why it was refused; null: it was not.</summary>
    private static string? Send(
        ModelStoreOptions options, CommandKind kind, ModelVersion version, CancellationToken cancel)
    {
        var streams = DemoConfiguration.StreamsOf(options.ConfigFile, options.Channel);
        using var client = new CommandClient(FolderOf(options), streams, AnswerTimeout, cancel);
        return client.Execute(new CommandRequest(kind)
        {
            Reason = OperatorReason,
            ModelPrefix = (uint)(version.Prefix >> 32),
            CanaryShareBps = (ushort)options.CanaryShareBps,
        }).Refusal;
    }

    private static string NameOf(ModelStoreAction action) => action.ToString().ToLowerInvariant();

    private static string FolderOf(ModelStoreOptions options) => options.AeronDirectory ?? DriverDirectories.Default;

    private static void Await(Func<bool> condition, TimeSpan timeout, CancellationToken cancel, string problem)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            if (cancel.WaitHandle.WaitOne(LookInterval))
                cancel.ThrowIfCancellationRequested();
            if (waited.Elapsed > timeout)
                throw new TimeoutException(problem);
        }
    }

    private static CommandKind KindOf(ModelStoreAction action) => action switch
    {
        ModelStoreAction.Deploy => CommandKind.DeployModel,
        ModelStoreAction.Canary => CommandKind.CanaryModel,
        ModelStoreAction.Promote => CommandKind.PromoteModel,
        ModelStoreAction.Rollback => CommandKind.RollbackModel,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "is no command"),
    };
}
