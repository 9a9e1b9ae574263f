namespace ExecutionPipeline.Cli.Reports;

/// <summary>Shows where a run stands. One thread calls it.</summary>
public interface IRunProgress
{
    /// <summary>A run of <paramref name="total"/> signals begins.</summary>
    void Start(long total);

    /// <summary>Shows new figures. Allocates nothing, so that showing them does not disturb what is measured.</summary>
    void Update(ProgressFigures figures);

    /// <summary>The run has ended, however.</summary>
    void Stop();
}
