namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>Takes what a counter is: its id, type, key bytes and label.</summary>
public delegate void CounterMetaDataConsumer(int counterId, int typeId, IDirectBuffer keyBuffer, string label);
