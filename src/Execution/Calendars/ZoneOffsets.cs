using System.Collections.Concurrent;

namespace ExecutionPipeline.Execution.Calendars;

/// <summary>
/// A time zone's offsets from UTC between 1970 and 2100 as two sorted arrays, so that no event has to ask
/// <see cref="TimeZoneInfo"/>. Times are nanoseconds since the Unix epoch.
/// </summary>
public sealed class ZoneOffsets
{
    internal const long SecondNs = 1_000_000_000;
    internal const long DayNs = 86_400 * SecondNs;

    private const int FirstYear = 1970;
    private const int LastYear = 2100;

    private static readonly ConcurrentDictionary<string, ZoneOffsets> Known = new();

    private readonly long[] _fromUtcNs;
    private readonly long[] _offsetsNs;

    private ZoneOffsets(TimeZoneInfo zone)
    {
        var from = new List<long> { long.MinValue };
        var at = new DateTime(FirstYear, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var offset = zone.GetUtcOffset(at);
        var offsets = new List<long> { ToNs(offset) };
        while (at.Year < LastYear)
        {
            var next = at.AddDays(1);
            var nextOffset = zone.GetUtcOffset(next);
            if (nextOffset != offset)
            {
                from.Add(ToUtcNs(FirstInstantAfterChange(zone, at, next)));
                offsets.Add(ToNs(nextOffset));
                offset = nextOffset;
            }

            at = next;
        }

        _fromUtcNs = [.. from];
        _offsetsNs = [.. offsets];
    }

    /// <summary>The offsets of a zone; worked out once for each.</summary>
    /// <param name="zoneId">An IANA id, "America/New_York".</param>
    /// <exception cref="ArgumentException">The machine knows no such zone.</exception>
    public static ZoneOffsets Of(string zoneId) =>
        Known.GetOrAdd(zoneId, static id => new ZoneOffsets(Find(id)));

    /// <summary>What to add to a UTC time for the local one.</summary>
    public long OffsetAtNs(long utcNs)
    {
        var index = Array.BinarySearch(_fromUtcNs, utcNs);
        return _offsetsNs[index >= 0 ? index : ~index - 1];
    }

    /// <summary>
    /// The UTC time of a local one. An hour that the clocks skip is taken with the offset before the change.
    /// </summary>
    public long ToUtcNs(long localNs)
    {
        var guess = localNs - OffsetAtNs(localNs);
        var utcNs = localNs - OffsetAtNs(guess);
        return Math.Max(utcNs, localNs - OffsetAtNs(utcNs));
    }

    private static TimeZoneInfo Find(string zoneId)
    {
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(zoneId);
        }
        catch (Exception problem) when (problem is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            throw new ArgumentException(
                $"unknown time zone '{zoneId}': set an IANA id such as America/New_York, and install tzdata.",
                nameof(zoneId),
                problem);
        }
    }

    private static DateTime FirstInstantAfterChange(TimeZoneInfo zone, DateTime before, DateTime after)
    {
        var old = zone.GetUtcOffset(before);
        while (after - before > TimeSpan.FromSeconds(1))
        {
            var middle = before + TimeSpan.FromSeconds(Math.Floor((after - before).TotalSeconds / 2));
            if (zone.GetUtcOffset(middle) == old)
                before = middle;
            else
                after = middle;
        }

        return after;
    }

    private static long ToNs(TimeSpan span) => span.Ticks * TimeSpan.NanosecondsPerTick;

    private static long ToUtcNs(DateTime utc) => ToNs(utc - DateTime.UnixEpoch);
}
