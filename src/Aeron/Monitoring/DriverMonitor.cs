using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Native;
using static ExecutionPipeline.Aeron.Protocol.AeronCounters;

namespace ExecutionPipeline.Aeron.Monitoring;

/// <summary>
/// Looks at a media driver from outside, this project's or an official one, alive or dead. It maps the driver's file to
/// read alone, so that it can disturb nobody.
/// </summary>
public sealed class DriverMonitor : IDisposable
{
    private const int SessionIdOffset = 8;
    private const int StreamIdOffset = 12;
    private const int ChannelLengthOffset = 16;
    private const int ChannelOffset = 20;

    /// <summary>The last moment that has a date; a damaged file may tell of a later one.</summary>
    private static readonly long LatestMs = (long)(DateTime.MaxValue - DateTime.UnixEpoch).TotalMilliseconds;

    private readonly CncFile _cncFile;
    private readonly ManyToOneRingBuffer _toDriver;
    private readonly CountersReader _counters;

    private DriverMonitor(CncFile cncFile, string directory)
    {
        _cncFile = cncFile;
        _toDriver = new ManyToOneRingBuffer(cncFile.ToDriverBuffer);
        _counters = new CountersReader(cncFile.CountersMetaDataBuffer, cncFile.CountersValuesBuffer);
        Directory = directory;
    }

    /// <summary>The driver's directory.</summary>
    public string Directory { get; }

    /// <summary>The driver's process.</summary>
    public long Pid => _cncFile.Pid;

    /// <summary>How long a client may be silent before the driver frees what it held, in nanoseconds.</summary>
    public long ClientTimeoutNs => _cncFile.ClientLivenessTimeoutNs;

    /// <summary>Opens the driver of a directory.</summary>
    /// <exception cref="IOException">There is no driver; the message says what is missing.</exception>
    /// <exception cref="InvalidDataException">Its file is of another version, or damaged.</exception>
    public static DriverMonitor Open(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        if (!System.IO.Directory.Exists(directory))
            throw new DirectoryNotFoundException($"there is no media driver directory '{directory}'");

        var path = Path.Combine(directory, CncFileDescriptor.CNC_FILE);
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"there is no {CncFileDescriptor.CNC_FILE} in '{directory}': no media driver uses that directory");

        var cncFile = CncFile.Map(path, isReadOnly: true)
            ?? throw new IOException($"'{path}' is not complete: its driver is starting, or died while it was");
        try
        {
            return new DriverMonitor(cncFile, directory);
        }
        catch (ArgumentException exception)
        {
            cncFile.Dispose();
            throw new InvalidDataException($"'{path}': {exception.Message}", exception);
        }
    }

    /// <summary>Why the driver cannot be alive; null while it is.</summary>
    /// <param name="timeoutMs">How old its last sign of life may be, in milliseconds.</param>
    /// <param name="heard">Of the looks before; null: this is the only one.</param>
    public string? DescribeDeath(long timeoutMs, SignOfLife? heard = null)
    {
        var heartbeatMs = _toDriver.ConsumerHeartbeatTime;
        if (heartbeatMs <= 0)
            return $"the media driver of '{Directory}' (process {Pid}) has been shut down";

        var sign = DateTime.UnixEpoch.AddMilliseconds(Math.Min(heartbeatMs, LatestMs));
        var age = (heard ?? new SignOfLife()).Age(sign);
        return age.TotalMilliseconds <= timeoutMs
            ? null
            : $"the media driver of '{Directory}' (process {Pid}) is dead: last heartbeat {age.TotalSeconds:0} s ago";
    }

    /// <summary>All counters in use, by id.</summary>
    public List<CounterReading> Counters()
    {
        var readings = new List<CounterReading>();
        _counters.ForEach((id, typeId, _, label) =>
            readings.Add(new CounterReading(id, typeId, _counters.GetCounterValue(id), label)));
        return readings;
    }

    /// <summary>The counters of one type, with what tells them apart.</summary>
    public List<KeyedReading> CountersOf(int typeId)
    {
        var readings = new List<KeyedReading>();
        _counters.ForEach((id, type, key, label) =>
        {
            if (type == typeId)
            {
                readings.Add(new KeyedReading(
                    _counters.GetCounterOwnerId(id), key.GetInt(0), key.GetInt(sizeof(int)),
                    _counters.GetCounterValue(id), label));
            }
        });
        return readings;
    }

    /// <summary>When a client last showed life, in milliseconds since the Unix epoch; 0: there is none such.</summary>
    public long HeartbeatOf(long clientId) => HeartbeatTimestamp.Of(_counters, clientId);

    /// <summary>The distinct errors, in the order in which they first came.</summary>
    public List<ErrorReading> Errors()
    {
        var readings = new List<ErrorReading>();
        ErrorLogReader.Read(
            _cncFile.ErrorLogBuffer,
            (count, firstMs, lastMs, text) =>
                readings.Add(new ErrorReading(count, TimeOf(firstMs), TimeOf(lastMs), text)));
        return readings;
    }

    /// <summary>The positions of all streams, by stream and session, each stream's publisher first.</summary>
    public List<StreamPosition> Streams()
    {
        var positions = new List<StreamPosition>();
        _counters.ForEach((id, typeId, key, _) =>
        {
            if (IsPosition(typeId))
                positions.Add(Read(id, typeId, key));
        });
        return
        [
            .. positions.GroupBy(one => (one.StreamId, one.SessionId)).OrderBy(stream => stream.Key)
                .SelectMany(WithDistances),
        ];
    }

    /// <summary>Lets go of the driver's file.</summary>
    public void Dispose() => _cncFile.Dispose();

    private StreamPosition Read(int id, int typeId, IDirectBuffer key)
    {
        var channelLength = Math.Clamp(key.GetInt(ChannelLengthOffset), 0, key.Capacity - ChannelOffset);
        return new StreamPosition(
            key.GetInt(StreamIdOffset), key.GetInt(SessionIdOffset),
            key.GetStringWithoutLengthUtf8(ChannelOffset, channelLength), key.GetLong(0), id, typeId,
            _counters.GetCounterValue(id), 0, _counters.GetCounterOwnerId(id));
    }

    // What a stream's others are measured against: what was published here or, from elsewhere, what has been received.
    private static IEnumerable<StreamPosition> WithDistances(IEnumerable<StreamPosition> stream)
    {
        var positions = stream.OrderBy(one => RankOf(one.TypeId)).ThenBy(one => one.CounterId).ToList();
        var head = positions.Where(one => IsHead(one.TypeId)).Select(one => one.Value).DefaultIfEmpty(0).Max();
        return positions.Select(one => one with
        {
            // Positions are read one after the other, so a reader can seem to be ahead of its writer.
            AheadBytes = IsLimit(one.TypeId) ? one.Value - head : Math.Min(0, one.Value - head),
        });
    }

    private static bool IsPosition(int typeId) => RankOf(typeId) < int.MaxValue;

    private static bool IsLimit(int typeId) => typeId is DriverPublisherLimitTypeId or DriverSenderLimitTypeId;

    private static bool IsHead(int typeId) =>
        typeId is DriverPublisherPosTypeId or DriverSenderPositionTypeId or DriverReceiverHwmTypeId;

    private static int RankOf(int typeId) => typeId switch
    {
        DriverPublisherPosTypeId => 0,
        DriverPublisherLimitTypeId => 1,
        DriverSenderPositionTypeId => 2,
        DriverSenderLimitTypeId => 3,
        DriverReceiverHwmTypeId => 4,
        DriverReceiverPosTypeId => 5,
        DriverSubscriberPositionTypeId => 6,
        _ => int.MaxValue,
    };

    private static DateTimeOffset TimeOf(long epochMs)
    {
        var latestMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(epochMs, 0, latestMs));
    }
}
