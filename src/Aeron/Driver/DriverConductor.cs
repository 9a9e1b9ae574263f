using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>
/// The driver's one agent: carries out commands, moves publication limits, and frees what has ended. Its duty cycle
/// allocates nothing while no command comes.
/// </summary>
internal sealed partial class DriverConductor : IAgent
{
    private const long EpochUpdateIntervalNs = 1_000_000;

    private readonly MediaDriver.Context _context;
    private readonly CncFile _cncFile;
    private readonly DriverDirectory _directory;
    private readonly ManyToOneRingBuffer _toDriver;
    private readonly ClientProxy _clientProxy;
    private readonly ClientCommandAdapter _commands;
    private readonly CountersManager _countersManager;
    private readonly StreamCounters _streamCounters;
    private readonly CountedErrorHandler _errorHandler;
    private readonly INanoClock _nanoClock;
    private readonly PacedIdleStrategy? _pace;
    private readonly Turn _turn = new();
    private readonly List<DriverClient> _clients = [];
    private readonly List<PublicationLink> _publicationLinks = [];
    private readonly List<SubscriptionLink> _subscriptionLinks = [];
    private readonly List<CounterLink> _counterLinks = [];
    private readonly List<IpcPublication> _publications = [];
    private long _nowMs;
    private long _timerDeadlineNs;
    private long _epochDeadlineNs;
    private long _timeOfLastTurnNs;
    private long _lastCommandPosition;
    private long _timeOfLastCommandMoveNs;
    private bool _isClosing;
    private bool _isClosed;

    public DriverConductor(MediaDriver.Context context, CncFile cncFile, DriverDirectory directory)
    {
        _context = context;
        _cncFile = cncFile;
        _directory = directory;
        _nanoClock = context.NanoClock();
        _pace = context.SharedIdleStrategy() as PacedIdleStrategy;
        _nowMs = context.EpochClock().Time();
        _toDriver = new ManyToOneRingBuffer(cncFile.ToDriverBuffer);
        _clientProxy = new ClientProxy(new BroadcastTransmitter(cncFile.ToClientsBuffer));
        _countersManager = new CountersManager(
            cncFile.CountersMetaDataBuffer, cncFile.CountersValuesBuffer, context.EpochClock(),
            context.CounterFreeToReuseTimeoutNs() / 1_000_000, context.NanoClock());
        _streamCounters = new StreamCounters(_countersManager);
        Counters = new SystemCounters(
            _countersManager, context.ThreadingMode(), context.ConductorCycleThresholdNs());
        _errorHandler = new CountedErrorHandler(
            new DistinctErrorLog(cncFile.ErrorLogBuffer, context.EpochClock()),
            Counters.Get(SystemCounterId.Errors),
            context.ErrorHandler());
        _commands = new ClientCommandAdapter(_toDriver, _clientProxy, _errorHandler, this);
        // Zero stands for no command in answers, so no client may be given it.
        _toDriver.NextCorrelationId();
        _toDriver.ConsumerHeartbeatTime = _nowMs;
        _timeOfLastTurnNs = _timeOfLastCommandMoveNs = _nanoClock.NanoTime();
        // Clients may connect before the first turn, and ask but once how to wake the driver.
        if (_pace is not null)
            LocalDrivers.Add(context.AeronDirectoryName(), _pace.Wake);
    }

    public SystemCounters Counters { get; }

    public IErrorHandler ErrorHandler => _errorHandler;

    public string RoleName() => "aeron-driver-conductor";

    public void OnStart() => _timeOfLastTurnNs = _nanoClock.NanoTime();

    public int DoWork()
    {
        // A handler that the driver calls may call the driver.
        if (_turn.IsMine)
            return 0;

        // Publishers of this process move their limits themselves, between turns.
        _turn.Take();
        try
        {
            return TakeTurn();
        }
        finally
        {
            EndTurn();
        }
    }

    public void OnClose()
    {
        _isClosing = true;
        // A hook or handler that the driver calls may close it in its turn, which is then the last.
        if (_turn.IsMine)
            return;

        _turn.Take();
        EndTurn();
    }

    /// <summary>Reads a channel; what is wrong with it becomes the answer to the command.</summary>
    public static ChannelUri ParseUri(string channel)
    {
        try
        {
            return ChannelParameters.Check(ChannelUri.Parse(channel));
        }
        catch (ArgumentException exception)
        {
            throw new ControlProtocolException(ErrorCode.INVALID_CHANNEL, exception.Message);
        }
    }

    private void EndTurn()
    {
        try
        {
            if (_isClosing)
                Close();
        }
        finally
        {
            _turn.Pass();
        }
    }

    private void Close()
    {
        if (_isClosed)
            return;

        _isClosed = true;
        LocalDrivers.Remove(_context.AeronDirectoryName());
        foreach (var publication in _publications)
            Free(publication);

        // Tells clients at once that there is no driver any more.
        _toDriver.ConsumerHeartbeatTime = -1;
        _errorHandler.Close();
        _cncFile.Dispose();
        _directory.Release(_context.DirDeleteOnShutdown());
    }

    private int TakeTurn()
    {
        var nowNs = _nanoClock.NanoTime();
        var cycleNs = TrackTime(nowNs);
        var commandCount = _commands.Receive();
        var workCount = commandCount;
        var longestSleepNs = long.MaxValue;
        foreach (var publication in _publications)
        {
            workCount += publication.UpdatePublisherPositionAndLimit();
            longestSleepNs = Math.Min(longestSleepNs, publication.LongestSleepNs(cycleNs));
        }

        _pace?.OnTurn(commandCount > 0, longestSleepNs);
        if (_timerDeadlineNs - nowNs > 0)
            return workCount;

        _timerDeadlineNs = nowNs + _context.TimerIntervalNs();
        OnTimer(nowNs);
        return workCount + 1;
    }

    private long TrackTime(long nowNs)
    {
        var cycleNs = nowNs - _timeOfLastTurnNs;
        _timeOfLastTurnNs = nowNs;
        Counters.Get(SystemCounterId.ConductorMaxCycleTime).ProposeMax(cycleNs);
        if (cycleNs > _context.ConductorCycleThresholdNs())
            Counters.Increment(SystemCounterId.ConductorCycleTimeThresholdExceeded);

        if (_epochDeadlineNs - nowNs <= 0)
        {
            _epochDeadlineNs = nowNs + EpochUpdateIntervalNs;
            _nowMs = _context.EpochClock().Time();
            // Official clients hold it against the wall clock, which may have been stepped since the last turn.
            _toDriver.ConsumerHeartbeatTime = _nowMs;
        }

        return cycleNs;
    }

    private void OnTimer(long nowNs)
    {
        CheckClients(nowNs);
        CheckPublications(nowNs);
        CheckForBlockedCommand(nowNs);
    }

    private void CheckClients(long nowNs)
    {
        var hasAnyEnded = false;
        foreach (var client in _clients)
        {
            if (!client.HasTimedOut(nowNs))
                continue;

            hasAnyEnded = true;
            if (!client.IsClosedByCommand)
            {
                Counters.Increment(SystemCounterId.ClientTimeouts);
                _clientProxy.OnClientTimeout(client.ClientId);
            }

            _clientProxy.OnUnavailableCounter(client.ClientId, client.HeartbeatCounterId);
        }

        if (hasAnyEnded)
            FreeEndedClients();
    }

    private void FreeEndedClients()
    {
        _publicationLinks.RemoveAll(link => HasClosed(link.Client, link.Close));
        _subscriptionLinks.RemoveAll(link => HasClosed(link.Client, link.Close));
        _counterLinks.RemoveAll(link => HasClosed(link.Client, () => CloseCounter(link)));
        _clients.RemoveAll(client => HasClosed(client, client.Close));

        static bool HasClosed(DriverClient client, Action close)
        {
            if (client.HasEnded)
                close();

            return client.HasEnded;
        }
    }

    private void CheckPublications(long nowNs)
    {
        for (var i = _publications.Count - 1; i >= 0; i--)
        {
            var publication = _publications[i];
            publication.OnTimeEvent(nowNs, this);
            if (publication.State != IpcPublication.Stage.Done)
                continue;

            foreach (var link in _subscriptionLinks)
                link.Unlink(publication);

            _publications.RemoveAt(i);
            Free(publication);
        }
    }

    private void Free(IpcPublication publication)
    {
        try
        {
            Counters.Get(SystemCounterId.BytesCurrentlyMapped).GetAndAdd(-publication.Log.LogLength);
            publication.Close();
        }
        catch (IOException exception)
        {
            Counters.Increment(SystemCounterId.FreeFails);
            _errorHandler.OnError(exception);
        }
    }

    private void CheckForBlockedCommand(long nowNs)
    {
        var position = _toDriver.ConsumerPosition;
        if (position != _lastCommandPosition || _toDriver.ProducerPosition <= position)
        {
            _timeOfLastCommandMoveNs = nowNs;
            _lastCommandPosition = position;
        }
        else if (_timeOfLastCommandMoveNs + _context.ClientLivenessTimeoutNs() - nowNs < 0 && _toDriver.TryUnblock())
        {
            Counters.Increment(SystemCounterId.UnblockedCommands);
        }
    }
}
