using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>Called on the conductor's thread when a client somewhere has added a counter.</summary>
public delegate void AvailableCounterHandler(CountersReader countersReader, long registrationId, int counterId);
