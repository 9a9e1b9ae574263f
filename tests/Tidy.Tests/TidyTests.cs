using System.Xml.Linq;

namespace ExecutionPipeline.Tidy.Tests;

/// <summary>Holds the working tree against the house style. Exceptions are listed here, and only shrink.</summary>
public sealed class TidyTests
{
    private static readonly string[] LinePatterns =
        [".cs", ".csproj", ".props", ".targets", ".js", ".css", ".html", ".xml"];

    [Test]
    public void ShouldFindTheTreeWhenRun()
    {
        Assert.That(Repository.Sources.Select(file => file.Path), Does.Contain("tests/Tidy.Tests/TidyTests.cs"));
        Assert.That(Repository.Sources, Has.Count.GreaterThan(100));
    }

    [Test]
    public void ShouldBeShortWhenAFile() => Check("files have at most 500 lines", TextRules.LongFiles);

    [Test]
    public void ShouldBeShortWhenALine() => Tidy.Check(
        "lines have at most 120 columns",
        Repository.Files(LinePatterns).Where(static path => !path.Contains("/Libraries/", StringComparison.Ordinal))
            .SelectMany(path => TextRules.LongLines(path, Repository.Read(path))));

    [Test]
    public void ShouldBeDoneWhenCommitted() => Check("no promises in the code", TextRules.Promises);

    [Test]
    public void ShouldBeShortWhenAMethod() =>
        Check("methods have at most 70 lines, OnEvent and DoWork 25", SyntaxRules.LongMethods);

    [Test]
    public void ShouldBeNamedAfterTheFolderWhenANamespace() =>
        Check("folder = project = namespace", SyntaxRules.Namespaces, Exceptions.Namespaces);

    [Test]
    public void ShouldBeListedWhenUnsafe() =>
        Check("unsafe only in the files of a list", SyntaxRules.Unsafe, Exceptions.Unsafe);

    [Test]
    public void ShouldBeListedWhenTheSystemsTimeIsRead() => Tidy.Check(
        "durations go by a clock that nobody steps; the system's time is read in the files of a list",
        Repository.Sources
            .Where(static file => file.Path.StartsWith("src/", StringComparison.Ordinal))
            .SelectMany(SyntaxRules.SystemTime),
        Exceptions.SystemTime);

    [Test]
    public void ShouldBeInNativeWhenAForeignCall() => Tidy.Check(
        "LibraryImport only in src/Native",
        Repository.Sources
            .Where(file => !file.Path.StartsWith("src/Native/", StringComparison.Ordinal))
            .SelectMany(SyntaxRules.ForeignCalls));

    [Test]
    public void ShouldNotSleepWhenATest() => Tidy.Check(
        "tests wait for events, not for time",
        Repository.Sources.Where(file => file.IsTest).SelectMany(SyntaxRules.Sleeps));

    [Test]
    public void ShouldNotNameTheProviderWhenALibraryIsUsed()
    {
        string[] folders = ["src/Stages/", "src/Pipeline/", "tools/"];
        Tidy.Check(
            "the libraries' namespaces come from Upstream.props",
            Repository.Sources
                .Where(file => folders.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)))
                .SelectMany(SyntaxRules.LibraryUsings));
    }

    [Test]
    public void ShouldBeInOneFileWhenAType() => Tidy.Check(
        "a type is in one file",
        TypeRules.TypesInSeveralFiles(Repository.Sources),
        Exceptions.TypesInSeveralFiles);

    [Test]
    public void ShouldSayWhatShouldBeWhenATest() => Tidy.Check(
        "a test's name begins with Should", Repository.Sources.Where(file => file.IsTest).SelectMany(TestRules.Names));

    [Test]
    public void ShouldSayWhyWhenATestDoesNotJudge() => Tidy.Check(
        "no test passes unasked, is switched off, or is skipped without a message",
        Repository.Sources.Where(file => file.IsTest).SelectMany(TestRules.SilentSkips));

    [Test]
    public void ShouldPointOneWayWhenAProjectRefersToAnother() => Tidy.Check(
        "references go the way of the design",
        Repository.Files(".csproj").SelectMany(path => ProjectRules.Directions(path, Repository.Read(path))));

    [Test]
    public void ShouldBeInTheSolutionWhenAProject()
    {
        var solution = Repository.Solution.Replace('\\', '/');
        var missing = Repository.Files(".csproj")
            .Where(path => !solution.Contains($"\"{path}\"", StringComparison.Ordinal));
        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void ShouldBeListedWithItsLicenceWhenAPackageIsUsed()
    {
        var packages = XElement.Parse(Repository.Read("Directory.Packages.props"))
            .Descendants("PackageVersion")
            .Select(package => package.Attribute("Include")!.Value)
            .ToList();
        var listed = Repository.Read("NOTICE").Split('\n');

        Assert.That(packages, Is.Not.Empty);
        Assert.That(packages.Where(package => !listed.Any(line => IsLicence(line, package))), Is.Empty);

        static bool IsLicence(string line, string package) =>
            line.StartsWith($"- {package}: ", StringComparison.Ordinal) && line.Length > $"- {package}: ".Length;
    }

    private static void Check(
        string rule,
        Func<SourceFile, IEnumerable<Violation>> violations,
        params IReadOnlyCollection<string> exceptions) =>
        Tidy.Check(rule, Repository.Sources.SelectMany(violations), exceptions);
}
