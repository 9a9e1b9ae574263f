using System.Diagnostics;
using System.Globalization;
using System.Text;
using ExecutionPipeline.Aeron.Monitoring;
using ExecutionPipeline.Control.Alerts;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Control.Prometheus;

/// <summary>Metrics of the two processes, of their .NET runtimes, and of the media driver between them.</summary>
public sealed class ProcessMetrics(
    ControlOptions options, PipelineLink link, PipelineRecords records, AlertWatch alerts, HiccupWatch hiccups)
{
    private const double NanosPerSecond = 1e9;

    /// <summary>Types from here on are the pipeline's own, which have metrics of their own.</summary>
    private const int OwnTypes = 1_000;

    /// <summary>
    /// Of the pipeline's process, as it tells, and as Linux does where both are on one machine and in one container:
    /// elsewhere its number is that of another process.
    /// </summary>
    public static void WritePipeline(StringBuilder text, PipelineReading now)
    {
        ArgumentNullException.ThrowIfNull(now);
        MetricLines.Head(
            text, "execution_gc_collections_total", "counter", "Garbage collections of the pipeline's process.");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            MetricLines.Line(
                text, "execution_gc_collections_total", $"generation=\"{generation}\"",
                now[PipelineFigure.Collections, generation]);
        }

        MetricLines.Counter(
            text, "execution_allocated_bytes_total", "Bytes that the pipeline's process has allocated.",
            now[PipelineFigure.AllocatedBytes]);
        MetricLines.Counter(
            text, "execution_gc_pause_seconds_total", "How long collections have held the pipeline's process up.",
            now[PipelineFigure.CollectionPauseNs] / NanosPerSecond);
        if (now[PipelineFigure.ProcessNamespace] != ProcessNamespace.Own
            || MachineLoad.OfProcess(now[PipelineFigure.ProcessId]) is not { } process)
            return;

        MetricLines.One(
            text, "execution_process_resident_bytes", "Memory of the pipeline's process.", process.ResidentBytes);
        MetricLines.Counter(
            text, "execution_process_cpu_seconds_total", "Processor time of the pipeline's process.",
            process.CpuSeconds);
        MetricLines.One(text, "execution_process_threads", "Threads of the pipeline's process.", process.Threads);
    }

    /// <summary>Of this control plane's process.</summary>
    public void WriteOwn(StringBuilder text)
    {
        MetricLines.One(text, "control_connected", "1 while the pipeline is reached.", link.Problem is null ? 1 : 0);
        MetricLines.Counter(
            text, "control_messages_total", "Outbound messages that were taken in.", records.Events.Last);
        using var process = Process.GetCurrentProcess();
        MetricLines.One(
            text, "control_memory_bytes", "Memory of this control plane's process.", Environment.WorkingSet);
        MetricLines.Counter(
            text, "control_cpu_seconds_total", "Processor time of this control plane's process.",
            process.TotalProcessorTime.TotalSeconds);
        MetricLines.One(text, "control_threads", "Threads of this control plane's process.", process.Threads.Count);
        MetricLines.One(
            text, "control_thread_pool_waiting", "Work that waits for a thread.",
            ThreadPool.PendingWorkItemCount);
        MetricLines.One(text, "control_heap_bytes", "The managed heap.", GC.GetTotalMemory(forceFullCollection: false));
        MetricLines.Counter(
            text, "control_allocated_bytes_total", "Bytes that were allocated.", GC.GetTotalAllocatedBytes());
        MetricLines.Counter(
            text, "control_gc_pause_seconds_total", "How long collections have held this process up.",
            GC.GetTotalPauseDuration().TotalSeconds);
        MetricLines.Head(
            text, "control_gc_collections_total", "counter", "Garbage collections of this control plane's process.");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            MetricLines.Line(
                text, "control_gc_collections_total", $"generation=\"{generation}\"", GC.CollectionCount(generation));
        }

        hiccups.Write(text);
        WriteAlerts(text);
    }

    /// <summary>The media driver's own counters and the positions of its streams.</summary>
    public void WriteDriver(StringBuilder text)
    {
        try
        {
            using var monitor = DriverMonitor.Open(options.AeronDirectory);
            WriteSystemCounters(text, monitor);
            WriteStreams(text, monitor);
            MetricLines.One(
                text, "aeron_errors", "Different errors in the media driver's log.", monitor.Errors().Count);
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // There is no driver, as execution_up says.
        }
    }

    private static void WriteSystemCounters(StringBuilder text, DriverMonitor monitor)
    {
        MetricLines.Head(text, "aeron_driver_value", "gauge", "Counters of the media driver itself, by label.");
        foreach (var counter in monitor.Counters().Where(static one => one.TypeId == 0))
        {
            MetricLines.Line(
                text, "aeron_driver_value",
                string.Create(
                    CultureInfo.InvariantCulture, $"id=\"{counter.Id}\",label=\"{MetricLines.Escape(counter.Label)}\""),
                counter.Value);
        }
    }

    private static void WriteStreams(StringBuilder text, DriverMonitor monitor)
    {
        MetricLines.Head(
            text, "aeron_stream_position_bytes", "gauge", "How far publishers and subscribers of a stream have come.");
        foreach (var position in monitor.Streams().Where(static one => one.TypeId < OwnTypes))
        {
            MetricLines.Line(
                text, "aeron_stream_position_bytes",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"stream=\"{position.StreamId}\",session=\"{position.SessionId}\",type=\"{position.TypeId}\",")
                    + string.Create(CultureInfo.InvariantCulture, $"counter=\"{position.CounterId}\""),
                position.Value);
        }
    }

    private void WriteAlerts(StringBuilder text)
    {
        MetricLines.Head(text, "control_alerts_active", "gauge", "Alerts that are active, by severity.");
        var active = alerts.Active;
        foreach (var severity in Enum.GetValues<AlertSeverity>())
        {
            MetricLines.Line(
                text, "control_alerts_active", $"severity=\"{Json.NameOf(severity)}\"",
                active.Count(alert => alert.Severity == severity));
        }

        MetricLines.Head(text, "control_alerts_waiting", "gauge", "Notices that a receiver has not taken yet.");
        foreach (var receiver in alerts.Receivers)
            MetricLines.Line(text, "control_alerts_waiting", $"receiver=\"{receiver.Name}\"", receiver.Waiting);
        MetricLines.Head(text, "control_alert_failures_total", "counter", "Posts that a receiver did not take.");
        foreach (var receiver in alerts.Receivers)
            MetricLines.Line(text, "control_alert_failures_total", $"receiver=\"{receiver.Name}\"", receiver.Failures);
    }
}
