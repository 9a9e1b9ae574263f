using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using static ExecutionPipeline.Aeron.Buffers.CountersDescriptor;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>Counters of when somebody last showed life. The key holds who, as 8 bytes.</summary>
public static class HeartbeatTimestamp
{
    /// <summary>The type of the counters of a driver's clients.</summary>
    public const int HEARTBEAT_TYPE_ID = AeronCounters.DriverHeartbeatTypeId;

    /// <summary>
    /// The counter in use of a type and of who registered it, or <see cref="CountersReader.NULL_COUNTER_ID"/>.
    /// </summary>
    public static int FindCounterIdByRegistrationId(
        CountersReader countersReader, int counterTypeId, long registrationId)
    {
        ArgumentNullException.ThrowIfNull(countersReader);
        for (var id = 0; id <= countersReader.MaxCounterId; id++)
        {
            if (countersReader.GetCounterState(id) == RecordUnused)
                break;

            if (IsActive(countersReader, id, counterTypeId, registrationId))
                return id;
        }

        return CountersReader.NULL_COUNTER_ID;
    }

    /// <summary>True when a counter is in use, of a type and of who registered it.</summary>
    public static bool IsActive(CountersReader countersReader, int counterId, int counterTypeId, long registrationId)
    {
        ArgumentNullException.ThrowIfNull(countersReader);
        return countersReader.GetCounterState(counterId) == RecordAllocated
            && countersReader.GetCounterTypeId(counterId) == counterTypeId
            && countersReader.MetaDataBuffer.GetLong(MetaDataOffset(counterId) + KeyOffset) == registrationId;
    }
}
