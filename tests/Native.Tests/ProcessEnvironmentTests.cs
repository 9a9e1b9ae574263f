namespace ExecutionPipeline.Native.Tests;

public sealed class ProcessEnvironmentTests
{
    [Test]
    public void ShouldReachNativeCodeWhenAVariableIsSet()
    {
        const string name = "XP_TESTS_VARIABLE";
        Assert.That(ProcessEnvironment.Native(name), Is.Null);

        ProcessEnvironment.Set(name, "gesetzt für alle");
        ProcessEnvironment.Set(name, "für alle");

        Assert.That(ProcessEnvironment.Native(name), Is.EqualTo("für alle"));
        Assert.That(Environment.GetEnvironmentVariable(name), Is.EqualTo("für alle"));
    }

    [TestCase("")]
    [TestCase("A=B")]
    public void ShouldRefuseWhenTheNameIsNoName(string name) =>
        Assert.That(() => ProcessEnvironment.Set(name, "1"), Throws.ArgumentException);
}
