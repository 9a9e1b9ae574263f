using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

public sealed partial class Aeron
{
    public sealed partial class Context
    {
        /// <summary>The driver's directory.</summary>
        public Context AeronDirectoryName(string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            _aeronDirectoryName = value;
            return this;
        }

        /// <inheritdoc cref="AeronDirectoryName(string)"/>
        public string AeronDirectoryName() => _aeronDirectoryName;

        /// <summary>The name that the client's heartbeat counter shows.</summary>
        public Context ClientName(string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            _clientName = value;
            return this;
        }

        /// <inheritdoc cref="ClientName(string)"/>
        public string ClientName() => _clientName;

        /// <summary>How long the driver may be silent, in milliseconds. 10,000 by default.</summary>
        public Context DriverTimeoutMs(long value)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _driverTimeoutMs = value;
            return this;
        }

        /// <inheritdoc cref="DriverTimeoutMs(long)"/>
        public long DriverTimeoutMs() => _driverTimeoutMs;

        /// <summary>How often the client shows life, in nanoseconds. Half a second by default.</summary>
        public Context KeepAliveIntervalNs(long value)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _keepAliveIntervalNs = value;
            return this;
        }

        /// <inheritdoc cref="KeepAliveIntervalNs(long)"/>
        public long KeepAliveIntervalNs() => _keepAliveIntervalNs;

        /// <summary>
        /// How long a log stays mapped after its image has gone, in nanoseconds, for polls that are under way. 3 s
        /// by default.
        /// </summary>
        public Context ResourceLingerDurationNs(long value)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _resourceLingerDurationNs = value;
            return this;
        }

        /// <inheritdoc cref="ResourceLingerDurationNs(long)"/>
        public long ResourceLingerDurationNs() => _resourceLingerDurationNs;

        /// <summary>
        /// How long closing the client waits before it unmaps what other threads may still be using, in nanoseconds.
        /// Not at all by default.
        /// </summary>
        public Context CloseLingerDurationNs(long value)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _closeLingerDurationNs = value;
            return this;
        }

        /// <inheritdoc cref="CloseLingerDurationNs(long)"/>
        public long CloseLingerDurationNs() => _closeLingerDurationNs;

        /// <summary>How long the conductor sleeps between turns, in nanoseconds. 16 ms by default.</summary>
        public Context IdleSleepDurationNs(long value)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _idleSleepDurationNs = value;
            return this;
        }

        /// <inheritdoc cref="IdleSleepDurationNs(long)"/>
        public long IdleSleepDurationNs() => _idleSleepDurationNs;

        /// <summary>
        /// Brings the pages of logs in when they are mapped, so that none faults on first use. Off by default.
        /// </summary>
        public Context PreTouchMappedMemory(bool value)
        {
            _preTouchMappedMemory = value;
            return this;
        }

        /// <inheritdoc cref="PreTouchMappedMemory(bool)"/>
        public bool PreTouchMappedMemory() => _preTouchMappedMemory;

        /// <summary>
        /// Has the application run the conductor, instead of a thread of its own. Off by default.
        /// </summary>
        public Context UseConductorAgentInvoker(bool value)
        {
            _useConductorAgentInvoker = value;
            return this;
        }

        /// <inheritdoc cref="UseConductorAgentInvoker(bool)"/>
        public bool UseConductorAgentInvoker() => _useConductorAgentInvoker;

        /// <summary>Runs a driver that has no thread of its own, while this client waits for it.</summary>
        public Context DriverAgentInvoker(AgentInvoker value)
        {
            ArgumentNullException.ThrowIfNull(value);
            _driverAgentInvoker = value;
            return this;
        }

        /// <inheritdoc cref="DriverAgentInvoker(AgentInvoker)"/>
        public AgentInvoker? DriverAgentInvoker() => _driverAgentInvoker;

        /// <summary>How the conductor's thread idles. It sleeps by default.</summary>
        public Context IdleStrategy(IIdleStrategy value)
        {
            ArgumentNullException.ThrowIfNull(value);
            _idleStrategy = value;
            return this;
        }

        /// <inheritdoc cref="IdleStrategy(IIdleStrategy)"/>
        public IIdleStrategy IdleStrategy() => _idleStrategy ??= new SleepingIdleStrategy(_idleSleepDurationNs);

        /// <summary>How calls idle while they wait for the driver. They sleep 1 ms by default.</summary>
        public Context AwaitingIdleStrategy(IIdleStrategy value)
        {
            ArgumentNullException.ThrowIfNull(value);
            _awaitingIdleStrategy = value;
            return this;
        }

        /// <inheritdoc cref="AwaitingIdleStrategy(IIdleStrategy)"/>
        public IIdleStrategy AwaitingIdleStrategy() => _awaitingIdleStrategy ??= new SleepingIdleStrategy();

        /// <summary>Takes the conductor's errors. They are written to standard error by default.</summary>
        public Context ErrorHandler(IErrorHandler value)
        {
            ArgumentNullException.ThrowIfNull(value);
            _errorHandler = value;
            return this;
        }

        /// <inheritdoc cref="ErrorHandler(IErrorHandler)"/>
        public IErrorHandler ErrorHandler() => _errorHandler;

        /// <summary>Takes what fragment handlers throw. The error handler by default.</summary>
        public Context SubscriberErrorHandler(IErrorHandler value)
        {
            ArgumentNullException.ThrowIfNull(value);
            _subscriberErrorHandler = value;
            return this;
        }

        /// <inheritdoc cref="SubscriberErrorHandler(IErrorHandler)"/>
        public IErrorHandler SubscriberErrorHandler() => _subscriberErrorHandler ?? _errorHandler;

        /// <summary>The clock that heartbeats are stamped with.</summary>
        public Context EpochClock(IEpochClock value)
        {
            ArgumentNullException.ThrowIfNull(value);
            _epochClock = value;
            return this;
        }

        /// <inheritdoc cref="EpochClock(IEpochClock)"/>
        public IEpochClock EpochClock() => _epochClock;

        /// <summary>The clock that intervals are taken with.</summary>
        public Context NanoClock(INanoClock value)
        {
            ArgumentNullException.ThrowIfNull(value);
            _nanoClock = value;
            return this;
        }

        /// <inheritdoc cref="NanoClock(INanoClock)"/>
        public INanoClock NanoClock() => _nanoClock;

        /// <summary>Called for a subscription's new image, unless the subscription has its own handler.</summary>
        public Context AvailableImageHandler(AvailableImageHandler value)
        {
            ArgumentNullException.ThrowIfNull(value);
            _availableImageHandler = value;
            return this;
        }

        /// <inheritdoc cref="AvailableImageHandler(AvailableImageHandler)"/>
        public AvailableImageHandler? AvailableImageHandler() => _availableImageHandler;

        /// <summary>Called for an image lost, unless the subscription has its own handler.</summary>
        public Context UnavailableImageHandler(UnavailableImageHandler value)
        {
            ArgumentNullException.ThrowIfNull(value);
            _unavailableImageHandler = value;
            return this;
        }

        /// <inheritdoc cref="UnavailableImageHandler(UnavailableImageHandler)"/>
        public UnavailableImageHandler? UnavailableImageHandler() => _unavailableImageHandler;

        /// <summary>Called for every counter added.</summary>
        public Context AvailableCounterHandler(AvailableCounterHandler value)
        {
            ArgumentNullException.ThrowIfNull(value);
            _availableCounterHandler = value;
            return this;
        }

        /// <inheritdoc cref="AvailableCounterHandler(AvailableCounterHandler)"/>
        public AvailableCounterHandler? AvailableCounterHandler() => _availableCounterHandler;

        /// <summary>Called for every counter removed.</summary>
        public Context UnavailableCounterHandler(UnavailableCounterHandler value)
        {
            ArgumentNullException.ThrowIfNull(value);
            _unavailableCounterHandler = value;
            return this;
        }

        /// <inheritdoc cref="UnavailableCounterHandler(UnavailableCounterHandler)"/>
        public UnavailableCounterHandler? UnavailableCounterHandler() => _unavailableCounterHandler;

        /// <summary>Takes what subscribers report to this client's publications. Ignored by default.</summary>
        public Context PublicationErrorFrameHandler(IPublicationErrorFrameHandler value)
        {
            ArgumentNullException.ThrowIfNull(value);
            _publicationErrorFrameHandler = value;
            return this;
        }

        /// <inheritdoc cref="PublicationErrorFrameHandler(IPublicationErrorFrameHandler)"/>
        public IPublicationErrorFrameHandler PublicationErrorFrameHandler() => _publicationErrorFrameHandler;

        /// <summary>Called when the client closes.</summary>
        public Context CloseHandler(Action value)
        {
            ArgumentNullException.ThrowIfNull(value);
            _closeHandler = value;
            return this;
        }

        /// <inheritdoc cref="CloseHandler(Action)"/>
        public Action? CloseHandler() => _closeHandler;
    }
}
