using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// What can be set of a client. Each setting has two methods of one name: to set it and to get it. They are used as
/// those of <see cref="Aeron.Context"/>, which alone derives from this.
/// </summary>
public abstract class ClientSettings : ChannelParameterNames
{
    /// <summary>How long a driver may be silent, in milliseconds.</summary>
    public const long DRIVER_TIMEOUT_MS = 10_000;

    /// <summary>The longest name of a client, in characters.</summary>
    public const int MAX_CLIENT_NAME_LENGTH = 100;

    private const long ConductorIdleSleepNs = 16_000_000;

    private string _aeronDirectoryName = GetAeronDirectoryName();
    private string _clientName = "";
    private long _driverTimeoutMs = DRIVER_TIMEOUT_MS;
    private long _keepAliveIntervalNs = 500_000_000;
    private long _resourceLingerDurationNs = 3_000_000_000;
    private long _closeLingerDurationNs;
    private long _idleSleepDurationNs = ConductorIdleSleepNs;
    private bool _preTouchMappedMemory;
    private bool _useConductorAgentInvoker;
    private AgentInvoker? _driverAgentInvoker;
    private IIdleStrategy? _idleStrategy;
    private IIdleStrategy? _awaitingIdleStrategy;
    private IErrorHandler _errorHandler = new CallbackErrorHandler(WriteError);
    private IErrorHandler? _subscriberErrorHandler;
    private IEpochClock _epochClock = SystemEpochClock.INSTANCE;
    private INanoClock _nanoClock = SystemNanoClock.INSTANCE;
    private AvailableImageHandler? _availableImageHandler;
    private UnavailableImageHandler? _unavailableImageHandler;
    private AvailableCounterHandler? _availableCounterHandler;
    private UnavailableCounterHandler? _unavailableCounterHandler;
    private IPublicationErrorFrameHandler _publicationErrorFrameHandler = new NoOpPublicationErrorFrameHandler();
    private Action? _closeHandler;

    private protected ClientSettings()
    {
    }

    private Aeron.Context Self => (Aeron.Context)this;

    /// <summary>
    /// Where drivers are by default: in shared memory where the system has it, under the user's name.
    /// </summary>
    public static string GetAeronDirectoryName()
    {
        var shared = OperatingSystem.IsLinux() && Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        return Path.Combine(shared, $"aeron-{Environment.UserName}");
    }

    /// <summary>The driver's directory.</summary>
    public Aeron.Context AeronDirectoryName(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _aeronDirectoryName = value;
        return Self;
    }

    /// <inheritdoc cref="AeronDirectoryName(string)"/>
    public string AeronDirectoryName() => _aeronDirectoryName;

    /// <summary>The name that the client's heartbeat counter shows.</summary>
    public Aeron.Context ClientName(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _clientName = value;
        return Self;
    }

    /// <inheritdoc cref="ClientName(string)"/>
    public string ClientName() => _clientName;

    /// <summary>How long the driver may be silent, in milliseconds. 10,000 by default.</summary>
    public Aeron.Context DriverTimeoutMs(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _driverTimeoutMs = value;
        return Self;
    }

    /// <inheritdoc cref="DriverTimeoutMs(long)"/>
    public long DriverTimeoutMs() => _driverTimeoutMs;

    /// <summary>How often the client shows life, in nanoseconds. Half a second by default.</summary>
    public Aeron.Context KeepAliveIntervalNs(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _keepAliveIntervalNs = value;
        return Self;
    }

    /// <inheritdoc cref="KeepAliveIntervalNs(long)"/>
    public long KeepAliveIntervalNs() => _keepAliveIntervalNs;

    /// <summary>
    /// How long a log stays mapped after its image has gone, in nanoseconds, for polls that are under way. 3 s
    /// by default.
    /// </summary>
    public Aeron.Context ResourceLingerDurationNs(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _resourceLingerDurationNs = value;
        return Self;
    }

    /// <inheritdoc cref="ResourceLingerDurationNs(long)"/>
    public long ResourceLingerDurationNs() => _resourceLingerDurationNs;

    /// <summary>
    /// How long closing the client waits before it unmaps what other threads may still be using, in nanoseconds.
    /// Not at all by default.
    /// </summary>
    public Aeron.Context CloseLingerDurationNs(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        _closeLingerDurationNs = value;
        return Self;
    }

    /// <inheritdoc cref="CloseLingerDurationNs(long)"/>
    public long CloseLingerDurationNs() => _closeLingerDurationNs;

    /// <summary>How long the conductor sleeps between turns, in nanoseconds. 16 ms by default.</summary>
    public Aeron.Context IdleSleepDurationNs(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        _idleSleepDurationNs = value;
        return Self;
    }

    /// <inheritdoc cref="IdleSleepDurationNs(long)"/>
    public long IdleSleepDurationNs() => _idleSleepDurationNs;

    /// <summary>
    /// Brings the pages of logs in when they are mapped, so that none faults on first use. Off by default.
    /// </summary>
    public Aeron.Context PreTouchMappedMemory(bool value)
    {
        _preTouchMappedMemory = value;
        return Self;
    }

    /// <inheritdoc cref="PreTouchMappedMemory(bool)"/>
    public bool PreTouchMappedMemory() => _preTouchMappedMemory;

    /// <summary>
    /// Has the application run the conductor, instead of a thread of its own. Off by default.
    /// </summary>
    public Aeron.Context UseConductorAgentInvoker(bool value)
    {
        _useConductorAgentInvoker = value;
        return Self;
    }

    /// <inheritdoc cref="UseConductorAgentInvoker(bool)"/>
    public bool UseConductorAgentInvoker() => _useConductorAgentInvoker;

    /// <summary>Runs a driver that has no thread of its own, while this client waits for it.</summary>
    public Aeron.Context DriverAgentInvoker(AgentInvoker value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _driverAgentInvoker = value;
        return Self;
    }

    /// <inheritdoc cref="DriverAgentInvoker(AgentInvoker)"/>
    public AgentInvoker? DriverAgentInvoker() => _driverAgentInvoker;

    /// <summary>How the conductor's thread idles. It sleeps by default.</summary>
    public Aeron.Context IdleStrategy(IIdleStrategy value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _idleStrategy = value;
        return Self;
    }

    /// <inheritdoc cref="IdleStrategy(IIdleStrategy)"/>
    public IIdleStrategy IdleStrategy() => _idleStrategy ??= new SleepingIdleStrategy(_idleSleepDurationNs);

    /// <summary>How calls idle while they wait for the driver. They sleep 1 ms by default.</summary>
    public Aeron.Context AwaitingIdleStrategy(IIdleStrategy value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _awaitingIdleStrategy = value;
        return Self;
    }

    /// <inheritdoc cref="AwaitingIdleStrategy(IIdleStrategy)"/>
    public IIdleStrategy AwaitingIdleStrategy() => _awaitingIdleStrategy ??= new SleepingIdleStrategy();

    /// <summary>Takes the conductor's errors. They are written to standard error by default.</summary>
    public Aeron.Context ErrorHandler(IErrorHandler value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _errorHandler = value;
        return Self;
    }

    /// <inheritdoc cref="ErrorHandler(IErrorHandler)"/>
    public IErrorHandler ErrorHandler() => _errorHandler;

    /// <summary>Takes what fragment handlers throw. The error handler by default.</summary>
    public Aeron.Context SubscriberErrorHandler(IErrorHandler value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _subscriberErrorHandler = value;
        return Self;
    }

    /// <inheritdoc cref="SubscriberErrorHandler(IErrorHandler)"/>
    public IErrorHandler SubscriberErrorHandler() => _subscriberErrorHandler ?? _errorHandler;

    /// <summary>The clock that heartbeats are stamped with.</summary>
    public Aeron.Context EpochClock(IEpochClock value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _epochClock = value;
        return Self;
    }

    /// <inheritdoc cref="EpochClock(IEpochClock)"/>
    public IEpochClock EpochClock() => _epochClock;

    /// <summary>The clock that intervals are taken with.</summary>
    public Aeron.Context NanoClock(INanoClock value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _nanoClock = value;
        return Self;
    }

    /// <inheritdoc cref="NanoClock(INanoClock)"/>
    public INanoClock NanoClock() => _nanoClock;

    /// <summary>Called for a subscription's new image, unless the subscription has its own handler.</summary>
    public Aeron.Context AvailableImageHandler(AvailableImageHandler value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _availableImageHandler = value;
        return Self;
    }

    /// <inheritdoc cref="AvailableImageHandler(AvailableImageHandler)"/>
    public AvailableImageHandler? AvailableImageHandler() => _availableImageHandler;

    /// <summary>Called for an image lost, unless the subscription has its own handler.</summary>
    public Aeron.Context UnavailableImageHandler(UnavailableImageHandler value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _unavailableImageHandler = value;
        return Self;
    }

    /// <inheritdoc cref="UnavailableImageHandler(UnavailableImageHandler)"/>
    public UnavailableImageHandler? UnavailableImageHandler() => _unavailableImageHandler;

    /// <summary>Called for every counter added.</summary>
    public Aeron.Context AvailableCounterHandler(AvailableCounterHandler value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _availableCounterHandler = value;
        return Self;
    }

    /// <inheritdoc cref="AvailableCounterHandler(AvailableCounterHandler)"/>
    public AvailableCounterHandler? AvailableCounterHandler() => _availableCounterHandler;

    /// <summary>Called for every counter removed.</summary>
    public Aeron.Context UnavailableCounterHandler(UnavailableCounterHandler value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _unavailableCounterHandler = value;
        return Self;
    }

    /// <inheritdoc cref="UnavailableCounterHandler(UnavailableCounterHandler)"/>
    public UnavailableCounterHandler? UnavailableCounterHandler() => _unavailableCounterHandler;

    /// <summary>Takes what subscribers report to this client's publications. Ignored by default.</summary>
    public Aeron.Context PublicationErrorFrameHandler(IPublicationErrorFrameHandler value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _publicationErrorFrameHandler = value;
        return Self;
    }

    /// <inheritdoc cref="PublicationErrorFrameHandler(IPublicationErrorFrameHandler)"/>
    public IPublicationErrorFrameHandler PublicationErrorFrameHandler() => _publicationErrorFrameHandler;

    /// <summary>Called when the client closes.</summary>
    public Aeron.Context CloseHandler(Action value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _closeHandler = value;
        return Self;
    }

    /// <inheritdoc cref="CloseHandler(Action)"/>
    public Action? CloseHandler() => _closeHandler;

    private static void WriteError(Exception exception) => Console.Error.WriteLine(exception);
}
