using System.Text.RegularExpressions;
using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Tests.CommandLine;

/// <summary>Whoever is woken at night types what the runbooks say: every command of theirs must be one.</summary>
public sealed partial class RunbookTests
{
    private static IEnumerable<string> Commands() => Spans()
        .Matches(File.ReadAllText(RepositoryFiles.PathOf("docs", "RUNBOOKS.md")))
        .Select(static match => string.Join(
            ' ', match.Groups[1].Value.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)))
        .Distinct();

    [TestCaseSource(nameof(Commands))]
    public void ShouldBeUnderstoodWhenARunbookNamesIt(string command)
    {
        var folder = Directory.CreateTempSubdirectory("xp-runbook-").FullName;
        try
        {
            string[] words =
            [
                .. command.Split(' ').Select(word => word switch
                {
                    "DIR" => folder,
                    "N" or "ID" => "1",
                    _ => word,
                }),
            ];
            var parsed = XpCommandLine.Parse(words, Xp.Run("--version").Handlers);

            Assert.That(parsed.Errors.Select(static error => error.Message), Is.Empty);
            Assert.That(parsed.UnmatchedTokens, Is.Empty);
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    [Test]
    public void ShouldHaveCommandsWhenTheRunbooksAreRead()
    {
        Assert.That(Commands().Count(), Is.GreaterThan(15));
    }

    // In the text a command is more than its name: `xp top` alone is a mention.
    [GeneratedRegex("`xp ([a-z-]+ [^`]+)`")]
    private static partial Regex Spans();
}
