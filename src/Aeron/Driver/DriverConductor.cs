using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>
/// The driver's one agent: carries out commands, moves publication limits, and frees what has ended. Its duty cycle
/// allocates nothing while no command comes.
/// </summary>
internal sealed class DriverConductor : IAgent
{
    private const long EpochUpdateIntervalNs = 1_000_000;

    private readonly MediaDriver.Context _context;
    private readonly CncFile _cncFile;
    private readonly ManyToOneRingBuffer _toDriver;
    private readonly ClientCommandAdapter _commands;
    private readonly CountedErrorHandler _errorHandler;
    private readonly INanoClock _nanoClock;
    private readonly PacedIdleStrategy? _pace;
    private readonly Turn _turn = new();
    private readonly TurnTime _time = new();
    private readonly DriverDirectory _directory;
    private readonly DriverClients _clients;
    private readonly DriverStreams _streams;
    private long _timerDeadlineNs;
    private long _epochDeadlineNs;
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
        _time.NowMs = context.EpochClock().Time();
        _toDriver = new ManyToOneRingBuffer(cncFile.ToDriverBuffer);
        var clientProxy = new ClientProxy(new BroadcastTransmitter(cncFile.ToClientsBuffer));
        var countersManager = new CountersManager(
            cncFile.CountersMetaDataBuffer, cncFile.CountersValuesBuffer, context.EpochClock(),
            context.CounterFreeToReuseTimeoutNs() / 1_000_000, context.NanoClock());
        var streamCounters = new StreamCounters(countersManager);
        Counters = new SystemCounters(
            countersManager, context.ThreadingMode(), context.ConductorCycleThresholdNs());
        _errorHandler = new CountedErrorHandler(
            new DistinctErrorLog(cncFile.ErrorLogBuffer, context.EpochClock()),
            Counters.Get(SystemCounterId.Errors),
            context.ErrorHandler());
        _clients = new DriverClients(context, clientProxy, countersManager, streamCounters, Counters, _time);
        _streams = new DriverStreams(
            context, directory, _clients, clientProxy, streamCounters, Counters, _errorHandler, _turn, _time);
        _commands = new ClientCommandAdapter(_toDriver, clientProxy, _errorHandler, _clients, _streams, context);
        // Zero stands for no command in answers, so no client may be given it.
        _toDriver.NextCorrelationId();
        _toDriver.ConsumerHeartbeatTime = _time.NowMs;
        _time.TurnNs = _timeOfLastCommandMoveNs = _nanoClock.NanoTime();
        // Clients may connect before the first turn, and ask but once how to wake the driver.
        if (_pace is not null)
            LocalDrivers.Add(context.AeronDirectoryName(), _pace.Wake);
    }

    public SystemCounters Counters { get; }

    public IErrorHandler ErrorHandler => _errorHandler;

    public string RoleName() => "aeron-driver-conductor";

    public void OnStart() => _time.TurnNs = _nanoClock.NanoTime();

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
        if (_pace is not null)
            LocalDrivers.Remove(_context.AeronDirectoryName(), _pace.Wake);

        _streams.Close();
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
        var workCount = commandCount + _streams.UpdateLimits(cycleNs, out var longestSleepNs);
        _pace?.OnTurn(commandCount > 0, longestSleepNs);
        if (_timerDeadlineNs - nowNs > 0)
            return workCount;

        _timerDeadlineNs = nowNs + _context.TimerIntervalNs();
        OnTimer(nowNs);
        return workCount + 1;
    }

    private long TrackTime(long nowNs)
    {
        var cycleNs = nowNs - _time.TurnNs;
        _time.TurnNs = nowNs;
        Counters.Get(SystemCounterId.ConductorMaxCycleTime).ProposeMax(cycleNs);
        if (cycleNs > _context.ConductorCycleThresholdNs())
            Counters.Increment(SystemCounterId.ConductorCycleTimeThresholdExceeded);

        if (_epochDeadlineNs - nowNs <= 0)
        {
            _epochDeadlineNs = nowNs + EpochUpdateIntervalNs;
            _time.NowMs = _context.EpochClock().Time();
            // Official clients hold it against the wall clock, which may have been stepped since the last turn.
            _toDriver.ConsumerHeartbeatTime = _time.NowMs;
        }

        return cycleNs;
    }

    private void OnTimer(long nowNs)
    {
        if (_clients.EndTimedOut(nowNs))
        {
            _streams.CloseLinksOfEndedClients();
            _clients.FreeEnded();
        }

        _streams.CheckTimeouts(nowNs);
        CheckForBlockedCommand(nowNs);
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
