using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Daemon;

/// <summary>
/// Reads the configuration again while the pipeline runs. A changed limit goes on the ring as a command with its
/// reason, so that a replay of the journal changes it at the same event. What cannot be changed without a restart is
/// named and left as it is.
/// </summary>
/// <param name="sources">What the configuration is read from.</param>
/// <param name="current">What is in force.</param>
/// <param name="host">Runs.</param>
/// <param name="log">Is told what came of it.</param>
public sealed class DaemonReload(
    ConfigurationSources sources, PipelineOptions current, PipelineHost host, DaemonLog log)
{
    private static readonly TimeSpan RingTimeout = TimeSpan.FromSeconds(2);

    private PipelineOptions _current = current;

    /// <summary>Reads, checks in whole, and changes what can be changed; a refusal changes nothing.</summary>
    public void Apply()
    {
        if (sources.File is null)
        {
            Refuse("it was started without a configuration file");
            return;
        }

        if (Read() is not { } next)
            return;

        var changes = ConfigurationChange.Between(_current, next);
        if (changes.Count == 0)
            log.Write(LogLevel.Info, "reload", "nothing differs from what is in force");
        foreach (var change in changes)
            Apply(change, next);
    }

    private PipelineOptions? Read()
    {
        try
        {
            var loaded = ConfigurationLoader.Load(sources);
            if (loaded.FindMisfit() is { } misfit)
                throw new InvalidDataException($"{misfit}");

            var next = loaded.Options;
            return _current.FindMisfit(next.Limits) is { } tooSmall
                ? throw new InvalidDataException($"{sources.File}: {tooSmall}")
                : next;
        }
        catch (Exception problem) when (problem
            is InvalidDataException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            Refuse(problem.Message);
            return null;
        }
    }

    private void Apply(ConfigurationChange change, PipelineOptions next)
    {
        if (change.Limit != LimitKey.None)
        {
            ApplyLimit(change, ReloadableLimits.Of(next.Limits, change.Limit));
        }
        else if (change.Key == "log.level")
        {
            log.Level = next.Log.Level;
            _current = _current with { Log = next.Log };
            Tell(LogLevel.Info, change, "is in force");
        }
        else
        {
            Tell(LogLevel.Warning, change, "needs a restart: it is left as it was");
        }
    }

    private void ApplyLimit(ConfigurationChange change, double value)
    {
        host.Ingress.Limits.Add(change.Limit, value, CommandReason.Reload);
        var (level, outcome) = Await(
            () => ReloadableLimits.Of(host.Chain.Risk.Limits, change.Limit).Equals(value), () => host.Fault != null,
            RingTimeout);
        _current = _current with { Limits = ReloadableLimits.With(_current.Limits, change.Limit, value) };
        Tell(level, change, outcome);
    }

    /// <summary>Waits until a limit is in force, trading has ended or the time is over. Returns what came of it.
    /// </summary>
    public static (LogLevel Level, string Outcome) Await(
        Func<bool> isInForce, Func<bool> hasTradingEnded, TimeSpan timeout)
    {
        SpinWait.SpinUntil(() => isInForce() || hasTradingEnded(), timeout);
        // Asked once more: a failure ends the wait too, and then the ring takes no command any more.
        if (isInForce())
            return (LogLevel.Info, "is in force");
        return (LogLevel.Warning, hasTradingEnded()
            ? "is not in force: trading has ended"
            : "waits for the ring");
    }

    private void Tell(LogLevel level, ConfigurationChange change, string outcome) => log.Write(
        level, "reload", $"{change.Key} {change.From} to {change.To} {outcome}",
        ("key", change.Key), ("from", change.From), ("to", change.To), ("outcome", outcome));

    private void Refuse(string why) =>
        log.Write(LogLevel.Warning, "reload", $"refused, nothing is changed: {why}", ("why", why));
}
