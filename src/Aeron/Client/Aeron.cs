using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// A client of a media driver, which may be in any process of this machine. Adding and removing take a lock and wait
/// for the driver; publications and subscriptions themselves do neither.
/// </summary>
public sealed class Aeron : IDisposable
{
    /// <summary>Stands for no value.</summary>
    public const int NULL_VALUE = -1;

    /// <summary>The version of Aeron whose protocol this follows.</summary>
    public const string Version = "1.51.0";

    private readonly ClientConductor _conductor;
    private readonly ManyToOneRingBuffer _toDriver;
    private readonly AgentRunner? _conductorRunner;

    private Aeron(Context context)
    {
        Ctx = context;
        var cncFile = context.Conclude();
        try
        {
            _toDriver = new ManyToOneRingBuffer(cncFile.ToDriverBuffer);
            ClientId = _toDriver.NextCorrelationId();
            context.SetClientId(ClientId);
            _conductor = new ClientConductor(context, cncFile, ClientId);
        }
        catch
        {
            cncFile.Dispose();
            throw;
        }

        if (context.UseConductorAgentInvoker())
        {
            ConductorAgentInvoker = new AgentInvoker(context.ErrorHandler(), _conductor);
            ConductorAgentInvoker.Start();
        }
        else
        {
            _conductorRunner = new AgentRunner(context.IdleStrategy(), context.ErrorHandler(), _conductor);
            AgentRunner.StartOnThread(_conductorRunner);
        }
    }

    /// <summary>What the client was connected with.</summary>
    public Context Ctx { get; }

    /// <summary>The client's number at its driver.</summary>
    public long ClientId { get; }

    /// <summary>True once closed, by the application, or because the driver has gone.</summary>
    public bool IsClosed => _conductor.IsClosed;

    /// <summary>
    /// Runs the conductor when the context asked for that; null otherwise. It must be invoked at least as often as the
    /// keepalive interval, and not while another thread uses the client.
    /// </summary>
    public AgentInvoker? ConductorAgentInvoker { get; }

    /// <summary>The counters of the driver and all its clients.</summary>
    public CountersReader CountersReader => _conductor.CountersReader;

    /// <summary>Connects to the driver in the default directory.</summary>
    public static Aeron Connect() => Connect(new Context());

    /// <summary>Connects to the driver in a context's directory.</summary>
    /// <exception cref="DriverTimeoutException">There is no driver, and none has come within the time-out.</exception>
    public static Aeron Connect(Context ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        return new Aeron(ctx);
    }

    /// <summary>Adds a publication that threads and clients may share.</summary>
    /// <exception cref="RegistrationException">The driver refused; the message says why.</exception>
    /// <exception cref="DriverTimeoutException">The driver did not answer.</exception>
    public Publication AddPublication(string channel, int streamId) =>
        _conductor.AddPublication(channel, streamId, isExclusive: false);

    /// <summary>Adds a publication for one thread, with a session of its own.</summary>
    /// <exception cref="RegistrationException">The driver refused; the message says why.</exception>
    /// <exception cref="DriverTimeoutException">The driver did not answer.</exception>
    public ExclusivePublication AddExclusivePublication(string channel, int streamId) =>
        (ExclusivePublication)_conductor.AddPublication(channel, streamId, isExclusive: true);

    /// <summary>Adds a subscription.</summary>
    /// <exception cref="RegistrationException">The driver refused; the message says why.</exception>
    /// <exception cref="DriverTimeoutException">The driver did not answer.</exception>
    public Subscription AddSubscription(string channel, int streamId) =>
        AddSubscription(channel, streamId, Ctx.AvailableImageHandler(), Ctx.UnavailableImageHandler());

    /// <summary>Adds a subscription with image handlers of its own.</summary>
    /// <exception cref="RegistrationException">The driver refused; the message says why.</exception>
    /// <exception cref="DriverTimeoutException">The driver did not answer.</exception>
    public Subscription AddSubscription(
        string channel,
        int streamId,
        AvailableImageHandler? availableImageHandler,
        UnavailableImageHandler? unavailableImageHandler) =>
        _conductor.AddSubscription(channel, streamId, availableImageHandler, unavailableImageHandler);

    /// <summary>A number that no other client of the driver gets.</summary>
    public long NextCorrelationId()
    {
        if (IsClosed)
            throw new AeronException("Aeron client is closed");

        return _toDriver.NextCorrelationId();
    }

    /// <summary>A session id that no publication of the stream has.</summary>
    public int NextSessionId(int streamId) => _conductor.NextSessionId(streamId);

    /// <summary>Has a handler called for every counter added; returns the id to remove it by.</summary>
    public long AddAvailableCounterHandler(AvailableCounterHandler handler) =>
        _conductor.AddHandler(_conductor.Callbacks.AvailableCounter, handler);

    /// <summary>Removes a handler; true when there was one.</summary>
    public bool RemoveAvailableCounterHandler(long registrationId) =>
        _conductor.TryRemoveHandler(_conductor.Callbacks.AvailableCounter, registrationId);

    /// <inheritdoc cref="RemoveAvailableCounterHandler(long)"/>
    public bool RemoveAvailableCounterHandler(AvailableCounterHandler handler) =>
        _conductor.TryRemoveHandler(_conductor.Callbacks.AvailableCounter, handler);

    /// <summary>Has a handler called for every counter removed; returns the id to remove it by.</summary>
    public long AddUnavailableCounterHandler(UnavailableCounterHandler handler) =>
        _conductor.AddHandler(_conductor.Callbacks.UnavailableCounter, handler);

    /// <summary>Removes a handler; true when there was one.</summary>
    public bool RemoveUnavailableCounterHandler(long registrationId) =>
        _conductor.TryRemoveHandler(_conductor.Callbacks.UnavailableCounter, registrationId);

    /// <inheritdoc cref="RemoveUnavailableCounterHandler(long)"/>
    public bool RemoveUnavailableCounterHandler(UnavailableCounterHandler handler) =>
        _conductor.TryRemoveHandler(_conductor.Callbacks.UnavailableCounter, handler);

    /// <summary>Has a handler called when the client closes; returns the id to remove it by.</summary>
    public long AddCloseHandler(Action handler) =>
        _conductor.AddHandler(_conductor.Callbacks.Close, handler);

    /// <summary>Removes a handler; true when there was one.</summary>
    public bool RemoveCloseHandler(long registrationId) =>
        _conductor.TryRemoveHandler(_conductor.Callbacks.Close, registrationId);

    /// <inheritdoc cref="RemoveCloseHandler(long)"/>
    public bool RemoveCloseHandler(Action handler) =>
        _conductor.TryRemoveHandler(_conductor.Callbacks.Close, handler);

    /// <summary>Asks for a shared publication without waiting; returns the id to get it by.</summary>
    public long AsyncAddPublication(string channel, int streamId) =>
        _conductor.AsyncAddPublication(channel, streamId, isExclusive: false);

    /// <summary>Asks for an exclusive publication without waiting; returns the id to get it by.</summary>
    public long AsyncAddExclusivePublication(string channel, int streamId) =>
        _conductor.AsyncAddPublication(channel, streamId, isExclusive: true);

    /// <summary>Asks for a subscription without waiting; returns the id to get it by.</summary>
    public long AsyncAddSubscription(string channel, int streamId) =>
        AsyncAddSubscription(channel, streamId, Ctx.AvailableImageHandler(), Ctx.UnavailableImageHandler());

    /// <summary>As above, with image handlers of its own.</summary>
    public long AsyncAddSubscription(
        string channel,
        int streamId,
        AvailableImageHandler? availableImageHandler,
        UnavailableImageHandler? unavailableImageHandler) =>
        _conductor.AsyncAddSubscription(channel, streamId, availableImageHandler, unavailableImageHandler);

    /// <summary>The shared publication that was asked for, or null while it is not ready.</summary>
    /// <exception cref="RegistrationException">The driver refused; said once.</exception>
    public ConcurrentPublication? GetPublication(long registrationId) =>
        _conductor.Find<ConcurrentPublication>(registrationId);

    /// <summary>The exclusive publication that was asked for, or null while it is not ready.</summary>
    /// <exception cref="RegistrationException">The driver refused; said once.</exception>
    public ExclusivePublication? GetExclusivePublication(long registrationId) =>
        _conductor.Find<ExclusivePublication>(registrationId);

    /// <summary>The subscription that was asked for, or null while it is not ready.</summary>
    /// <exception cref="RegistrationException">The driver refused; said once.</exception>
    public Subscription? GetSubscription(long registrationId) => _conductor.Find<Subscription>(registrationId);

    /// <summary>The counter that was asked for, or null while it is not ready.</summary>
    /// <exception cref="RegistrationException">The driver refused; said once.</exception>
    public Counter? GetCounter(long correlationId) => _conductor.Find<Counter>(correlationId);

    /// <summary>Closes a publication by its registration without waiting, be it ready or not.</summary>
    /// <exception cref="AeronException">The registration is something else's.</exception>
    public void AsyncRemovePublication(long registrationId) => _conductor.RemovePublication(registrationId);

    /// <summary>Closes a subscription by its registration without waiting, be it ready or not.</summary>
    /// <exception cref="AeronException">The registration is something else's.</exception>
    public void AsyncRemoveSubscription(long registrationId) => _conductor.RemoveSubscription(registrationId);

    /// <summary>Closes a counter by its registration without waiting, be it ready or not.</summary>
    /// <exception cref="AeronException">The registration is something else's.</exception>
    public void AsyncRemoveCounter(long registrationId) => _conductor.RemoveCounter(registrationId);

    /// <summary>True while the answer to a command has not come.</summary>
    public bool IsCommandActive(long correlationId) => _conductor.IsCommandActive(correlationId);

    /// <summary>True while the answer to any command that nobody waits for has not come.</summary>
    public bool HasActiveCommands() => _conductor.HasActiveCommands();

    /// <summary>Adds a counter.</summary>
    public Counter AddCounter(int typeId, string label) => _conductor.AddCounter(typeId, [], label, null);

    /// <summary>Adds a counter with a key of up to 112 bytes.</summary>
    public Counter AddCounter(int typeId, ReadOnlySpan<byte> key, string label) =>
        _conductor.AddCounter(typeId, key.ToArray(), label, null);

    /// <summary>Adds a counter with a key of up to 112 bytes and an ASCII label of up to 380.</summary>
    public Counter AddCounter(
        int typeId,
        IDirectBuffer? keyBuffer,
        int keyOffset,
        int keyLength,
        IDirectBuffer labelBuffer,
        int labelOffset,
        int labelLength) => _conductor.AddCounter(
        typeId, Key(keyBuffer, keyOffset, keyLength), Label(labelBuffer, labelOffset, labelLength), null);

    /// <summary>Adds a counter that outlives this client, or finds it.</summary>
    public Counter AddStaticCounter(int typeId, string label, long registrationId) =>
        _conductor.AddCounter(typeId, [], label, registrationId);

    /// <summary>Adds a counter with a key that outlives this client, or finds it.</summary>
    public Counter AddStaticCounter(
        int typeId,
        IDirectBuffer? keyBuffer,
        int keyOffset,
        int keyLength,
        IDirectBuffer labelBuffer,
        int labelOffset,
        int labelLength,
        long registrationId) => _conductor.AddCounter(
        typeId, Key(keyBuffer, keyOffset, keyLength), Label(labelBuffer, labelOffset, labelLength), registrationId);

    /// <summary>Asks for a counter without waiting; returns the id to get it by.</summary>
    public long AsyncAddCounter(int typeId, string label) => _conductor.AsyncAddCounter(typeId, [], label, null);

    /// <summary>Asks for a counter with a key without waiting; returns the id to get it by.</summary>
    public long AsyncAddCounter(
        int typeId,
        IDirectBuffer? keyBuffer,
        int keyOffset,
        int keyLength,
        IDirectBuffer labelBuffer,
        int labelOffset,
        int labelLength) => _conductor.AsyncAddCounter(
        typeId, Key(keyBuffer, keyOffset, keyLength), Label(labelBuffer, labelOffset, labelLength), null);

    /// <summary>Asks for a counter that outlives this client without waiting; returns the id to get it by.</summary>
    public long AsyncAddStaticCounter(int typeId, string label, long registrationId) =>
        _conductor.AsyncAddCounter(typeId, [], label, registrationId);

    /// <summary>Asks for a counter with a key that outlives this client; returns the id to get it by.</summary>
    public long AsyncAddStaticCounter(
        int typeId,
        IDirectBuffer? keyBuffer,
        int keyOffset,
        int keyLength,
        IDirectBuffer labelBuffer,
        int labelOffset,
        int labelLength,
        long registrationId) => _conductor.AsyncAddCounter(
        typeId, Key(keyBuffer, keyOffset, keyLength), Label(labelBuffer, labelOffset, labelLength), registrationId);

    /// <summary>Writes every counter in use, one a line: id, value and label.</summary>
    public void PrintCounters(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        CountersReader.ForEach((id, _, _, label) =>
            output.WriteLine($"{id,3}: {CountersReader.GetCounterValue(id),20:N0} - {label}"));
    }

    /// <summary>Closes the client and everything it added.</summary>
    public void Dispose()
    {
        ConductorAgentInvoker?.Dispose();
        _conductorRunner?.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"Aeron{{clientId={ClientId}}}";

    private static byte[] Key(IDirectBuffer? buffer, int offset, int length)
    {
        if (buffer is null)
            return [];

        return (uint)length <= CountersDescriptor.MaxKeyLength
            ? buffer.AsSpan(offset, length).ToArray()
            : throw new ArgumentException($"key length out of bounds: {length}");
    }

    private static string Label(IDirectBuffer buffer, int offset, int length)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return (uint)length <= CountersDescriptor.MaxLabelLength
            ? buffer.GetStringWithoutLengthAscii(offset, length)
            : throw new ArgumentException($"label length out of bounds: {length}");
    }

    /// <summary>
    /// How to connect: set what is to differ from the defaults, then hand it to <see cref="Connect(Context)"/>.
    /// </summary>
    public sealed class Context : ClientSettings, IDisposable
    {
        private const long NanosPerMilli = 1_000_000;
        private const long ConductorIdleSleepMaxNs = 1_000_000_000;

        private CncFile? _cncFile;
        private long _clientId = NULL_VALUE;
        private int _isConcluded;

        /// <summary>Does nothing: the client that was connected closes what it opened.</summary>
        public void Dispose()
        {
        }

        /// <summary>True once a client was connected with this context.</summary>
        public bool IsConcluded => Volatile.Read(ref _isConcluded) != 0;

        /// <summary>True when a driver in a directory has shown life within a time.</summary>
        /// <param name="directory">The driver's directory.</param>
        /// <param name="driverTimeoutMs">How long it may have been silent, in milliseconds.</param>
        /// <param name="logger">Is told what is found.</param>
        public static bool IsDriverActive(DirectoryInfo directory, long driverTimeoutMs, Action<string> logger) =>
            DriverFile.IsActive(directory, driverTimeoutMs, logger);

        /// <summary>
        /// Asks a driver to end, which it does if it trusts the token. False when there is no driver, or its ring is
        /// full.
        /// </summary>
        public static bool RequestDriverTermination(
            DirectoryInfo directory, IDirectBuffer? tokenBuffer, int tokenOffset, int tokenLength) =>
            DriverFile.RequestTermination(
                directory, tokenBuffer is null ? default : tokenBuffer.AsSpan(tokenOffset, tokenLength));

        /// <summary>As the static method, for this context's directory.</summary>
        public bool IsDriverActive(long driverTimeoutMs, Action<string> logger) =>
            IsDriverActive(AeronDirectory(), driverTimeoutMs, logger);

        /// <summary>The driver's directory.</summary>
        public DirectoryInfo AeronDirectory() => new(Path.GetFullPath(AeronDirectoryName()));

        /// <summary>The driver's command-and-control file.</summary>
        public FileInfo CncFile() => new(Path.Combine(AeronDirectoryName(), CncFileDescriptor.CNC_FILE));

        /// <summary>Deletes the driver's directory, which no driver may be using.</summary>
        public void DeleteAeronDirectory()
        {
            var directory = AeronDirectory();
            if (directory.Exists)
                directory.Delete(recursive: true);
        }

        /// <summary>The client's number at its driver, -1 until it is connected.</summary>
        public long ClientId() => _clientId;

        /// <summary>How long the conductor may not run before the driver gives it up, in nanoseconds.</summary>
        public long InterServiceTimeoutNs() => Concluded().ClientLivenessTimeoutNs;

        /// <summary>The page size that the driver aligns files to.</summary>
        public int FilePageSize() => Concluded().FilePageSize;

        /// <summary>What the counters are.</summary>
        public UnsafeBuffer CountersMetaDataBuffer() => Concluded().CountersMetaDataBuffer;

        /// <summary>The counters' values.</summary>
        public UnsafeBuffer CountersValuesBuffer() => Concluded().CountersValuesBuffer;

        /// <summary>Writes the driver's distinct errors; returns how many there are.</summary>
        public int SaveErrorLog(TextWriter writer)
        {
            using var cncFile = DriverFile.TryMap(CncFile().FullName);
            return cncFile is null ? 0 : PrintErrorLog(cncFile.ErrorLogBuffer, writer);
        }

        /// <summary>Writes the distinct errors of a buffer; returns how many there are.</summary>
        public static int PrintErrorLog(UnsafeBuffer errorBuffer, TextWriter output)
        {
            ArgumentNullException.ThrowIfNull(output);
            var count = ErrorLogReader.Read(
                errorBuffer,
                (observations, firstMs, lastMs, error) =>
                {
                    output.WriteLine($"{observations} observations from {Utc(firstMs)} to {Utc(lastMs)} for:");
                    output.WriteLine(error);
                });
            output.WriteLine($"{count} distinct errors observed.");
            return count;

            static string Utc(long timeMs) => DateTimeOffset.FromUnixTimeMilliseconds(timeMs).ToString("O");
        }

        /// <summary>A context with the same settings.</summary>
        public Context Clone() => (Context)MemberwiseClone();

        /// <summary>Waits for the driver and maps its file.</summary>
        internal CncFile Conclude()
        {
            if (Interlocked.Exchange(ref _isConcluded, 1) != 0)
                throw new ConcurrentConcludeException();

            CheckSettings();
            var path = Path.Combine(AeronDirectoryName(), CncFileDescriptor.CNC_FILE);
            var deadlineNs = NanoClock().NanoTime() + DriverTimeoutMs() * NanosPerMilli;
            while (true)
            {
                var cncFile = DriverFile.TryMap(path);
                if (cncFile is not null && DriverFile.HasActiveDriver(cncFile, EpochClock().Time(), DriverTimeoutMs()))
                    return Concluded(cncFile);

                var wasThere = cncFile is not null;
                cncFile?.Dispose();
                if (NanoClock().NanoTime() - deadlineNs > 0)
                    throw new DriverTimeoutException(
                        wasThere ? $"no driver heartbeat detected: {path}" : $"CnC file not created: {path}");

                DriverAgentInvoker()?.Invoke();
                AwaitingIdleStrategy().Idle();
            }
        }

        private void CheckSettings()
        {
            if (ClientName().Length > MAX_CLIENT_NAME_LENGTH)
                throw new ConfigurationException(
                    $"clientName of {ClientName().Length} characters exceeds {MAX_CLIENT_NAME_LENGTH}");

            if (IdleSleepDurationNs() > ConductorIdleSleepMaxNs)
                throw new ConfigurationException(
                    $"idleSleepDurationNs={IdleSleepDurationNs()} exceeds {ConductorIdleSleepMaxNs}");

            if (DriverAgentInvoker() is not null && !UseConductorAgentInvoker())
                throw new ConfigurationException(
                    "UseConductorAgentInvoker(true) must go with DriverAgentInvoker: one thread runs both");
        }

        private CncFile Concluded(CncFile cncFile)
        {
            if (cncFile.ClientLivenessTimeoutNs <= KeepAliveIntervalNs())
            {
                var timeoutNs = cncFile.ClientLivenessTimeoutNs;
                cncFile.Dispose();
                throw new ConfigurationException(
                    $"keepAliveIntervalNs={KeepAliveIntervalNs()} must be less than the driver's client liveness "
                    + $"timeout of {timeoutNs}");
            }

            _cncFile = cncFile;
            return cncFile;
        }

        internal void SetClientId(long clientId) => _clientId = clientId;

        private CncFile Concluded() =>
            _cncFile ?? throw new InvalidOperationException("the context has not been connected with");
    }
}
