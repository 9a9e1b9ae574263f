using System.Diagnostics;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Recovery;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Journal;

/// <summary>`xp journal snapshot`: replays a journal beside the pipeline and writes its state.</summary>
internal static class JournalSnapshots
{
    private const int PauseMs = 200;

    /// <summary>Writes. Returns the exit code.</summary>
    public static int Write(JournalOptionsRead options, IAnsiConsole console, CancellationToken cancel)
    {
        var configured = JournalFolders.ConfigurationOf(options.Folder, options.ConfigFile);
        var choice = Policies.ChoiceOf(options.Inference, GraphChoice.Merged, options.ModelsDirectory);
        using var policy = Policies.Open(choice, console);
        var clock = Stopwatch.StartNew();
        using var snapshots = new JournalSnapshotter(
            options.Folder, configured, policy.Backend, choice.SourceFor(policy), options.IsFollowing);
        var first = snapshots.Sequence;
        do
            Tell(console, snapshots, snapshots.Run(options.Every, cancel) > 0);
        while (options.IsFollowing && !cancel.WaitHandle.WaitOne(PauseMs));

        if (options.IsFollowing)
            return ExitCode.Interrupted;

        Tell(console, snapshots, snapshots.Save());
        JournalFolders.TellEnd("journal snapshot", snapshots.EndNote);
        var seconds = clock.Elapsed.TotalSeconds;
        console.WriteLine(FormattableString.Invariant(
            $"{snapshots.Sequence - first:#,0} events in {seconds:0.000} s, ")
            + FormattableString.Invariant($"{(snapshots.Sequence - first) / seconds:#,0} a second"));
        return ExitCode.Done;
    }

    private static void Tell(IAnsiConsole console, JournalSnapshotter snapshots, bool isWritten)
    {
        if (isWritten)
            console.WriteLine(FormattableString.Invariant($"the state before event {snapshots.Saved:#,0} is saved"));
    }
}
