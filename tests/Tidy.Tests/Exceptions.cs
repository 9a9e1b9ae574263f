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
