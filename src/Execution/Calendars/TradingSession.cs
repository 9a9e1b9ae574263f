namespace ExecutionPipeline.Execution.Calendars;

/// <summary>
/// A daily session in its own time zone. A close at or before the open belongs to the next day. The bounds of the
/// running day are kept, so that a call costs two comparisons and a division.
/// </summary>
public sealed class TradingSession
{
    private readonly ZoneOffsets _zone;
    private readonly long _openOfDayNs;
    private readonly long _closeOfDayNs;
    private readonly bool _isOvernight;
    private long _validFromNs = long.MaxValue;
    private long _validUntilNs = long.MinValue;
    private long _openNs;
    private long _closeNs;

    public TradingSession(ZoneOffsets zone, TimeOnly open, TimeOnly close)
    {
        _zone = zone;
        _openOfDayNs = open.Ticks * TimeSpan.NanosecondsPerTick;
        _closeOfDayNs = close.Ticks * TimeSpan.NanosecondsPerTick;
        _isOvernight = _closeOfDayNs <= _openOfDayNs;
        if (_isOvernight)
            _closeOfDayNs += ZoneOffsets.DayNs;
    }

    /// <summary>
    /// How far the session of the local day has run: 0 before the open, 1 after the close.
    /// </summary>
    /// <param name="timeNs">Nanoseconds since the Unix epoch, UTC.</param>
    public double ProgressAt(long timeNs)
    {
        if (timeNs < _validFromNs || timeNs >= _validUntilNs)
            Locate(timeNs);

        if (timeNs <= _openNs)
            return 0;

        return timeNs >= _closeNs ? 1 : (double)(timeNs - _openNs) / (_closeNs - _openNs);
    }

    /// <summary>Finds the bounds of the day; needed once a day.</summary>
    private void Locate(long timeNs)
    {
        var localNs = timeNs + _zone.OffsetAtNs(timeNs);
        var dayNs = Math.DivRem(localNs, ZoneOffsets.DayNs, out var ofDayNs) * ZoneOffsets.DayNs;
        if (ofDayNs < 0)
            dayNs -= ZoneOffsets.DayNs;
        if (_isOvernight && localNs - dayNs < _openOfDayNs)
            dayNs -= ZoneOffsets.DayNs;

        _openNs = _zone.ToUtcNs(dayNs + _openOfDayNs);
        _closeNs = _zone.ToUtcNs(dayNs + _closeOfDayNs);
        var startOfDayNs = _isOvernight ? _openOfDayNs : 0;
        _validFromNs = _zone.ToUtcNs(dayNs + startOfDayNs);
        _validUntilNs = _zone.ToUtcNs(dayNs + ZoneOffsets.DayNs + startOfDayNs);
    }
}
