using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>Called on the conductor's thread when a counter is gone.</summary>
public delegate void UnavailableCounterHandler(CountersReader countersReader, long registrationId, int counterId);
