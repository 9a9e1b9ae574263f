using System.Text.RegularExpressions;

namespace ExecutionPipeline.Tidy.Tests;

/// <summary>The tests that the table of scenarios names must exist.</summary>
public sealed partial class ScenarioTableTests
{
    private const string Table = "docs/CONTRIBUTING.md";

    [Test]
    public void ShouldNameTestsThatExistWhenAScenarioIsListed()
    {
        var names = TestNames().Matches(Repository.Read(Table));
        Assert.That(names, Has.Count.GreaterThan(20), "scenarios are listed");
        var missing = names
            .Where(static name => !Repository.Files(".cs").Any(file => Holds(file, name)))
            .Select(static name => name.Value);
        Assert.That(missing, Is.Empty);
    }

    private static bool Holds(string file, Match name) =>
        Path.GetFileName(file) == $"{name.Groups["class"].Value}.cs"
        && Repository.Read(file).Contains($" {name.Groups["test"].Value}(", StringComparison.Ordinal);

    [GeneratedRegex(@"`(?<class>\w+Tests)\.(?<test>Should\w+)`")]
    private static partial Regex TestNames();
}
