namespace ExecutionPipeline.Aeron.Client;

/// <content>Destinations of a publication over a network whose channel has control-mode=manual.</content>
public abstract partial class Publication
{
    /// <summary>Adds a destination and waits until the driver has.</summary>
    /// <exception cref="RegistrationException">The driver refused; the message says why.</exception>
    public void AddDestination(string endpointChannel) =>
        OpenConductor().Execute(driver => driver.AddDestination(OriginalRegistrationId, endpointChannel));

    /// <summary>Removes a destination and waits until the driver has.</summary>
    /// <exception cref="RegistrationException">The driver refused; the message says why.</exception>
    public void RemoveDestination(string endpointChannel) =>
        OpenConductor().Execute(driver => driver.RemoveDestination(OriginalRegistrationId, endpointChannel));

    /// <summary>Removes a destination by the number that adding it returned, and waits until the driver has.</summary>
    /// <exception cref="RegistrationException">The driver refused; the message says why.</exception>
    public void RemoveDestination(long registrationId) =>
        OpenConductor().Execute(driver => driver.RemoveDestination(OriginalRegistrationId, registrationId));

    /// <summary>
    /// Adds a destination without waiting. Returns its number: <see cref="Aeron.IsCommandActive"/> is false for it
    /// once the driver has answered, and the error handler gets a refusal.
    /// </summary>
    public long AsyncAddDestination(string endpointChannel) =>
        OpenConductor().ExecuteAsync(driver => driver.AddDestination(RegistrationId, endpointChannel));

    /// <summary>Removes a destination without waiting; returns the command's number.</summary>
    public long AsyncRemoveDestination(string endpointChannel) =>
        OpenConductor().ExecuteAsync(driver => driver.RemoveDestination(RegistrationId, endpointChannel));

    /// <summary>Removes a destination by its number without waiting; returns the command's number.</summary>
    public long AsyncRemoveDestination(long destinationRegistrationId) =>
        OpenConductor().ExecuteAsync(driver => driver.RemoveDestination(RegistrationId, destinationRegistrationId));

    /// <summary>The addresses that the channel's sockets have; none for a channel within a machine.</summary>
    public List<string> LocalSocketAddresses() =>
        LocalSocketAddressStatus.FindAddresses(_conductor.CountersReader, ChannelStatus, ChannelStatusId);

    private ClientConductor OpenConductor() =>
        _isClosed ? throw new AeronException("Publication is closed") : _conductor;
}
