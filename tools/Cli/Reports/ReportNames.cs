using System.Globalization;
using System.Text.Json;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>Words and figures as the reports write them.</summary>
public static class ReportNames
{
    public const string EndToEnd = "end_to_end";
    public const string PlatformHiccup = "platform_hiccup";

    /// <summary>The name of what one thread's processor did: "platform_hiccup_engine".</summary>
    public static string HiccupOf(string thread) => $"{PlatformHiccup}_{thread}";

    /// <summary>An enum's value as a JSON key: "RiskRefused" becomes "risk_refused".</summary>
    public static string KeyOf<T>(T value)
        where T : struct, Enum =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>A key for people: "end_to_end" becomes "end to end".</summary>
    public static string Words(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Replace('_', ' ');
    }

    /// <summary>Nanoseconds as microseconds: two decimals up to 100, then one, then none.</summary>
    public static string Microseconds(double ns)
    {
        var us = ns / 1000;
        var format = Math.Abs(us) switch
        {
            < 99.995 => "0.00",
            < 9999.95 => "#,0.0",
            _ => "#,0",
        };
        return us.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A count with separators.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
