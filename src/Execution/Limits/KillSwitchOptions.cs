namespace ExecutionPipeline.Execution.Limits;

/// <summary>What trips the kill switch besides a command.</summary>
public sealed record KillSwitchOptions
{
    /// <summary>
    /// Fall from the day's peak, or by setting its starting equity, as a fraction of it, that trips it; 1 hardly ever
    /// does. It trips once and again when the fall has been below the cap in between, or on another day. Default 0.05.
    /// </summary>
    public double DailyLossCap { get; init; } = 0.05;

    /// <summary>
    /// Whether a position beyond the position limit trips it: no approved order leads to one. Default true.
    /// </summary>
    public bool TripsOnPositionBreach { get; init; } = true;

    /// <summary>
    /// Orders refused within <see cref="RefusalWindowMs"/> that trip it, at most 65,536; 0: none. Default 0.
    /// </summary>
    public int MaxRefusals { get; init; }

    /// <summary>In milliseconds. Default 10,000.</summary>
    public int RefusalWindowMs { get; init; } = 10_000;

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        if (DailyLossCap is not (> 0 and <= 1))
            throw new ArgumentException("kill switch: set DailyLossCap to a fraction in (0, 1], such as 0.05.");
        if (MaxRefusals is < 0 or > 65_536)
            throw new ArgumentException("kill switch: set MaxRefusals to 0 to 65,536.");
        if (RefusalWindowMs <= 0)
            throw new ArgumentException("kill switch: set RefusalWindowMs to 1 or more milliseconds.");
    }
}
