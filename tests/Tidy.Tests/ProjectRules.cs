using System.Xml.Linq;

namespace ExecutionPipeline.Tidy.Tests;

/// <summary>Rules about what projects refer to.</summary>
internal static class ProjectRules
{
    /// <summary>
    /// What each project may refer to: the design's directions, so that there is no way round in a circle.
    /// </summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Audit"] = ["Pipeline"],
        ["Native"] = [],
        ["Quant"] = [],
        ["Messages"] = ["Codecs"],
        ["Disruptor"] = ["Native"],
        ["Aeron"] = ["Native"],
        ["MarketData"] = ["Messages"],
        ["Execution"] = ["Messages", "Quant", "MarketData"],
        ["Analysis"] = ["Execution", "Messages", "Quant"],
        ["Stages"] = ["Messages", "Quant", "Execution", "Disruptor", "Native"],
        ["Pipeline"] = ["Stages", "Aeron", "Disruptor"],
        ["Control"] = ["Pipeline", "Aeron", "Messages", "Analysis"],
        ["Daemon"] = ["Pipeline", "Aeron", "Stages", "Messages", "Native"],
        ["Simulation"] = ["Pipeline", "Disruptor"],
        ["Training"] = ["Messages", "Quant", "Stages"],
    };

    /// <summary>References of the projects below src to other projects, directly or as a library.</summary>
    public static IEnumerable<Violation> Directions(string path, string text)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        if (!path.StartsWith("src/", StringComparison.Ordinal))
            yield break;

        if (!Allowed.TryGetValue(name, out var allowed))
        {
            yield return new Violation(path, "a project that the rule does not know: say what it may refer to");
            yield break;
        }

        foreach (var reference in References(text).Where(reference => !allowed.Contains(reference)))
            yield return new Violation(path, $"{name} may not refer to {reference}");
    }

    /// <summary>Projects by name that a project file refers to, directly or as a library.</summary>
    public static IEnumerable<string> References(string text)
    {
        var project = XElement.Parse(text);
        var direct = project.Descendants("ProjectReference")
            .Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'))
            .Select(path => Path.GetFileNameWithoutExtension(path));
        var libraries = project.Descendants("Libraries")
            .SelectMany(list => list.Value.Split(';', StringSplitOptions.RemoveEmptyEntries));
        return direct.Concat(libraries).Distinct();
    }
}
