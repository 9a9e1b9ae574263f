using System.Globalization;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Cli.Tests.Demo;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Cli.Tests.Crashes;

/// <summary>The processes that can be killed.</summary>
internal enum Role
{
    Engine,
    Pipeline,
    Venue,
}

/// <summary>
/// Engine, pipeline and venue, each a process of its own on one media driver, which is this process's. Pipeline and
/// venue go on with their journals; an engine that is started again sends its last signals once more.
/// </summary>
internal sealed class CrashRig : IDisposable
{
    /// <summary>Signals that an engine sends again at least, where so many were sent.</summary>
    private const long Resent = 20;

    private const long MillisecondNs = 1_000_000;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private readonly string _folder;
    private readonly MediaDriver _driver;
    private readonly XpProcess?[] _processes = new XpProcess?[3];
    private JournalReader? _follower;
    private PipelineEvent _event;

    public CrashRig(string folder)
    {
        _folder = folder;
        File.WriteAllText(ConfigFile, Configuration);
        // A killed client is forgotten soon, so that the next pipeline may read its streams.
        _driver = MediaDriver.Launch(new MediaDriver.Context()
            .AeronDirectoryName(Path.Combine(folder, "driver"))
            .IpcTermBufferLength(1 << 20)
            .ClientLivenessTimeoutNs(2_500 * MillisecondNs)
            .PublicationLingerTimeoutNs(500 * MillisecondNs)
            .TimerIntervalNs(100 * MillisecondNs));
        Outbound = new OutboundWatch(Directory, new Pipeline.Options.StreamOptions());
        foreach (var role in Enum.GetValues<Role>())
            Start(role);
    }

    /// <summary>Of all processes; limits that let most signals be executed.</summary>
    public static string Configuration => """
        {
          "inference": { "deadline_us": 0, "sizing_guard": { "max_contracts": 3 } },
          "journal": { "segment_mb": 1 },
          "account": { "starting_cash": 250000000 },
          "limits": {
            "max_position": 200, "max_notional": 100000000, "max_daily_var": 2500000, "max_weekly_var": 7500000,
            "max_daily_trades": 1000000, "max_order_value": 2000000, "max_position_share": 0.25,
            "max_sector_share": 0.3, "max_correlation": 1, "max_orders_per_second": 65536,
            "max_signal_age_ms": 0, "max_market_age_ms": 0,
            "breakers": {
              "execution_failure": { "threshold": 1, "recovery_s": 1 },
              "venue_unavailability": { "threshold": 1, "recovery_s": 1 },
              "system_load": { "threshold": 1, "recovery_s": 1 }, "late_signal_ms": 60000,
              "unanswered_order": { "threshold": 30, "recovery_s": 1 }
            }
          },
          "execution": { "replace": { "TWAP_5MIN": "IMMEDIATE", "VWAP_AGGRESSIVE": "IMMEDIATE" } },
          "venue": {
            "kind": "process", "heartbeat_ms": 50, "heartbeat_timeout_ms": 500, "reconnect_first_ms": 20,
            "reconnect_max_ms": 100
          },
          "ring": { "topology": "inline", "wait": "block", "processors": [] },
          "instruments": [ { "id": 1, "symbol": "ES" } ]
        }
        """;

    public string PipelineJournal => Path.Combine(_folder, "pipeline");

    public string VenueJournal => Path.Combine(_folder, "venue");

    /// <summary>What the pipeline has told the world outside.</summary>
    public OutboundWatch Outbound { get; }

    /// <summary>Events in the pipeline's journal, as far as it has been looked at.</summary>
    public long Events { get; private set; }

    /// <summary>The highest id of a signal in the pipeline's journal.</summary>
    public long LastSignal { get; private set; }

    private string Directory => _driver.AeronDirectoryName;

    private string ConfigFile => Path.Combine(_folder, "xp.json");

    /// <summary>Waits until the pipeline has taken in so many events more. An engine that lost its pipeline is started
    /// again; pipeline and venue must not end.</summary>
    public void AwaitEvents(long more)
    {
        var target = Events + more;
        var isThere = SpinWait.SpinUntil(
            () =>
            {
                ReadOn();
                Mind();
                return Events >= target;
            },
            Timeout);
        Assert.That(isThere, Is.True, () => $"no {more} events in {Timeout.TotalSeconds} s: {Describe()}");
    }

    /// <summary>Ends a process without a chance to do anything, and starts it again.</summary>
    public void Crash(Role role)
    {
        _processes[(int)role]!.Kill();
        Start(role);
    }

    /// <summary>The engine ends, then the pipeline in order, then the venue.</summary>
    public void End()
    {
        var (engine, pipeline, venue) = (Of(Role.Engine), Of(Role.Pipeline), Of(Role.Venue));
        engine.Interrupt();
        engine.End();
        pipeline.Send("TERM");
        Assert.That(pipeline.End(), Is.Zero, () => pipeline.Output + pipeline.Error);
        venue.Interrupt();
        Assert.That(venue.End(), Is.EqualTo(130), () => venue.Output + venue.Error);
        ReadOn();
    }

    public void Dispose()
    {
        foreach (var process in _processes)
            process?.Dispose();
        _follower?.Dispose();
        Outbound.Dispose();
        _driver.Dispose();
    }

    private XpProcess Of(Role role) => _processes[(int)role]!;

    private void Start(Role role)
    {
        ReadOn();
        _processes[(int)role]?.Dispose();
        var first = Math.Max(1, LastSignal + 1 - Resent);
        _processes[(int)role] = role switch
        {
            Role.Engine => XpProcess.Start(
                "engine", "--aeron-dir", Directory, "--config", ConfigFile, "--rate", "250", "--events", "1000000",
                "--speed", "5", "--warmup", "0", "--connect-timeout", "100", "--first-signal",
                first.ToString(CultureInfo.InvariantCulture)),
            Role.Pipeline => XpProcess.Start(
                "run", "--driver", "external", "--aeron-dir", Directory, "--config", ConfigFile, "--inference", "rules",
                "--journal", PipelineJournal),
            _ => XpProcess.Start(
                "venue", "--aeron-dir", Directory, "--config", ConfigFile, "--journal", VenueJournal),
        };
    }

    private void Mind()
    {
        if (Of(Role.Engine).HasEnded)
            Start(Role.Engine);
        foreach (var role in new[] { Role.Pipeline, Role.Venue })
            Assert.That(Of(role).HasEnded, Is.False, () => $"the {role} has ended by itself: {Describe()}");
    }

    private string Describe() => string.Join(
        '\n', _processes.Select(static process => process!.HasEnded ? process.Output + process.Error : "runs"));

    private void ReadOn()
    {
        if (_follower is null)
        {
            if (!JournalTail.IsIn(PipelineJournal))
                return;

            try
            {
                _follower = new JournalReader(PipelineJournal) { IsFollowing = true };
            }
            catch (InvalidDataException)
            {
                // Its first segment is being laid out.
                return;
            }
        }

        while (_follower.TryRead(ref _event))
        {
            Events++;
            if (_event.Header.Kind == EventKind.TradeQualified)
                LastSignal = Math.Max(LastSignal, (long)_event.Payload.TradeQualified.SignalId);
        }
    }
}
