using System.Text.Json;

namespace ExecutionPipeline.Tidy.Tests;

/// <summary>The settings that the measurements chose must reach the programs that users start.</summary>
public sealed class RuntimeConfigTests
{
    [Test]
    public void ShouldCarryEverySettingOfTheTemplateWhenEmitted()
    {
        using var template = JsonDocument.Parse(Repository.Read("runtimeconfig.template.json"));
        // The build copies the file that xp starts with beside the tests.
        using var emitted = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "xp.runtimeconfig.json")));

        var expected = template.RootElement.GetProperty("configProperties").EnumerateObject().ToList();
        var actual = emitted.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties");
        Assert.That(expected, Is.Not.Empty);
        foreach (var setting in expected)
        {
            Assert.That(actual.TryGetProperty(setting.Name, out var value), Is.True, setting.Name);
            Assert.That(value.GetRawText(), Is.EqualTo(setting.Value.GetRawText()), setting.Name);
        }
    }
}
