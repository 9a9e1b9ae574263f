using System.Text.Json;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Recovery;
using ExecutionPipeline.Pipeline.Ring;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>
/// A start on a journal whose run had other limits: the replay begins with those, and what the configuration says now
/// is put on the ring as a reload would, so that the journal has it.
/// </summary>
internal static class LimitsOfStart
{
    /// <summary>The configuration that the journal of a folder is replayed with.</summary>
    /// <param name="folder">Null: there is no journal.</param>
    /// <param name="options">As configured.</param>
    /// <param name="wanted">The limits as configured.</param>
    /// <exception cref="InvalidDataException">It does not fit the journal; the message says what to do.</exception>
    /// <exception cref="ArgumentException">The limits are beyond what an instrument is laid out for.</exception>
    public static PipelineOptions Fit(string? folder, PipelineOptions options, out RiskLimits wanted)
    {
        wanted = options.Limits;
        var fitted = folder is null ? options : JournalConfiguration.OfStart(folder, options);
        // The replay begins with limits that fit, so that nobody else looks whether these do.
        return !ReferenceEquals(fitted, options) && options.FindMisfit(options.Limits) is { } misfit
            ? throw new ArgumentException(misfit)
            : fitted;
    }

    /// <summary>
    /// Has the limits that are wanted put on the ring, where the replay has left others in force. Returns what an
    /// operator is told of the start; null: there was nothing to go on with.
    /// </summary>
    public static string? BringIntoForce(
        RecoveredRun? run, RiskLimits wanted, StageChain chain, IngressAgent ingress)
    {
        if (run is null)
            return null;

        var note = run.Describe(chain);
        foreach (var limit in Enum.GetValues<LimitKey>())
        {
            if (limit == LimitKey.None)
                continue;

            var (before, value) = (
                ReloadableLimits.Of(chain.Risk.Limits, limit), ReloadableLimits.Of(wanted, limit));
            if (before.Equals(value))
                continue;

            ingress.Limits.Add(limit, value, CommandReason.Reload);
            note += FormattableString.Invariant($"; limits.{KeyOf(limit)} {before} to {value}");
        }

        return note;
    }

    private static string KeyOf(LimitKey limit) => JsonNamingPolicy.SnakeCaseLower.ConvertName(limit.ToString());
}
