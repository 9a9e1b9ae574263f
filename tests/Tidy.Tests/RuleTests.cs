namespace ExecutionPipeline.Tidy.Tests;

/// <summary>Each rule must see a break of it, and must let pass what is right.</summary>
public sealed class RuleTests
{
    [Test]
    public void ShouldSeeLongFilesAndLinesWhenTheyAreThere()
    {
        var lines = string.Concat(Enumerable.Repeat("//\n", TextRules.LongestFileLines));

        Assert.That(TextRules.LongFiles(File(lines)), Has.Exactly(1).Items);
        Assert.That(TextRules.LongFiles(File(lines[..^3])), Is.Empty);
        Assert.That(TextRules.LongLines("x", new string('x', 121)), Has.Exactly(1).Items);
        Assert.That(TextRules.LongLines("x", new string('x', 120) + "\r\n"), Is.Empty);
    }

    [Test]
    public void ShouldSeeAPromiseWhenThereIsOne()
    {
        Assert.That(TextRules.Promises(File("// TO" + "DO: later")), Has.Exactly(1).Items);
        Assert.That(TextRules.Promises(File("// hackneyed todos")), Is.Empty);
    }

    [TestCase("src/Quant/Risk/X.cs", "namespace ExecutionPipeline.Quant.Risk;", 0)]
    [TestCase("src/Quant/X.cs", "namespace ExecutionPipeline.Quant.Risk;", 1)]
    [TestCase("tools/Cli/X.cs", "namespace ExecutionPipeline.Cli;", 0)]
    [TestCase("src/Quant/X.cs", "namespace ExecutionPipeline.Quant { }", 1)]
    public void ShouldSeeANamespaceWhenItIsNotTheFolder(string path, string code, int expected)
    {
        Assert.That(SyntaxRules.Namespaces(SourceFile.Of(path, code)), Has.Exactly(expected).Items);
    }

    [Test]
    public void ShouldSeeALongMethodWhenThereIsOne()
    {
        var body = string.Concat(Enumerable.Repeat("x++;\n", 68));
        var hot = string.Concat(Enumerable.Repeat("x++;\n", 23));

        Assert.That(Long($"class C {{ void M() {{\n{body}}} }}"), Is.Empty, "70 with the braces' lines");
        Assert.That(Long($"class C {{ void M() {{\n{body}x++;\n}} }}"), Has.Exactly(1).Items);
        Assert.That(Long($"class C {{ void OnEvent() {{\n{hot}}} }}"), Is.Empty, "25 with the braces' lines");
        Assert.That(Long($"class C {{ void OnEvent() {{\n{hot}x++;\n}} }}"), Has.Exactly(1).Items);
        Assert.That(Long($"class C {{ C() {{\n{body}x++;\n}} }}"), Has.Exactly(1).Items);

        static IEnumerable<Violation> Long(string code) => SyntaxRules.LongMethods(File(code));
    }

    [TestCase("class C { unsafe void M() { } }", 1)]
    [TestCase("class C { void M() { unsafe { } } }", 1)]
    [TestCase("class C { /* unsafe */ }", 0)]
    public void ShouldSeeUnsafeWhenItIsCode(string code, int expected)
    {
        Assert.That(SyntaxRules.Unsafe(File(code)), Has.Exactly(expected).Items);
    }

    [Test]
    public void ShouldSeeForeignCallsSleepsAndUsingsWhenTheyAreThere()
    {
        const string foreign = """class C { [LibraryImport("c")] void M(); }""";
        Assert.That(SyntaxRules.ForeignCalls(File(foreign)), Has.Exactly(1).Items);
        Assert.That(SyntaxRules.Sleeps(File("class C { void M() => Thread.Sleep(1); }")), Has.Exactly(1).Items);
        Assert.That(SyntaxRules.Sleeps(File("class C { Task M() => Task.Delay(1); }")), Has.Exactly(1).Items);
        Assert.That(SyntaxRules.LibraryUsings(File("using ExecutionPipeline.Disruptor.Dsl;")), Has.Exactly(1).Items);
        Assert.That(SyntaxRules.LibraryUsings(File("using ExecutionPipeline.Aeron.Driver;")), Is.Empty);
    }

    [TestCase("var now = DateTime.UtcNow;", 1)]
    [TestCase("var now = NanoClock.UtcNow;", 0)]
    [TestCase("// DateTime.UtcNow", 0)]
    public void ShouldSeeAReadingOfTheSystemsTimeWhenItIsCode(string statement, int expected) => Assert.That(
        SyntaxRules.SystemTime(File($"class C {{ void M() {{ {statement}\n}} }}")).Count(), Is.EqualTo(expected));

    [Test]
    public void ShouldSeeATypeWhenItIsInSeveralFiles()
    {
        const string ring = "partial class Ring<T> { partial struct Scope { } }";
        SourceFile[] parts = [SourceFile.Of("src/X/Ring.cs", ring), SourceFile.Of("src/X/Ring.Scope.cs", ring)];

        Assert.That(
            TypeRules.TypesInSeveralFiles(parts).Select(violation => violation.Key),
            Is.EquivalentTo(["src/X Ring`1", "src/X Ring`1.Scope"]));
        Assert.That(TypeRules.TypesInSeveralFiles([parts[0], File("partial class Ring { }")]), Is.Empty, "another");
        Assert.That(TypeRules.TypesInSeveralFiles([File(ring)]), Is.Empty, "the other part is generated");
    }

    [TestCase("[Test] public void ShouldDo() { }", 0)]
    [TestCase("[TestCase(1)] public async Task Does() { }", 1)]
    [TestCase("[Test] public void Shoulder() { }", 1)]
    [TestCase("[SetUp] public void Prepare() { }", 0)]
    public void ShouldSeeATestWhenItsNameDoesNotSayWhatShouldBe(string method, int expected)
    {
        Assert.That(TestRules.Names(File($"class C {{ {method} }}")), Has.Exactly(expected).Items);
    }

    [TestCase("Assert.Pass(\"well\");", 1)]
    [TestCase("Assert.Ignore();", 1)]
    [TestCase("Assert.Ignore(\" \");", 1)]
    [TestCase("Assert.Ignore(\"there is no Java\");", 0)]
    [TestCase("Assert.Ignore($\"there is no {x}\");", 0)]
    [TestCase("[Ignore(\"later\")] void M() { }", 1)]
    [TestCase("[Explicit] void M() { }", 1)]
    public void ShouldSeeATestWhenItDoesNotJudge(string statement, int expected)
    {
        var file = File($"class C {{ void T() {{ {statement} }} }}");
        Assert.That(TestRules.SilentSkips(file), Has.Exactly(expected).Items);
    }

    [Test]
    public void ShouldSeeAReferenceWhenItPointsTheWrongWay()
    {
        const string project =
            """<Project><ItemGroup><ProjectReference Include="../Stages/Stages.csproj" /></ItemGroup></Project>""";
        const string library =
            "<Project><PropertyGroup><Libraries>Aeron;Disruptor</Libraries></PropertyGroup></Project>";

        Assert.That(ProjectRules.Directions("src/Messages/Messages.csproj", project), Has.Exactly(1).Items);
        Assert.That(ProjectRules.Directions("src/Pipeline/Pipeline.csproj", project), Is.Empty);
        Assert.That(ProjectRules.Directions("src/Stages/Stages.csproj", library), Has.Exactly(1).Items);
        Assert.That(ProjectRules.Directions("src/Unknown/Unknown.csproj", project), Has.Exactly(1).Items);
    }

    [Test]
    public void ShouldFailWhenAnExceptionIsStaleOrAViolationNew()
    {
        Assert.That(IsTidy([], ["old"]), Is.False);
        Assert.That(IsTidy([new Violation("new", "")], []), Is.False);
        Assert.That(IsTidy([new Violation("known", "")], ["known"]), Is.True);
    }

    private static bool IsTidy(IEnumerable<Violation> violations, IReadOnlyCollection<string> exceptions) =>
        Tidy.Broken(violations.ToList(), exceptions).Count == 0
        && Tidy.Stale(violations.ToList(), exceptions).Count == 0;

    private static SourceFile File(string code) => SourceFile.Of("src/X/C.cs", code);
}
