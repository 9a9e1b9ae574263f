using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>A client's counter.</summary>
internal sealed record CounterLink(long RegistrationId, DriverClient Client, AtomicCounter Counter);
