using System.Text.Json;
using System.Text.RegularExpressions;

namespace ExecutionPipeline.Control.Tests.Deploy;

/// <summary>What stands in the files of deploy/.</summary>
internal static partial class DeployedFiles
{
    /// <summary>A path below deploy/.</summary>
    public static string PathOf(params string[] parts) => RepositoryFiles.PathOf(["deploy", .. parts]);

    /// <summary>Names of the alerts.</summary>
    public static IReadOnlyList<string> Alerts() => Named("alert");

    /// <summary>Names that rules record.</summary>
    public static IReadOnlyList<string> RecordedNames() => Named("record");

    /// <summary>The queries of all panels.</summary>
    public static IReadOnlyList<string> DashboardQueries()
    {
        using var json = JsonDocument.Parse(
            File.ReadAllText(PathOf("grafana", "execution-engine-dashboard.json")));
        return
        [
            .. json.RootElement.GetProperty("panels").EnumerateArray()
                .SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
                .Select(static target => target.GetProperty("expr").GetString()!),
        ];
    }

    private static List<string> Named(string key) =>
    [
        .. RuleNames().Matches(File.ReadAllText(PathOf("prometheus", "execution-alerts.yml")))
            .Where(match => match.Groups[1].Value == key).Select(static match => match.Groups[2].Value),
    ];

    [GeneratedRegex("- (alert|record): (\\S+)")]
    private static partial Regex RuleNames();
}
