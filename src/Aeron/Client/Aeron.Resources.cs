using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

/// <content>Counters, and what is added and removed without waiting.</content>
public sealed partial class Aeron
{
    /// <summary>Asks for a shared publication without waiting; returns the id to get it by.</summary>
    public long AsyncAddPublication(string channel, int streamId) =>
        _conductor.AsyncAddPublication(channel, streamId, isExclusive: false);

    /// <summary>Asks for an exclusive publication without waiting; returns the id to get it by.</summary>
    public long AsyncAddExclusivePublication(string channel, int streamId) =>
        _conductor.AsyncAddPublication(channel, streamId, isExclusive: true);

    /// <summary>Asks for a subscription without waiting; returns the id to get it by.</summary>
    public long AsyncAddSubscription(string channel, int streamId) =>
        AsyncAddSubscription(channel, streamId, Ctx.AvailableImageHandler(), Ctx.UnavailableImageHandler());

    /// <summary>As above, with image handlers of its own.</summary>
    public long AsyncAddSubscription(
        string channel,
        int streamId,
        AvailableImageHandler? availableImageHandler,
        UnavailableImageHandler? unavailableImageHandler) =>
        _conductor.AsyncAddSubscription(channel, streamId, availableImageHandler, unavailableImageHandler);

    /// <summary>The shared publication that was asked for, or null while it is not ready.</summary>
    /// <exception cref="RegistrationException">The driver refused; said once.</exception>
    public ConcurrentPublication? GetPublication(long registrationId) =>
        _conductor.Find<ConcurrentPublication>(registrationId);

    /// <summary>The exclusive publication that was asked for, or null while it is not ready.</summary>
    /// <exception cref="RegistrationException">The driver refused; said once.</exception>
    public ExclusivePublication? GetExclusivePublication(long registrationId) =>
        _conductor.Find<ExclusivePublication>(registrationId);

    /// <summary>The subscription that was asked for, or null while it is not ready.</summary>
    /// <exception cref="RegistrationException">The driver refused; said once.</exception>
    public Subscription? GetSubscription(long registrationId) => _conductor.Find<Subscription>(registrationId);

    /// <summary>The counter that was asked for, or null while it is not ready.</summary>
    /// <exception cref="RegistrationException">The driver refused; said once.</exception>
    public Counter? GetCounter(long correlationId) => _conductor.Find<Counter>(correlationId);

    /// <summary>Closes a publication by its registration without waiting, be it ready or not.</summary>
    /// <exception cref="AeronException">The registration is something else's.</exception>
    public void AsyncRemovePublication(long registrationId) => _conductor.RemovePublication(registrationId);

    /// <summary>Closes a subscription by its registration without waiting, be it ready or not.</summary>
    /// <exception cref="AeronException">The registration is something else's.</exception>
    public void AsyncRemoveSubscription(long registrationId) => _conductor.RemoveSubscription(registrationId);

    /// <summary>Closes a counter by its registration without waiting, be it ready or not.</summary>
    /// <exception cref="AeronException">The registration is something else's.</exception>
    public void AsyncRemoveCounter(long registrationId) => _conductor.RemoveCounter(registrationId);

    /// <summary>True while the answer to a command has not come.</summary>
    public bool IsCommandActive(long correlationId) => _conductor.IsCommandActive(correlationId);

    /// <summary>True while the answer to any command that nobody waits for has not come.</summary>
    public bool HasActiveCommands() => _conductor.HasActiveCommands();

    /// <summary>Adds a counter.</summary>
    public Counter AddCounter(int typeId, string label) => _conductor.AddCounter(typeId, [], label, null);

    /// <summary>Adds a counter with a key of up to 112 bytes.</summary>
    public Counter AddCounter(int typeId, ReadOnlySpan<byte> key, string label) =>
        _conductor.AddCounter(typeId, key.ToArray(), label, null);

    /// <summary>Adds a counter with a key of up to 112 bytes and an ASCII label of up to 380.</summary>
    public Counter AddCounter(
        int typeId,
        IDirectBuffer? keyBuffer,
        int keyOffset,
        int keyLength,
        IDirectBuffer labelBuffer,
        int labelOffset,
        int labelLength) => _conductor.AddCounter(
        typeId, Key(keyBuffer, keyOffset, keyLength), Label(labelBuffer, labelOffset, labelLength), null);

    /// <summary>Adds a counter that outlives this client, or finds it.</summary>
    public Counter AddStaticCounter(int typeId, string label, long registrationId) =>
        _conductor.AddCounter(typeId, [], label, registrationId);

    /// <summary>Adds a counter with a key that outlives this client, or finds it.</summary>
    public Counter AddStaticCounter(
        int typeId,
        IDirectBuffer? keyBuffer,
        int keyOffset,
        int keyLength,
        IDirectBuffer labelBuffer,
        int labelOffset,
        int labelLength,
        long registrationId) => _conductor.AddCounter(
        typeId, Key(keyBuffer, keyOffset, keyLength), Label(labelBuffer, labelOffset, labelLength), registrationId);

    /// <summary>Asks for a counter without waiting; returns the id to get it by.</summary>
    public long AsyncAddCounter(int typeId, string label) => _conductor.AsyncAddCounter(typeId, [], label, null);

    /// <summary>Asks for a counter with a key without waiting; returns the id to get it by.</summary>
    public long AsyncAddCounter(
        int typeId,
        IDirectBuffer? keyBuffer,
        int keyOffset,
        int keyLength,
        IDirectBuffer labelBuffer,
        int labelOffset,
        int labelLength) => _conductor.AsyncAddCounter(
        typeId, Key(keyBuffer, keyOffset, keyLength), Label(labelBuffer, labelOffset, labelLength), null);

    /// <summary>Asks for a counter that outlives this client without waiting; returns the id to get it by.</summary>
    public long AsyncAddStaticCounter(int typeId, string label, long registrationId) =>
        _conductor.AsyncAddCounter(typeId, [], label, registrationId);

    /// <summary>Asks for a counter with a key that outlives this client; returns the id to get it by.</summary>
    public long AsyncAddStaticCounter(
        int typeId,
        IDirectBuffer? keyBuffer,
        int keyOffset,
        int keyLength,
        IDirectBuffer labelBuffer,
        int labelOffset,
        int labelLength,
        long registrationId) => _conductor.AsyncAddCounter(
        typeId, Key(keyBuffer, keyOffset, keyLength), Label(labelBuffer, labelOffset, labelLength), registrationId);

    private static byte[] Key(IDirectBuffer? buffer, int offset, int length)
    {
        if (buffer is null)
            return [];

        return (uint)length <= CountersDescriptor.MaxKeyLength
            ? buffer.AsSpan(offset, length).ToArray()
            : throw new ArgumentException($"key length out of bounds: {length}");
    }

    private static string Label(IDirectBuffer buffer, int offset, int length)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return (uint)length <= CountersDescriptor.MaxLabelLength
            ? buffer.GetStringWithoutLengthAscii(offset, length)
            : throw new ArgumentException($"label length out of bounds: {length}");
    }
}
