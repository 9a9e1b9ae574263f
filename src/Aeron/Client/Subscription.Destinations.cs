using static ExecutionPipeline.Aeron.Client.Aeron.Context;

namespace ExecutionPipeline.Aeron.Client;

/// <content>Destinations of a subscription over a network, and the addresses of its channel.</content>
public sealed partial class Subscription
{
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
