namespace ExecutionPipeline.Aeron.Client;

/// <summary>What the driver says of a publication when it is ready.</summary>
internal readonly record struct PublicationKey(
    int StreamId, int SessionId, long OriginalRegistrationId, long RegistrationId, int ChannelStatusId);
