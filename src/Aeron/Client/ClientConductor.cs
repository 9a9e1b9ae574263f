using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Native;
using static ExecutionPipeline.Aeron.Protocol.AeronCounters;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// The client's side of the conversation with the driver: sends commands, awaits answers, keeps the client alive and
/// watches whether the driver is. Its state is changed under one lock, by the conductor's turn or by an application's
/// call; polls and offers never take it.
/// </summary>
internal sealed partial class ClientConductor : IAgent
{
    private const long NoCorrelationId = -1;
    private const long ExplicitCloseLingerNs = 1_000_000_000;
    private const long NanosPerMilli = 1_000_000;
    private static readonly int VersionWithNextSessionId = SemanticVersion.Compose(1, 0, 0);

    private readonly object _lock = new();
    private readonly Aeron.Context _context;
    private readonly CncFile _cncFile;
    private readonly DriverProxy _driverProxy;
    private readonly DriverEventsAdapter _events;
    private readonly IEpochClock _epochClock;
    private readonly INanoClock _nanoClock;
    private readonly IIdleStrategy _awaitingIdleStrategy;
    private readonly AgentInvoker? _driverAgentInvoker;
    private readonly long _clientId;
    private readonly long _driverTimeoutMs;
    private readonly long _interServiceTimeoutNs;
    private readonly long _controlProtocolVersion;
    private readonly HeartbeatWatch _driverWatch;
    private readonly List<LogBuffers> _lingeringLogBuffers = [];
    private readonly Dictionary<long, LogBuffers> _logBuffersById = [];
    private AtomicCounter? _heartbeat;
    private long _timeOfLastKeepAliveNs;
    private long _timeOfLastServiceNs;
    private bool _isInCallback;
    private bool _isTerminating;
    private volatile bool _isClosed;

    public ClientConductor(Aeron.Context context, CncFile cncFile, long clientId)
    {
        _context = context;
        _cncFile = cncFile;
        _clientId = clientId;
        _epochClock = context.EpochClock();
        _nanoClock = context.NanoClock();
        _awaitingIdleStrategy = context.AwaitingIdleStrategy();
        _driverAgentInvoker = context.DriverAgentInvoker();
        _driverTimeoutMs = context.DriverTimeoutMs();
        _interServiceTimeoutNs = cncFile.ClientLivenessTimeoutNs;
        _driverProxy = new DriverProxy(
            new ManyToOneRingBuffer(cncFile.ToDriverBuffer), clientId,
            LocalDrivers.Find(context.AeronDirectoryName()));
        _events = new DriverEventsAdapter(
            new CopyBroadcastReceiver(new BroadcastReceiver(cncFile.ToClientsBuffer)), this);
        CountersReader = new CountersReader(cncFile.CountersMetaDataBuffer, cncFile.CountersValuesBuffer);
        _controlProtocolVersion = ReadControlProtocolVersion();
        _timeOfLastKeepAliveNs = _timeOfLastServiceNs = _nanoClock.NanoTime();
        _driverWatch = new HeartbeatWatch(_driverProxy.TimeOfLastDriverKeepaliveMs, _timeOfLastServiceNs);
        AddHandlersOf(context);
    }

    public CountersReader CountersReader { get; }

    public bool IsClosed => _isClosed;

    public string RoleName() => "aeron-client-conductor";

    public void OnStart()
    {
    }

    public int DoWork()
    {
        // An application's call that holds the lock does the conductor's work itself.
        if (!Monitor.TryEnter(_lock))
            return 0;

        try
        {
            if (_isTerminating)
                throw new AgentTerminationException();

            return Service(NoCorrelationId);
        }
        finally
        {
            Monitor.Exit(_lock);
        }
    }

    public void OnClose()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;

            _isTerminating = true;
            ForceCloseResources();
            NotifyCloseHandlers();
            // Other threads may be in the middle of an offer or a poll.
            _awaitingIdleStrategy.Idle();
            if (_context.CloseLingerDurationNs() > 0)
                ThreadPark.SleepNs(_context.CloseLingerDurationNs());

            foreach (var log in _lingeringLogBuffers)
                log.Abandon();

            _lingeringLogBuffers.Clear();
            _driverProxy.ClientClose();
            _isClosed = true;
            _cncFile.Abandon();
        }
    }

    private int Service(long awaitedCorrelationId)
    {
        try
        {
            return CheckTimeouts(_nanoClock.NanoTime()) + _events.Receive(awaitedCorrelationId);
        }
        catch (Exception exception) when (exception is not AgentTerminationException)
        {
            if (_events.IsInvalid)
            {
                Terminate();
                exception = new AeronException("the driver's messages cannot be relied on any more", exception);
            }

            if (awaitedCorrelationId != NoCorrelationId)
                throw exception;

            HandleError(exception);
            return 0;
        }
    }

    private void AwaitResponse(long correlationId)
    {
        _driverException = null;
        var nowNs = _nanoClock.NanoTime();
        var deadlineNs = nowNs + _driverTimeoutMs * NanosPerMilli;
        CheckTimeouts(nowNs);
        _awaitingIdleStrategy.Reset();
        do
        {
            if (_driverAgentInvoker is null)
                _awaitingIdleStrategy.Idle();
            else
                _driverAgentInvoker.Invoke();

            Service(correlationId);
            if (_events.ReceivedCorrelationId != correlationId)
                continue;

            if (_driverException is null)
                return;

            throw _driverException;
        }
        while (deadlineNs - _nanoClock.NanoTime() > 0);

        throw new DriverTimeoutException(
            $"the media driver in {_context.AeronDirectoryName()} has not answered within {_driverTimeoutMs} ms");
    }

    private int CheckTimeouts(long nowNs)
    {
        if (_timeOfLastServiceNs + _context.IdleSleepDurationNs() - nowNs >= 0)
            return 0;

        if (_timeOfLastServiceNs + _interServiceTimeoutNs - nowNs < 0)
        {
            Terminate();
            throw new ConductorServiceTimeoutException(
                $"service interval exceeded: timeout={_interServiceTimeoutNs}ns "
                + $"interval={nowNs - _timeOfLastServiceNs}ns");
        }

        _timeOfLastServiceNs = nowNs;
        return CheckLiveness(nowNs) + CheckLingeringResources(nowNs);
    }

    private int CheckLiveness(long nowNs)
    {
        CheckDriver(nowNs);
        var isDue = _timeOfLastKeepAliveNs + _context.KeepAliveIntervalNs() - nowNs < 0;
        if ((_heartbeat is null && !isDue) || !HasHeartbeat())
            return 0;

        // An official driver judges by the wall clock, so after a step of that it is to see this turn's time.
        _heartbeat!.SetRelease(_epochClock.Time());
        if (isDue)
            _timeOfLastKeepAliveNs = nowNs;

        return isDue ? 1 : 0;
    }

    /// <summary>Ends the client when the driver has shown no life for too long, whatever the wall clock says.</summary>
    private void CheckDriver(long nowNs)
    {
        var lastKeepAliveMs = _driverProxy.TimeOfLastDriverKeepaliveMs;
        var silentNs = _driverWatch.SilentNs(lastKeepAliveMs, nowNs);
        if (lastKeepAliveMs != -1 && silentNs <= _driverTimeoutMs * NanosPerMilli)
            return;

        Terminate();
        throw new DriverTimeoutException(
            $"the media driver in {_context.AeronDirectoryName()} has gone: "
            + (lastKeepAliveMs == -1
                ? "it was shut down"
                : $"it has shown no life for {silentNs / NanosPerMilli} ms, "
                + $"and may be silent for {_driverTimeoutMs} ms"));
    }

    /// <summary>
    /// True when the driver has a heartbeat counter for this client, which it has from its first command on.
    /// </summary>
    private bool HasHeartbeat()
    {
        if (_heartbeat is null)
        {
            var counterId = HeartbeatTimestamp.FindCounterIdByRegistrationId(
                CountersReader, HeartbeatTimestamp.HEARTBEAT_TYPE_ID, _clientId);
            if (counterId == CountersReader.NULL_COUNTER_ID)
                return false;

            _heartbeat = new AtomicCounter(_cncFile.CountersValuesBuffer, counterId);
            CountersReader.AppendToLabel(counterId, $" name={_context.ClientName()} version={Aeron.Version}");
            return true;
        }

        var id = _heartbeat.Id;
        if (HeartbeatTimestamp.IsActive(CountersReader, id, HeartbeatTimestamp.HEARTBEAT_TYPE_ID, _clientId))
            return true;

        Terminate();
        throw new AeronException($"unexpected close of heartbeat timestamp counter: {id}");
    }

    /// <summary>The version of the commands that the driver knows; 0 for one from before it said so.</summary>
    private long ReadControlProtocolVersion()
    {
        const int id = SystemCounterIdControlProtocolVersion;
        return CountersReader.GetCounterState(id) == CountersDescriptor.RecordAllocated
            && CountersReader.GetCounterTypeId(id) == DriverSystemCounterTypeId
            && CountersReader.GetCounterRegistrationId(id) == id
            ? CountersReader.GetCounterValue(id)
            : 0;
    }

    private int CheckLingeringResources(long nowNs)
    {
        var freed = 0;
        for (var i = _lingeringLogBuffers.Count - 1; i >= 0; i--)
        {
            if (_lingeringLogBuffers[i].LingerDeadlineNs - nowNs >= 0)
                continue;

            _lingeringLogBuffers[i].Dispose();
            _lingeringLogBuffers.RemoveAt(i);
            freed++;
        }

        return freed;
    }

    private LogBuffers AcquireLogBuffers(long registrationId, string fileName, string channel)
    {
        if (!_logBuffersById.TryGetValue(registrationId, out var log))
        {
            try
            {
                log = LogBuffers.Open(fileName, _context.PreTouchMappedMemory());
            }
            catch (Exception exception)
            {
                throw new AeronException(
                    $"[clientId={_clientId}, clientName={_context.ClientName()}] failed to map log buffer of "
                    + $"registrationId={registrationId}, channel={channel}",
                    exception);
            }

            _logBuffersById.Add(registrationId, log);
        }

        log.IncRef();
        return log;
    }

    private void ReleaseLogBuffers(LogBuffers log, long registrationId, long lingerNs)
    {
        if (log.DecRef() > 0)
            return;

        _logBuffersById.Remove(registrationId);
        log.LingerDeadlineNs = _nanoClock.NanoTime() + lingerNs;
        _lingeringLogBuffers.Add(log);
    }

    private void Terminate()
    {
        _isTerminating = true;
        ForceCloseResources();
    }

    private void HandleError(Exception exception)
    {
        if (!_isClosed)
            _context.ErrorHandler().OnError(exception);
    }
}
