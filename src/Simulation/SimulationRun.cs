using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Simulation.Disk;
using ExecutionPipeline.Simulation.World;

namespace ExecutionPipeline.Simulation;

/// <summary>
/// One run: engine, pipeline, venue, journal and snapshots on a virtual clock, on the calling thread. Everything
/// follows from the seed.
/// </summary>
public sealed class SimulationRun
{
    private const long MillisecondNs = 1_000_000;
    private const long SecondNs = 1_000_000_000;
    private const int SettlingSeconds = 2_000;
    private const int EndTurns = 20;
    private const int MostAtOnce = 24;

    /// <summary>How often a process is killed at most, of which a seed draws one.</summary>
    private static readonly int[] MostPerMillion = [2_000, 500, 120, 40, 40, 40];

    private readonly SimulationOptions _options;
    private readonly SimulatedWorld _world;
    private readonly SimulatedEngine _engine;
    private readonly VirtualClock _clock = new();
    private readonly VirtualDisk _disk;
    private readonly ProcessStart _start;
    private readonly DiskProbe _probe;
    private readonly SeededDice _steps;
    private readonly SeededDice _kills;
    private readonly SeededDice _powers;
    private readonly SeededDice _disks;
    private readonly SeededDice _ends;
    private readonly SeededDice _bursts;
    private readonly StepOdds _odds;
    private SimulatedProcess _process;
    private long _timeNs;
    private readonly int[] _starts = new int[Enum.GetValues<EndKind>().Length];
    private int _diskTroubles;
    private int _snapshots;
    private bool _isRoomy = true;
    private bool _hasFailedSync;

    private SimulationRun(SimulationOptions options, string folder)
    {
        _options = options;
        _steps = new SeededDice(options.Seed, 21);
        _kills = new SeededDice(options.Seed, 22);
        _powers = new SeededDice(options.Seed, 23);
        _disks = new SeededDice(options.Seed, 24);
        _bursts = new SeededDice(options.Seed, 25);
        _ends = new SeededDice(options.Seed, 27);
        _odds = DrawOdds();
        _world = new SimulatedWorld(options);
        _engine = new SimulatedEngine(options, _world.Assembly.Instruments.Count);
        _disk = new VirtualDisk(_clock) { SyncsOneLate = options.Mutant == Mutant.SyncsOneLate };
        _start = new ProcessStart(_world, _disk, _clock, folder);
        _probe = new DiskProbe(_world, folder, new SeededDice(options.Seed, 26));
        _timeNs = _world.StartNs;
        _process = _start.First(_timeNs);
    }

    private bool IsBroken => _world.Violations.First is not null;

    /// <summary>Runs one seed.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static SimulationResult Run(SimulationOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var root = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        var folder = Path.Combine(root, "xp-simulation-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        try
        {
            return new SimulationRun(options, folder).Run(cancel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private SimulationResult Run(CancellationToken cancel)
    {
        while (_world.Handled < _options.Events && !IsBroken)
        {
            cancel.ThrowIfCancellationRequested();
            Step();
        }

        if (!IsBroken)
            ComeToRest(cancel);
        End();
        return new SimulationResult
        {
            Seed = _options.Seed,
            Events = IsBroken ? _world.Violations.Event + 1 : _world.Handled,
            Violation = _world.Violations.First,
            Digest = _world.Digest,
            Kills = _starts[(int)EndKind.Killed],
            PowerFailures = _starts[(int)EndKind.PowerFailed],
            Ends = _starts[(int)EndKind.Ordered],
            DiskTroubles = _diskTroubles,
            Holes = _start.Holes,
            Flips = _probe.Flips,
            Snapshots = _snapshots,
            Orders = _world.Venue.OrdersReceived,
            Executions = _world.VenueBook.Executions,
            VirtualSeconds = (_timeNs - _world.StartNs) / (double)SecondNs,
        };
    }

    private StepOdds DrawOdds()
    {
        if (_options.Lives == ProcessLives.Short)
            return DrawOdds(of: 10_000, most: 20, snapshots: (1, 20));

        var most = MostPerMillion[_steps.Below(MostPerMillion.Length)];
        return DrawOdds(of: 1_000_000, most, snapshots: (50, 1_000));
    }

    private StepOdds DrawOdds(int of, int most, (int Least, int Most) snapshots) => new(
        Has(FaultClasses.Kill) ? _kills.Between(most / 20, most) : 0,
        Has(FaultClasses.Power) ? _powers.Between(most / 20, most * 3 / 4) : 0,
        Has(FaultClasses.Ends) ? _ends.Between(most / 20, most / 2) : 0,
        _steps.Between(snapshots.Least, snapshots.Most),
        of);

    private void End()
    {
        _process.Kill();
        _disk.Crash(power: null);
        if (!IsBroken)
            _start.ReadAll();
    }

    private void Step()
    {
        Pass(_steps.Between(0, 60) * MillisecondNs);
        if (Has(FaultClasses.Disk))
            TroubleTheDisk();
        if (Has(FaultClasses.Commands) && _engine.TryCommand(_timeNs, out var command, out var instrument))
            _process.Command(command, instrument, _timeNs);
        if (Has(FaultClasses.Resends) && _steps.Hits(200))
            Resend();

        var inputs = Has(FaultClasses.Bursts) && _bursts.Hits(300) ? _bursts.Between(2, 20) : 1;
        for (var i = 0; i < inputs; i++)
            Send();
        if (_kills.Hits(_odds.Kill, _odds.Of))
            Crash(EndKind.Killed, _kills);
        // What a failed sync left open is not promised to outlive the power.
        else if (_powers.Hits(_odds.Power, _odds.Of) && !_hasFailedSync)
            Crash(EndKind.PowerFailed, _powers);
        else if (_ends.Hits(_odds.End, _odds.Of))
            EndInOrder();
        else
            Settle();

        Follow();
        if (!IsBroken && _steps.Hits(_odds.Snapshot, _odds.Of))
            TakeSnapshot();
    }

    /// <summary>Lets time pass: the venue's messages arrive and timers fire.</summary>
    private void Pass(long ns)
    {
        _timeNs += ns;
        _world.Venue.OnTime(_timeNs);
        _process.AdvanceTo(_timeNs);
        _process.Keep(_timeNs);
    }

    private void Settle()
    {
        _process.Settle();
        if (_process.Fault is null)
            _world.Account.CheckAtRest(_process.Chain);
    }

    private void Send()
    {
        EventPayload payload = default;
        EventHeader header;
        if (_steps.Below(100) < 65)
        {
            payload.MarketUpdate = _engine.Quote(_timeNs, out var instrument);
            header = new EventHeader
            {
                Kind = EventKind.MarketUpdate,
                InstrumentIndex = instrument,
                TimeNs = _timeNs,
            };
            _world.Venue.OnMarket(instrument, payload.MarketUpdate, _timeNs);
        }
        else
        {
            payload.TradeQualified = _engine.Signal(_timeNs, out header);
        }

        _process.Take(in header, in payload);
    }

    private void Resend()
    {
        EventPayload payload = default;
        if (!_engine.TryRepeat(_timeNs, out var header, out payload.TradeQualified))
            return;

        _process.Take(in header, in payload);
    }

    /// <summary>The process ends with what waits unhandled, or in the midst of it, or behind it.</summary>
    private void Crash(EndKind how, SeededDice dice)
    {
        // The more is not synced, the more ways there are to lose a part of it.
        for (var inputs = how == EndKind.PowerFailed ? dice.Below(MostAtOnce) : 0; inputs > 0; inputs--)
            Send();
        switch (dice.Below(3))
        {
            case 0:
                break;
            case 1:
                _process.Gateway.Left = dice.Below(4);
                _process.Flush();
                break;
            default:
                _process.Settle();
                break;
        }

        Start(how, dice);
    }

    /// <summary>
    /// Nothing more is taken in, and what shall not be left is ended. It may take longer than is waited for: then the
    /// process is gone with orders under way. It leaves a snapshot.
    /// </summary>
    private void EndInOrder()
    {
        _process.End((OrdersAtEnd)_ends.Below(Enum.GetValues<OrdersAtEnd>().Length), _timeNs);
        for (var turns = _ends.Below(EndTurns); turns > 0 && !IsBroken; turns--)
        {
            Pass(_ends.Below(500) * MillisecondNs);
            Follow();
        }

        if (!IsBroken)
            TakeSnapshot();
        Start(EndKind.Ordered, _ends);
    }

    private void Start(EndKind how, SeededDice dice)
    {
        if (IsBroken)
            return;

        var isPowerFailure = how == EndKind.PowerFailed;
        _starts[(int)how]++;
        _world.Violations.Trace?.Invoke($"{_world.Violations.Sequence} the process is no more: {how}");
        _world.Venue.Process = null;
        _process.Kill();
        _disk.Crash(isPowerFailure ? dice : null);
        if (Has(FaultClasses.Disk))
            _probe.Flip(MustKeep(isPowerFailure));
        // What the process had sent has arrived by the time that another one is connected.
        _timeNs += _world.LongestDelayNs + dice.Below(5_000) * MillisecondNs;
        _world.Venue.OnTime(_timeNs);
        if (_start.Again(_timeNs, isPowerFailure, _isRoomy) is { } process)
            _process = process;
        _isRoomy = true;
        _hasFailedSync = false;
        if (_engine.TryRepeat(_timeNs, out _, out _))
            Resend();
    }

    /// <summary>A stage must not fail, unless the journal had no room: then the process is started again.</summary>
    private void Follow()
    {
        if (_process.Fault is not { } fault || IsBroken)
            return;

        if (fault.Cause is IOException && fault.Cause.Message.Contains("room", StringComparison.Ordinal)
            && Has(FaultClasses.Disk))
        {
            _isRoomy = false;
            Start(EndKind.Killed, _disks);
        }
        else
        {
            _world.Violations.Add($"a stage failed: {fault.Message}");
        }
    }

    private void TroubleTheDisk()
    {
        switch (_disks.Below(5_000))
        {
            case 0:
                _disk.IsFull = true;
                _diskTroubles++;
                break;
            case 1:
                _disk.IsFailing = _hasFailedSync = true;
                _diskTroubles++;
                break;
            case 2:
                _disk.IsSlow = true;
                _diskTroubles++;
                break;
            case < 100:
                _disk.IsFull = _disk.IsSlow = _disk.IsFailing = false;
                break;
            case < 120 when _hasFailedSync:
                Crash(EndKind.Killed, _disks);
                break;
        }
    }

    private void TakeSnapshot()
    {
        _process.Settle();
        if (_process.Fault is not null || _hasFailedSync)
            return;

        if (_process.Save() is { } why)
            _world.Violations.Add(why);
        _snapshots++;
    }

    /// <summary>A killed process's journal says up to where it is on the disk: no flip makes a tail of that.</summary>
    private long MustKeep(bool isPowerFailure)
    {
        var journal = _world.Options.Journal;
        var isMarked = journal is { Mode: JournalMode.BeforeRouting, Sync: JournalSync.Batch };
        return isMarked && !isPowerFailure && _isRoomy && !_hasFailedSync ? _world.Handled : 0;
    }

    /// <summary>
    /// What is open gets its exits, then all is closed, and in the end the venue's book and ours are the same, and
    /// empty.
    /// </summary>
    private void ComeToRest(CancellationToken cancel)
    {
        if (_hasFailedSync || _disk.IsFull || _disk.IsSlow)
            Start(EndKind.Killed, _disks);
        for (var second = 0; second < SettlingSeconds && !IsBroken && !Rest.IsProtected; second++)
            PassSecond(isClosing: false, cancel);
        if (!IsBroken && !Rest.IsProtected)
            _world.Violations.Add(Rest.UnprotectedText);

        for (var second = 0; second < SettlingSeconds && !IsBroken && !Rest.IsAtRest; second++)
            PassSecond(isClosing: second % 100 == 0, cancel);
        if (!IsBroken && !Rest.IsAtRest)
            _world.Violations.Add(Rest.Text);
    }

    /// <summary>A second in which nothing but the market sends.</summary>
    private void PassSecond(bool isClosing, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        for (var instrument = 0; instrument < _world.Assembly.Instruments.Count; instrument++)
        {
            if (isClosing)
                CloseAll(instrument);
            SendQuote();
        }

        Pass(SecondNs);
        Follow();
    }

    private void CloseAll(int instrument)
    {
        var close = new Command { Kind = CommandKind.CloseAll, Reason = 1, SendTimeNs = _timeNs };
        _process.Command(close, instrument, _timeNs);
    }

    private void SendQuote()
    {
        EventPayload payload = default;
        payload.MarketUpdate = _engine.Quote(_timeNs, out var quoted);
        var header = new EventHeader { Kind = EventKind.MarketUpdate, InstrumentIndex = quoted, TimeNs = _timeNs };
        _world.Venue.OnMarket(quoted, payload.MarketUpdate, _timeNs);
        _process.Take(in header, in payload);
        _process.Settle();
    }

    private RestReport Rest => new(_world, _process.Chain);

    private bool Has(FaultClasses faults) => (_options.Faults & faults) != 0;

    /// <summary>What may happen behind a step, each so often of a number of steps.</summary>
    private readonly record struct StepOdds(int Kill, int Power, int End, int Snapshot, int Of);

    /// <summary>What a start comes after.</summary>
    private enum EndKind
    {
        Killed,
        PowerFailed,
        Ordered,
    }
}
