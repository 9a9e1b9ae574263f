using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>Values of a channel's status counter.</summary>
public static class ChannelEndpointStatus
{
    /// <summary>The channel is being set up.</summary>
    public const long INITIALIZING = 0;

    /// <summary>The channel failed.</summary>
    public const long ERRORED = -1;

    /// <summary>The channel works.</summary>
    public const long ACTIVE = 1;

    /// <summary>The channel is being closed.</summary>
    public const long CLOSING = 2;

    /// <summary>The counter id of a channel that has no status counter, as one within a machine.</summary>
    public const int NO_ID_ALLOCATED = Aeron.NULL_VALUE;
}

/// <summary>
/// Counters that a driver of network channels keeps: an address that a channel's socket is bound to. The key holds the
/// channel's status counter, and the address as text after its length.
/// </summary>
public static class LocalSocketAddressStatus
{
    /// <summary>The counters' type.</summary>
    public const int LOCAL_SOCKET_ADDRESS_STATUS_TYPE_ID = AeronCounters.DriverLocalSocketAddressStatusTypeId;

    private const int AddressLengthOffset = sizeof(int);
    private const int AddressOffset = AddressLengthOffset + sizeof(int);

    /// <summary>The addresses of a channel that works, by its status counter.</summary>
    public static List<string> FindAddresses(CountersReader countersReader, long channelStatus, int channelStatusId)
    {
        ArgumentNullException.ThrowIfNull(countersReader);
        var addresses = new List<string>();
        if (channelStatus != ChannelEndpointStatus.ACTIVE)
            return addresses;

        countersReader.ForEach((counterId, typeId, key, _) =>
        {
            if (typeId != LOCAL_SOCKET_ADDRESS_STATUS_TYPE_ID
                || key.GetInt(0) != channelStatusId
                || countersReader.GetCounterValue(counterId) != ChannelEndpointStatus.ACTIVE)
                return;

            var length = Math.Min(key.GetInt(AddressLengthOffset), key.Capacity - AddressOffset);
            if (length > 0)
                addresses.Add(key.GetStringWithoutLengthAscii(AddressOffset, length));
        });
        return addresses;
    }

    /// <summary>The first address of a channel that works, or null.</summary>
    public static string? FindAddress(CountersReader countersReader, long channelStatus, int channelStatusId) =>
        FindAddresses(countersReader, channelStatus, channelStatusId).FirstOrDefault();

    /// <summary>How many addresses there are for a registration.</summary>
    public static int FindNumberOfAddressesByRegistrationId(CountersReader countersReader, long registrationId)
    {
        ArgumentNullException.ThrowIfNull(countersReader);
        var count = 0;
        countersReader.ForEach((counterId, typeId, _, _) =>
        {
            if (typeId == LOCAL_SOCKET_ADDRESS_STATUS_TYPE_ID
                && countersReader.GetCounterRegistrationId(counterId) == registrationId)
                count++;
        });
        return count;
    }

    /// <summary>True when a channel has an address in use.</summary>
    public static bool IsActive(CountersReader countersReader, int channelStatusId) =>
        FindAddresses(countersReader, ChannelEndpointStatus.ACTIVE, channelStatusId).Count > 0;
}
