using ExecutionPipeline.Cli.Backtest;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Pipeline.Hosting;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Tests.Replay;

/// <summary>A seeded backtest's journal, and a console that keeps what it is told.</summary>
internal static class BacktestJournal
{
    public const int Signals = 60;

    /// <summary>Plays ten minutes of a generated market by the rules, and keeps the journal in a folder.</summary>
    /// <param name="folder">Not there yet.</param>
    /// <param name="configFile">Null: the demo's configuration.</param>
    public static void Write(string folder, string? configFile = null)
    {
        var options = new BacktestOptions
        {
            Minutes = 10,
            Signals = new SignalChoice(Signals, null),
            Inference = InferenceChoice.Rules,
            JournalFolder = folder,
            ConfigFile = configFile,
            IsQuiet = true,
        };
        var (code, text) = Run(console => BacktestRunner.RunAsync(options, console, default));
        Assert.That(code, Is.Zero, text);
    }

    /// <summary>Runs with a console that is as wide as may be. Returns the exit code and what was written.</summary>
    public static (int Code, string Text) Run(Func<IAnsiConsole, Task<int>> run)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = 1_000;
        var code = run(console).Result;
        return (code, text.ToString());
    }
}
