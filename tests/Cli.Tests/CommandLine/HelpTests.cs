using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Tests.CommandLine;

public sealed class HelpTests
{
    [Test]
    public void ShouldListEveryOptionWithValueAndDefaultWhenRootHelpIsAsked()
    {
        var xp = Xp.Run("--help");

        Assert.That(xp.ExitCode, Is.Zero);
        foreach (var command in Leaves(XpCommandLine.Create(xp.Handlers)))
        {
            var section = SectionOf(xp.Output, command);
            foreach (var option in command.Options)
            {
                var help = (IOptionHelp)option;
                var entry = option is FlagOption ? $"{option.Name} " : $"{option.Name} {option.HelpName} ";
                Assert.That(section, Does.Contain(entry), command.Name);
                var notes = $"[{help.ValueHelp}] [default: {help.DefaultHelp}]";
                Assert.That(section, Does.Contain($"{option.Description} {notes}"));
                Assert.That(help.DefaultHelp, Is.Not.Empty);
            }
        }
    }

    [TestCase("demo")]
    [TestCase("engine")]
    [TestCase("replay")]
    public void ShouldShowTheCommandAloneWhenItsHelpIsAsked(string command)
    {
        var xp = Xp.Run(command, "--help");

        Assert.That(xp.ExitCode, Is.Zero);
        Assert.That(xp.Output, Does.Contain($"xp {command}"));
        Assert.That(xp.Output, Does.Not.Contain("xp models"));
    }

    [Test]
    public void ShouldShowHelpWhenTheRestIsMistyped()
    {
        Assert.That(Xp.Run("demo", "--rate", "0", "--help").ExitCode, Is.Zero);
    }

    [Test]
    public void ShouldKeepLinesShortWhenHelpIsWritten()
    {
        var lines = Xp.Run("--help").Output.Split('\n');

        Assert.That(lines.Max(line => line.Length), Is.LessThanOrEqualTo(110));
    }

    [Test]
    public void ShouldPrintTheVersionWhenAsked()
    {
        var xp = Xp.Run("--version");

        Assert.That(xp.ExitCode, Is.Zero);
        Assert.That(xp.Output, Does.Match(@"^\d+\.\d+\.\d+"));
    }

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);

    private static string OneSpaced(string text) =>
        string.Join(' ', text.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));

    // A command's part begins with its usage and ends with an empty line.
    private static string SectionOf(string text, Command command)
    {
        var lines = text.Split('\n').Select(line => line.TrimEnd('\r'));
        var usage = $"{UsageProblem.PathOf(command)} ";
        var section = lines
            .SkipWhile(line => !line.StartsWith(usage, StringComparison.Ordinal))
            .TakeWhile(line => line.Length > 0);
        return OneSpaced(string.Join(' ', section));
    }
}
