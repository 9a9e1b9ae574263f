using ExecutionPipeline.Aeron.Buffers;
using static ExecutionPipeline.Aeron.Client.ChannelParameterNames;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>Receives a stream from all its publications: an image for each. Polled by one thread.</summary>
public sealed class Subscription : IDisposable
{
    private readonly ClientConductor _conductor;
    private volatile Image[] _images = [];
    private volatile bool _isClosed;
    private int _roundRobinIndex;

    internal Subscription(
        ClientConductor conductor,
        string channel,
        int streamId,
        long registrationId,
        AvailableImageHandler? availableImageHandler,
        UnavailableImageHandler? unavailableImageHandler)
    {
        _conductor = conductor;
        Channel = channel;
        StreamId = streamId;
        RegistrationId = registrationId;
        AvailableImageHandler = availableImageHandler;
        UnavailableImageHandler = unavailableImageHandler;
    }

    /// <summary>The channel, as it was asked for.</summary>
    public string Channel { get; }

    /// <summary>The stream.</summary>
    public int StreamId { get; }

    /// <summary>The subscription's registration.</summary>
    public long RegistrationId { get; }

    /// <summary>Called on the conductor's thread for a new image.</summary>
    public AvailableImageHandler? AvailableImageHandler { get; }

    /// <summary>Called on the conductor's thread for an image lost.</summary>
    public UnavailableImageHandler? UnavailableImageHandler { get; }

    /// <summary>The counter of the channel's status, -1 for none.</summary>
    public int ChannelStatusId { get; internal set; } = ChannelEndpointStatus.NO_ID_ALLOCATED;

    /// <summary>The channel's status: 1 while it works, as a channel without a network always does.</summary>
    public long ChannelStatus =>
        _isClosed ? ChannelEndpointStatus.NO_ID_ALLOCATED : _conductor.ChannelStatus(ChannelStatusId);

    /// <summary>True once closed, by the application, or because the driver has gone.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>True while there is an image that is not closed.</summary>
    public bool IsConnected
    {
        get
        {
            foreach (var image in _images)
            {
                if (!image.Closed)
                    return true;
            }

            return false;
        }
    }

    /// <summary>True while there is no image.</summary>
    public bool HasNoImages => _images.Length == 0;

    /// <summary>How many images there are.</summary>
    public int ImageCount => _images.Length;

    /// <summary>The images at this moment.</summary>
    public IList<Image> Images => Array.AsReadOnly(_images);

    /// <summary>Hands up to a number of fragments over, from all images in turn; returns how many.</summary>
    public int Poll(FragmentHandler fragmentHandler, int fragmentLimit) =>
        PollImages(new DelegateConsumer(fragmentHandler), fragmentLimit);

    /// <summary>Hands up to a number of fragments over, from all images in turn; returns how many.</summary>
    public int Poll(IFragmentHandler fragmentHandler, int fragmentLimit) =>
        PollImages(new HandlerConsumer(fragmentHandler), fragmentLimit);

    /// <summary>Hands fragments over, as the handler says how to go on; returns how many.</summary>
    public int ControlledPoll(ControlledFragmentHandler fragmentHandler, int fragmentLimit) =>
        PollImages(new ControlledDelegateConsumer(fragmentHandler), fragmentLimit);

    /// <summary>Hands fragments over, as the handler says how to go on; returns how many.</summary>
    public int ControlledPoll(IControlledFragmentHandler fragmentHandler, int fragmentLimit) =>
        PollImages(new ControlledHandlerConsumer(fragmentHandler), fragmentLimit);

    /// <summary>Hands whole frames over, up to a number of bytes an image; returns how many bytes.</summary>
    public long BlockPoll(BlockHandler blockHandler, int blockLengthLimit)
    {
        long bytesRead = 0;
        foreach (var image in _images)
            bytesRead += image.BlockPoll(blockHandler, blockLengthLimit);

        return bytesRead;
    }

    /// <summary>
    /// Hands whole frames and the file they lie in over, up to a number of bytes an image; returns how many bytes.
    /// </summary>
    public long RawPoll(RawBlockHandler rawBlockHandler, int blockLengthLimit)
    {
        long bytesRead = 0;
        foreach (var image in _images)
            bytesRead += image.RawPoll(rawBlockHandler, blockLengthLimit);

        return bytesRead;
    }

    /// <summary>Hands every image over.</summary>
    public void ForEachImage(Action<Image> consumer) => Array.ForEach(_images, consumer);

    /// <summary>The image of a session, or null.</summary>
    public Image? ImageBySessionId(int sessionId) => Array.Find(_images, image => image.SessionId == sessionId);

    /// <summary>An image by its index among <see cref="ImageCount"/>.</summary>
    public Image ImageAtIndex(int index) => _images[index];

    /// <summary>Closes the subscription and its images.</summary>
    public void Dispose() => _conductor.RemoveSubscription(RegistrationId);

    /// <inheritdoc/>
    public override string ToString() =>
        $"Subscription{{registrationId={RegistrationId}, isClosed={IsClosed}, isConnected={IsConnected}, "
        + $"streamId={StreamId}, channel='{Channel}', imageCount={ImageCount}}}";

    internal Image[] InternalClose()
    {
        _isClosed = true;
        var images = _images;
        _images = [];
        foreach (var image in images)
            image.Close();

        return images;
    }

    internal void AddImage(Image image) => _images = [.. _images, image];

    internal Image? RemoveImage(long correlationId)
    {
        var removed = Array.Find(_images, image => image.CorrelationId == correlationId);
        if (removed is null)
            return null;

        removed.Close();
        _images = Array.FindAll(_images, image => image != removed);
        return removed;
    }

    internal void RejectImage(long correlationId, long position, string reason)
    {
        if (Channel.StartsWith(Aeron.Context.SPY_PREFIX, StringComparison.Ordinal))
            throw new AeronException("spies can not reject images");

        _conductor.Execute(driver => driver.RejectImage(correlationId, position, reason));
    }

    private int PollImages<TConsumer>(TConsumer consumer, int fragmentLimit)
        where TConsumer : struct, IFragmentConsumer
    {
        var images = _images;
        if (images.Length == 1)
            return images[0].PollTo(consumer, long.MaxValue, fragmentLimit);

        // Each poll starts with another image, so that a busy one does not starve the rest.
        var start = _roundRobinIndex++;
        if (start >= images.Length)
            _roundRobinIndex = start = 0;

        var fragmentsRead = 0;
        for (var i = 0; i < images.Length && fragmentsRead < fragmentLimit; i++)
        {
            var index = start + i;
            var image = images[index < images.Length ? index : index - images.Length];
            fragmentsRead += image.PollTo(consumer, long.MaxValue, fragmentLimit - fragmentsRead);
        }

        return fragmentsRead;
    }

    private string? _resolvedEndpoint;
    private string? _resolvedChannel;

    /// <summary>The addresses that the channel's sockets have; none for a channel within a machine.</summary>
    public List<string> LocalSocketAddresses =>
        LocalSocketAddressStatus.FindAddresses(_conductor.CountersReader, ChannelStatus, ChannelStatusId);

    /// <summary>The address and port that the channel's socket has; null for a channel within a machine.</summary>
    public string? ResolvedEndpoint => _resolvedEndpoint ??=
        LocalSocketAddressStatus.FindAddress(_conductor.CountersReader, ChannelStatus, ChannelStatusId);

    /// <summary>Adds a destination to receive from and waits until the driver has.</summary>
    /// <exception cref="RegistrationException">The driver refused; the message says why.</exception>
    public void AddDestination(string endpointChannel) =>
        _conductor.Execute(driver => driver.AddRcvDestination(RegistrationId, endpointChannel));

    /// <summary>Removes a destination and waits until the driver has.</summary>
    /// <exception cref="RegistrationException">The driver refused; the message says why.</exception>
    public void RemoveDestination(string endpointChannel) =>
        _conductor.Execute(driver => driver.RemoveRcvDestination(RegistrationId, endpointChannel));

    /// <summary>
    /// Adds a destination without waiting. Returns the command's number: <see cref="Aeron.IsCommandActive"/> is false
    /// for it once the driver has answered, and the error handler gets a refusal.
    /// </summary>
    public long AsyncAddDestination(string endpointChannel) =>
        _conductor.ExecuteAsync(driver => driver.AddRcvDestination(RegistrationId, endpointChannel));

    /// <summary>Removes a destination without waiting; returns the command's number.</summary>
    public long AsyncRemoveDestination(string endpointChannel) =>
        _conductor.ExecuteAsync(driver => driver.RemoveRcvDestination(RegistrationId, endpointChannel));

    /// <summary>
    /// The channel with the port that the driver chose in the place of port 0, null while that is not known; the
    /// channel as it was asked for when it has no such port.
    /// </summary>
    public string? TryResolveChannelEndpointPort() => _resolvedChannel ??= ResolveChannel();

    private string? ResolveChannel()
    {
        var uri = ChannelUri.Parse(Channel);
        if (uri.Get(ENDPOINT_PARAM_NAME) is not { } endpoint
            || !ChannelUri.IsWildcard(endpoint)
            || uri.Get(MDC_CONTROL_MODE_PARAM_NAME) == MDC_CONTROL_MODE_MANUAL)
            return Channel;

        if (ResolvedEndpoint is not { } resolved)
            return null;

        uri.ReplaceEndpointWildcardPort(resolved);
        return uri.ToString();
    }
}
