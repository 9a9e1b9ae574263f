using System.Text;
using System.Text.Unicode;
using static ExecutionPipeline.Aeron.Buffers.CountersDescriptor;

namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>Reads counters that live in memory shared with other processes.</summary>
public class CountersReader
{
    /// <summary>The id of no counter.</summary>
    public const int NULL_COUNTER_ID = -1;

    /// <summary>Takes the two buffers that counters live in.</summary>
    public CountersReader(UnsafeBuffer metaDataBuffer, UnsafeBuffer valuesBuffer)
    {
        ArgumentNullException.ThrowIfNull(metaDataBuffer);
        ArgumentNullException.ThrowIfNull(valuesBuffer);
        MetaDataBuffer = metaDataBuffer;
        ValuesBuffer = valuesBuffer;
        MaxCounterId = Math.Min(valuesBuffer.Capacity / CounterLength, metaDataBuffer.Capacity / MetaDataLength) - 1;
    }

    /// <summary>The highest id that there is room for.</summary>
    public int MaxCounterId { get; }

    /// <summary>The metadata records.</summary>
    public UnsafeBuffer MetaDataBuffer { get; }

    /// <summary>The value records.</summary>
    public UnsafeBuffer ValuesBuffer { get; }

    /// <summary>Visits every counter in use, by ascending id.</summary>
    public void ForEach(CounterMetaDataConsumer consumer)
    {
        ArgumentNullException.ThrowIfNull(consumer);
        for (var id = 0; id <= MaxCounterId; id++)
        {
            var state = GetCounterState(id);
            if (state == RecordUnused)
                break;

            if (state != RecordAllocated)
                continue;

            var key = new UnsafeBuffer(MetaDataBuffer, MetaDataOffset(id) + KeyOffset, MaxKeyLength);
            consumer(id, GetCounterTypeId(id), key, GetCounterLabel(id));
        }
    }

    /// <summary>The counter in use of a type and registration, or <see cref="NULL_COUNTER_ID"/>.</summary>
    public int FindByTypeIdAndRegistrationId(int typeId, long registrationId)
    {
        for (var id = 0; id <= MaxCounterId; id++)
        {
            var state = GetCounterState(id);
            if (state == RecordUnused)
                break;

            if (state == RecordAllocated
                && GetCounterTypeId(id) == typeId
                && GetCounterRegistrationId(id) == registrationId)
                return id;
        }

        return NULL_COUNTER_ID;
    }

    /// <summary>A counter's value.</summary>
    public long GetCounterValue(int counterId) => ValuesBuffer.GetLongVolatile(CheckedCounterOffset(counterId));

    /// <summary>Who registered a counter.</summary>
    public long GetCounterRegistrationId(int counterId) =>
        ValuesBuffer.GetLongVolatile(CheckedCounterOffset(counterId) + RegistrationIdOffset);

    /// <summary>The client that owns a counter, -1 for none.</summary>
    public long GetCounterOwnerId(int counterId) =>
        ValuesBuffer.GetLongVolatile(CheckedCounterOffset(counterId) + OwnerIdOffset);

    /// <summary>What a counter is about: for a subscriber's position, the image's publication.</summary>
    public long GetCounterReferenceId(int counterId) =>
        ValuesBuffer.GetLongVolatile(CheckedCounterOffset(counterId) + ReferenceIdOffset);

    /// <summary>One of the record states of <see cref="CountersDescriptor"/>.</summary>
    public int GetCounterState(int counterId) => MetaDataBuffer.GetIntVolatile(CheckedMetaDataOffset(counterId));

    /// <summary>A counter's type.</summary>
    public int GetCounterTypeId(int counterId) =>
        MetaDataBuffer.GetInt(CheckedMetaDataOffset(counterId) + TypeIdOffset);

    /// <summary>When a freed counter's record may be reused, in milliseconds since the epoch.</summary>
    public long GetFreeForReuseDeadline(int counterId) =>
        MetaDataBuffer.GetLongVolatile(CheckedMetaDataOffset(counterId) + FreeForReuseDeadlineOffset);

    /// <summary>A counter's label.</summary>
    public string GetCounterLabel(int counterId)
    {
        var offset = CheckedMetaDataOffset(counterId) + LabelOffset;
        var length = Math.Clamp(MetaDataBuffer.GetIntVolatile(offset), 0, MaxLabelLength);
        return Encoding.UTF8.GetString(MetaDataBuffer.AsSpan(offset + sizeof(int), length));
    }

    /// <summary>Adds to a label as much of a text as there is room for.</summary>
    public void AppendToLabel(int counterId, string suffix)
    {
        ArgumentNullException.ThrowIfNull(suffix);
        var offset = CheckedMetaDataOffset(counterId) + LabelOffset;
        var length = Math.Clamp(MetaDataBuffer.GetIntVolatile(offset), 0, MaxLabelLength);
        length += PutLabel(offset + sizeof(int) + length, suffix, MaxLabelLength - length);
        // Readers take the length first: pairs with the acquiring read in GetCounterLabel.
        MetaDataBuffer.PutIntOrdered(offset, length);
    }

    /// <summary>Writes as many whole characters as there is room for; returns their bytes.</summary>
    private protected int PutLabel(int offset, string label, int roomBytes)
    {
        Utf8.FromUtf16(label, MetaDataBuffer.AsMutableSpan(offset, roomBytes), out _, out var length);
        return length;
    }

    private int CheckedCounterOffset(int counterId) => CounterOffset(CheckId(counterId));

    private int CheckedMetaDataOffset(int counterId) => MetaDataOffset(CheckId(counterId));

    private int CheckId(int counterId)
    {
        if ((uint)counterId > (uint)MaxCounterId)
            throw new ArgumentException($"counter id {counterId} out of range: maxCounterId={MaxCounterId}");

        return counterId;
    }
}
