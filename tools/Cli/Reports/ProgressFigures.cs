namespace ExecutionPipeline.Cli.Reports;

/// <summary>Where a run stands.</summary>
/// <param name="Done">Signals that went through, warm-up included.</param>
/// <param name="RatePerSecond">Signals a second so far.</param>
/// <param name="Orders">Orders sent so far.</param>
/// <param name="Rejected">Messages dropped at the edge so far.</param>
public readonly record struct ProgressFigures(long Done, double RatePerSecond, long Orders, long Rejected);
