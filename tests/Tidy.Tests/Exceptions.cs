namespace ExecutionPipeline.Tidy.Tests;

/// <summary>What the rules let pass, and why. A test fails when one is no longer needed.</summary>
internal static class Exceptions
{
    /// <summary>Folders whose types are in the one namespace that the official library has for all of them.</summary>
    public static IReadOnlyCollection<string> Namespaces { get; } =
    [
        "src/Disruptor/Handlers",
        "src/Disruptor/Polling",
        "src/Disruptor/Rings",
        "src/Disruptor/Sequencing",
        "src/Disruptor/WaitStrategies",
    ];

    /// <summary>Classes in several files: none, and none is to come.</summary>
    public static IReadOnlyCollection<string> TypesInSeveralFiles { get; } = [];

    /// <summary>
    /// Where the system's time is read: for stamps that are shown or kept, for the ages of what other processes have
    /// stamped, and for clocks that are made of it. Durations go by a clock that nobody steps.
    /// </summary>
    public static IReadOnlyCollection<string> SystemTime { get; } =
    [
        "src/Aeron/Buffers/Clocks.cs",
        "src/Control/Alerts/HealthMonitor.cs",
        "src/Control/Api/AgentApi.cs",
        "src/Control/Api/MetricsApi.cs",
        "src/Control/Api/StateApi.cs",
        "src/Control/Link/Commander.cs",
        "src/Control/Link/PipelineLink.cs",
        "src/Control/Security/CallAudit.cs",
        "src/Control/Security/CallNote.cs",
        "src/Control/Security/TlsFiles.cs",
        "src/Control/Streams/StreamApi.cs",
        "src/Daemon/DaemonLog.cs",
        "src/Native/NanoClock.cs",
        "src/Native/SignOfLife.cs",
        "src/Pipeline/Journal/SegmentSet.cs",
        "src/Pipeline/Telemetry/PipelineCounters.cs",
    ];

    /// <summary>Where memory is shared with other processes, with native code, or laid out by hand.</summary>
    public static IReadOnlyCollection<string> Unsafe { get; } =
    [
        "src/Aeron/Buffers/UnsafeBuffer.cs",
        "src/Disruptor/Rings/UnmanagedRingBuffer`1.cs",
        "src/Disruptor/Rings/UnmanagedRingBufferMemory.cs",
        "src/Native/KernelRecord.cs",
        "src/Native/MemoryMap.cs",
        "src/Pipeline/Hosting/AeronTransport.cs",
        "src/Pipeline/Journal/JournalWriter.cs",
    ];
}
