using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Drivers;

/// <summary>`xp driver`: its options and how they become <see cref="DriverOptions"/>.</summary>
public sealed class DriverCommand : Command
{
    private const double MaxTimeoutSeconds = 3600;
    private const int MinTermLength = 64 * 1024;
    private const int MaxTermLength = 1024 * 1024 * 1024;
    private const int MaxMtuLength = 65_504;

    private readonly ValueOption<string?> _directory = DriverDirectories.ToRunIn();

    private readonly ValueOption<int> _termLength = new(
        "--term-length", "N", "Bytes of a term of channels that set none: a power of two.",
        Numbers.WholeInt("bytes", MinTermLength, MaxTermLength), 64 * 1024 * 1024, "67108864");

    private readonly ValueOption<int> _mtu = new(
        "--mtu", "N", "Bytes of the longest frame, header included: a multiple of 32.",
        Numbers.WholeInt("bytes", 64, MaxMtuLength), 1408, "1408");

    private readonly ValueOption<int> _window = new(
        "--window", "N", "How far a publisher may be ahead of its slowest subscriber.",
        Numbers.WholeInt("bytes", 0, MaxTermLength), 0, "half a term");

    private readonly ValueOption<double> _clientTimeout = Seconds(
        "--client-timeout", "How long a client may be silent before what it held is freed.", 10);

    private readonly ValueOption<double> _unblockTimeout = Seconds(
        "--unblock-timeout", "How long a claim may stay uncommitted before it is skipped.", 15);

    private readonly ValueOption<double> _driverTimeout = Seconds(
        "--driver-timeout", "How old another driver's heartbeat must be for it to count as dead.", 10);

    private readonly ValueOption<double> _timerInterval = Seconds(
        "--timer-interval", "How often time-outs are checked.", 1);

    private readonly ValueOption<IdleChoice> _idle = RunOptions.Choice(
        "--idle", "HOW", "What the driver's thread does when there is nothing to do.", IdleChoice.Adaptive);

    private readonly FlagOption _preTouch = new(
        "--pre-touch", "Takes a log's memory when the log is made, not when it is first written.");

    private readonly FlagOption _keepDirectory = new("--keep-dir", "Leaves the directory as it is at the end.");

    private readonly FlagOption _clearDirectory = new(
        "--clear-dir", "Clears what a driver left that died a moment ago; never a living one's.");

    private readonly ValueOption<string?> _terminationToken = new(
        "--terminate-token", "TEXT", "Lets a client that sends this token end the driver.",
        new ValueReader<string?>("unit: text", ReadValue<string?>.Of), null, "no client may");

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public DriverCommand(Func<DriverOptions, CancellationToken, Task<int>> run)
        : base("driver", "Runs a media driver for aeron:ipc streams until it is interrupted; prints its directory.")
    {
        Option[] options =
        [
            _directory, _termLength, _mtu, _window, _clientTimeout, _unblockTimeout, _driverTimeout, _timerInterval,
            _idle, _preTouch, _keepDirectory, _clearDirectory, _terminationToken,
        ];
        foreach (var option in options)
            Add(option);

        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private static ValueOption<double> Seconds(string name, string description, double defaultSeconds) => new(
        name, "S", description, Numbers.Positive("s", MaxTimeoutSeconds), defaultSeconds, $"{defaultSeconds}");

    private DriverOptions OptionsOf(ParseResult parsed) => new()
    {
        AeronDirectory = parsed.GetValue(_directory) ?? DriverDirectories.Default,
        TermLength = parsed.GetValue(_termLength),
        MtuLength = parsed.GetValue(_mtu),
        WindowLength = parsed.GetValue(_window),
        ClientTimeoutSeconds = parsed.GetValue(_clientTimeout),
        UnblockTimeoutSeconds = parsed.GetValue(_unblockTimeout),
        DriverTimeoutSeconds = parsed.GetValue(_driverTimeout),
        TimerIntervalSeconds = parsed.GetValue(_timerInterval),
        Idle = parsed.GetValue(_idle),
        IsPreTouched = parsed.GetValue(_preTouch),
        IsDirectoryKept = parsed.GetValue(_keepDirectory),
        IsDirectoryCleared = parsed.GetValue(_clearDirectory),
        TerminationToken = parsed.GetValue(_terminationToken),
    };
}
