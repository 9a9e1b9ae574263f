using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using AeronClient = ExecutionPipeline.Aeron.Client.Aeron;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>
/// What can be set of a media driver. Each setting has two methods of one name: to set it and to get it. They are used
/// as those of <see cref="MediaDriver.Context"/>, which alone derives from this.
/// </summary>
public abstract class DriverSettings
{
    private string _aeronDirectoryName = AeronClient.Context.GetAeronDirectoryName();
    private bool _dirDeleteOnStart;
    private bool _dirDeleteOnShutdown = true;
    private ThreadingMode _threadingMode = Driver.ThreadingMode.SHARED;
    private IIdleStrategy? _sharedIdleStrategy;
    private int _conductorBufferLength = 1024 * 1024 + RingBufferDescriptor.TrailerLength;
    private int _toClientsBufferLength = 1024 * 1024 + BroadcastBufferDescriptor.TrailerLength;
    private int _counterValuesBufferLength = 1024 * 1024;
    private int _errorBufferLength = 1024 * 1024;
    private int _ipcTermBufferLength = 64 * 1024 * 1024;
    private int _ipcMtuLength = 1408;
    private int _ipcPublicationTermWindowLength;
    private int _filePageSize = LogBufferDescriptor.PageMinSize;
    private bool _termBufferSparseFile = true;
    private int _publicationReservedSessionIdLow = -1;
    private int _publicationReservedSessionIdHigh = 1000;
    private long _driverTimeoutMs = AeronClient.Context.DRIVER_TIMEOUT_MS;
    private long _clientLivenessTimeoutNs = 10_000_000_000;
    private long _imageLivenessTimeoutNs = 10_000_000_000;
    private long _publicationUnblockTimeoutNs = 15_000_000_000;
    private long _publicationLingerTimeoutNs = 5_000_000_000;
    private long _untetheredWindowLimitTimeoutNs = 5_000_000_000;
    private long _untetheredRestingTimeoutNs = 10_000_000_000;
    private long _timerIntervalNs = 1_000_000_000;
    private long _counterFreeToReuseTimeoutNs = 1_000_000_000;
    private long _conductorCycleThresholdNs = 100_000_000;
    private IErrorHandler? _errorHandler;
    private IEpochClock _epochClock = SystemEpochClock.INSTANCE;
    private INanoClock _nanoClock = SystemNanoClock.INSTANCE;
    private TerminationValidator _terminationValidator = _ => false;
    private Action? _terminationHook;

    private protected DriverSettings()
    {
    }

    private MediaDriver.Context Self => (MediaDriver.Context)this;

    /// <summary>The driver's directory, private to the user. /dev/shm/aeron-USER by default.</summary>
    public MediaDriver.Context AeronDirectoryName(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _aeronDirectoryName = value;
        return Self;
    }

    /// <inheritdoc cref="AeronDirectoryName(string)"/>
    public string AeronDirectoryName() => _aeronDirectoryName;

    /// <summary>
    /// Clears what a driver left whose heartbeat is fresh but stands still: watches it for a few seconds, and never
    /// clears a living one's. Off by default: a fresh heartbeat is taken for life.
    /// </summary>
    public MediaDriver.Context DirDeleteOnStart(bool value)
    {
        _dirDeleteOnStart = value;
        return Self;
    }

    /// <inheritdoc cref="DirDeleteOnStart(bool)"/>
    public bool DirDeleteOnStart() => _dirDeleteOnStart;

    /// <summary>Deletes the directory when the driver stops. On by default.</summary>
    public MediaDriver.Context DirDeleteOnShutdown(bool value)
    {
        _dirDeleteOnShutdown = value;
        return Self;
    }

    /// <inheritdoc cref="DirDeleteOnShutdown(bool)"/>
    public bool DirDeleteOnShutdown() => _dirDeleteOnShutdown;

    /// <summary>Which thread runs the driver. One of its own by default.</summary>
    public MediaDriver.Context ThreadingMode(Driver.ThreadingMode value)
    {
        _threadingMode = value;
        return Self;
    }

    /// <inheritdoc cref="ThreadingMode(Driver.ThreadingMode)"/>
    public Driver.ThreadingMode ThreadingMode() => _threadingMode;

    /// <summary>
    /// How the driver's thread idles. By default it sleeps 16 ms at a time, 4 ms while another process publishes,
    /// and less while such a stream uses more than half of its window meanwhile, so that it takes next to nothing
    /// from the cores that trade. Clients of the driver's own process wake it for their commands and move the
    /// limits of their publications themselves.
    /// </summary>
    public MediaDriver.Context SharedIdleStrategy(IIdleStrategy value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _sharedIdleStrategy = value;
        return Self;
    }

    /// <inheritdoc cref="SharedIdleStrategy(IIdleStrategy)"/>
    public IIdleStrategy SharedIdleStrategy() => _sharedIdleStrategy ??= new PacedIdleStrategy();

    /// <summary>Bytes of the ring to the driver: a power of two and 768. 1 MiB by default.</summary>
    public MediaDriver.Context ConductorBufferLength(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _conductorBufferLength = value;
        return Self;
    }

    /// <inheritdoc cref="ConductorBufferLength(int)"/>
    public int ConductorBufferLength() => _conductorBufferLength;

    /// <summary>Bytes of the broadcast to the clients: a power of two and 128. 1 MiB by default.</summary>
    public MediaDriver.Context ToClientsBufferLength(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _toClientsBufferLength = value;
        return Self;
    }

    /// <inheritdoc cref="ToClientsBufferLength(int)"/>
    public int ToClientsBufferLength() => _toClientsBufferLength;

    /// <summary>Bytes of the counters' values, 128 a counter. 1 MiB by default.</summary>
    public MediaDriver.Context CounterValuesBufferLength(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _counterValuesBufferLength = value;
        return Self;
    }

    /// <inheritdoc cref="CounterValuesBufferLength(int)"/>
    public int CounterValuesBufferLength() => _counterValuesBufferLength;

    /// <summary>Bytes of the error log. 1 MiB by default.</summary>
    public MediaDriver.Context ErrorBufferLength(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _errorBufferLength = value;
        return Self;
    }

    /// <inheritdoc cref="ErrorBufferLength(int)"/>
    public int ErrorBufferLength() => _errorBufferLength;

    /// <summary>
    /// Bytes of a term of channels that set none: a power of two from 64 KiB to 1 GiB. 64 MiB by default.
    /// </summary>
    public MediaDriver.Context IpcTermBufferLength(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _ipcTermBufferLength = value;
        return Self;
    }

    /// <inheritdoc cref="IpcTermBufferLength(int)"/>
    public int IpcTermBufferLength() => _ipcTermBufferLength;

    /// <summary>
    /// Bytes of the longest frame of channels that set none, header included. 1408 by default.
    /// </summary>
    public MediaDriver.Context IpcMtuLength(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _ipcMtuLength = value;
        return Self;
    }

    /// <inheritdoc cref="IpcMtuLength(int)"/>
    public int IpcMtuLength() => _ipcMtuLength;

    /// <summary>
    /// How far a publisher may be ahead of its slowest subscriber, in bytes. Half a term by default.
    /// </summary>
    public MediaDriver.Context IpcPublicationTermWindowLength(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _ipcPublicationTermWindowLength = value;
        return Self;
    }

    /// <inheritdoc cref="IpcPublicationTermWindowLength(int)"/>
    public int IpcPublicationTermWindowLength() => _ipcPublicationTermWindowLength;

    /// <summary>The page size that files are aligned to, in bytes. 4096 by default.</summary>
    public MediaDriver.Context FilePageSize(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _filePageSize = value;
        return Self;
    }

    /// <inheritdoc cref="FilePageSize(int)"/>
    public int FilePageSize() => _filePageSize;

    /// <summary>
    /// Has logs take their memory when it is first written. Off, they take it when they are created, and no page
    /// faults later. On by default.
    /// </summary>
    public MediaDriver.Context TermBufferSparseFile(bool value)
    {
        _termBufferSparseFile = value;
        return Self;
    }

    /// <inheritdoc cref="TermBufferSparseFile(bool)"/>
    public bool TermBufferSparseFile() => _termBufferSparseFile;

    /// <summary>The first of the session ids that are never given out. -1 by default.</summary>
    public MediaDriver.Context PublicationReservedSessionIdLow(int value)
    {
        _publicationReservedSessionIdLow = value;
        return Self;
    }

    /// <inheritdoc cref="PublicationReservedSessionIdLow(int)"/>
    public int PublicationReservedSessionIdLow() => _publicationReservedSessionIdLow;

    /// <summary>The last of the session ids that are never given out. 1000 by default.</summary>
    public MediaDriver.Context PublicationReservedSessionIdHigh(int value)
    {
        _publicationReservedSessionIdHigh = value;
        return Self;
    }

    /// <inheritdoc cref="PublicationReservedSessionIdHigh(int)"/>
    public int PublicationReservedSessionIdHigh() => _publicationReservedSessionIdHigh;

    /// <summary>
    /// How old another driver's heartbeat must be for it to count as dead, in milliseconds. 10,000 by default.
    /// </summary>
    public MediaDriver.Context DriverTimeoutMs(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _driverTimeoutMs = value;
        return Self;
    }

    /// <inheritdoc cref="DriverTimeoutMs(long)"/>
    public long DriverTimeoutMs() => _driverTimeoutMs;

    /// <summary>How long a client may be silent, in nanoseconds. 10 s by default.</summary>
    public MediaDriver.Context ClientLivenessTimeoutNs(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _clientLivenessTimeoutNs = value;
        return Self;
    }

    /// <inheritdoc cref="ClientLivenessTimeoutNs(long)"/>
    public long ClientLivenessTimeoutNs() => _clientLivenessTimeoutNs;

    /// <summary>How long a rejected publication stays disconnected, in nanoseconds. 10 s by default.</summary>
    public MediaDriver.Context ImageLivenessTimeoutNs(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _imageLivenessTimeoutNs = value;
        return Self;
    }

    /// <inheritdoc cref="ImageLivenessTimeoutNs(long)"/>
    public long ImageLivenessTimeoutNs() => _imageLivenessTimeoutNs;

    /// <summary>How long a claim may stay uncommitted, in nanoseconds. 15 s by default.</summary>
    public MediaDriver.Context PublicationUnblockTimeoutNs(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _publicationUnblockTimeoutNs = value;
        return Self;
    }

    /// <inheritdoc cref="PublicationUnblockTimeoutNs(long)"/>
    public long PublicationUnblockTimeoutNs() => _publicationUnblockTimeoutNs;

    /// <summary>What logs state as their linger time, in nanoseconds. 5 s by default.</summary>
    public MediaDriver.Context PublicationLingerTimeoutNs(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _publicationLingerTimeoutNs = value;
        return Self;
    }

    /// <inheritdoc cref="PublicationLingerTimeoutNs(long)"/>
    public long PublicationLingerTimeoutNs() => _publicationLingerTimeoutNs;

    /// <summary>How long an untethered subscriber may be behind, in nanoseconds. 5 s by default.</summary>
    public MediaDriver.Context UntetheredWindowLimitTimeoutNs(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _untetheredWindowLimitTimeoutNs = value;
        return Self;
    }

    /// <inheritdoc cref="UntetheredWindowLimitTimeoutNs(long)"/>
    public long UntetheredWindowLimitTimeoutNs() => _untetheredWindowLimitTimeoutNs;

    /// <summary>How long an untethered subscriber is left out, in nanoseconds. 10 s by default.</summary>
    public MediaDriver.Context UntetheredRestingTimeoutNs(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _untetheredRestingTimeoutNs = value;
        return Self;
    }

    /// <inheritdoc cref="UntetheredRestingTimeoutNs(long)"/>
    public long UntetheredRestingTimeoutNs() => _untetheredRestingTimeoutNs;

    /// <summary>How often time-outs are checked, in nanoseconds. 1 s by default.</summary>
    public MediaDriver.Context TimerIntervalNs(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _timerIntervalNs = value;
        return Self;
    }

    /// <inheritdoc cref="TimerIntervalNs(long)"/>
    public long TimerIntervalNs() => _timerIntervalNs;

    /// <summary>How long a freed counter rests, in nanoseconds. 1 s by default.</summary>
    public MediaDriver.Context CounterFreeToReuseTimeoutNs(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _counterFreeToReuseTimeoutNs = value;
        return Self;
    }

    /// <inheritdoc cref="CounterFreeToReuseTimeoutNs(long)"/>
    public long CounterFreeToReuseTimeoutNs() => _counterFreeToReuseTimeoutNs;

    /// <summary>
    /// How long a turn of the driver may take before it is counted, in nanoseconds. 100 ms by default.
    /// </summary>
    public MediaDriver.Context ConductorCycleThresholdNs(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _conductorCycleThresholdNs = value;
        return Self;
    }

    /// <inheritdoc cref="ConductorCycleThresholdNs(long)"/>
    public long ConductorCycleThresholdNs() => _conductorCycleThresholdNs;

    /// <summary>Takes the driver's errors, besides its error log.</summary>
    public MediaDriver.Context ErrorHandler(IErrorHandler value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _errorHandler = value;
        return Self;
    }

    /// <inheritdoc cref="ErrorHandler(IErrorHandler)"/>
    public IErrorHandler? ErrorHandler() => _errorHandler;

    /// <summary>The clock that heartbeats are stamped with.</summary>
    public MediaDriver.Context EpochClock(IEpochClock value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _epochClock = value;
        return Self;
    }

    /// <inheritdoc cref="EpochClock(IEpochClock)"/>
    public IEpochClock EpochClock() => _epochClock;

    /// <summary>The clock that intervals are taken with.</summary>
    public MediaDriver.Context NanoClock(INanoClock value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _nanoClock = value;
        return Self;
    }

    /// <inheritdoc cref="NanoClock(INanoClock)"/>
    public INanoClock NanoClock() => _nanoClock;

    /// <summary>Whether a client may end the driver. None may by default.</summary>
    public MediaDriver.Context TerminationValidator(Driver.TerminationValidator value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _terminationValidator = value;
        return Self;
    }

    /// <inheritdoc cref="TerminationValidator(Driver.TerminationValidator)"/>
    public Driver.TerminationValidator TerminationValidator() => _terminationValidator;

    /// <summary>What to do when a client ends the driver.</summary>
    public MediaDriver.Context TerminationHook(Action value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _terminationHook = value;
        return Self;
    }

    /// <inheritdoc cref="TerminationHook(Action)"/>
    public Action? TerminationHook() => _terminationHook;
}
