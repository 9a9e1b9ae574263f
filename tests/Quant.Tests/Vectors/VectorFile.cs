using System.Text.Json;

namespace ExecutionPipeline.Quant.Tests.Vectors;

/// <summary>Reference values computed with numpy and scipy, kept beside the checkout and not in it.</summary>
internal static class VectorFile
{
    public const double RelativeTolerance = 1e-9;

    public static IEnumerable<(JsonElement In, JsonElement Out)> Cases(string name)
    {
        var path = RepositoryFiles.SharedPathOf("vectors", name + ".json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        var cases = document.RootElement.GetProperty("cases").Clone();
        Assert.That(cases.GetArrayLength(), Is.Positive, "the file has no case");
        return cases.EnumerateArray().Select(static c => (c.GetProperty("in"), c.GetProperty("out")));
    }

    public static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    public static int Integer(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    public static double[] Numbers(this JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(static e => e.GetDouble())];

    /// <summary>Equal to 1e-9 of <paramref name="scale"/>, which is the expected value where none is given.</summary>
    public static void AssertClose(double actual, double expected, string what, double scale = 0)
    {
        var tolerance = RelativeTolerance * Math.Max(Math.Abs(expected), scale);
        Assert.That(actual, Is.EqualTo(expected).Within(Math.Max(tolerance, 1e-15)), what);
    }
}
