namespace ExecutionPipeline.Simulation;

/// <summary>A failure that was made as short as can be.</summary>
/// <param name="Options">With which it shows.</param>
/// <param name="Result">What it came to.</param>
public sealed record ShortFailure(SimulationOptions Options, SimulationResult Result);

/// <summary>Looks for the shortest prefix of a failing run, with as few kinds of faults as show it.</summary>
public static class FailureShortening
{
    /// <summary>Fault classes are left out one by one, and then events are, by bisection.</summary>
    /// <param name="options">Of a run that breaks a rule.</param>
    /// <param name="failed">What it came to.</param>
    /// <param name="run">Makes a run.</param>
    /// <param name="cancel">Ends the search.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ShortFailure Shorten(
        SimulationOptions options,
        SimulationResult failed,
        Func<SimulationOptions, CancellationToken, SimulationResult> run,
        CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(failed);
        var shortest = new ShortFailure(options, failed);
        foreach (var left in Enum.GetValues<FaultClasses>())
        {
            var isOne = left is not (FaultClasses.None or FaultClasses.All);
            if (isOne && (options.Faults & left) != 0)
            {
                var without = shortest.Options with { Faults = shortest.Options.Faults & ~left };
                shortest = Try(shortest, without, run, cancel);
            }
        }

        return Bisect(shortest, run, cancel);
    }

    /// <summary>What is broken only at rest may not be by a shorter run: the shortest that does is kept.</summary>
    private static ShortFailure Bisect(
        ShortFailure shortest,
        Func<SimulationOptions, CancellationToken, SimulationResult> run,
        CancellationToken cancel)
    {
        shortest = Try(shortest, shortest.Options with { Events = shortest.Result.Events }, run, cancel);
        for (var (good, bad) = (0L, shortest.Options.Events); bad - good > 1;)
        {
            var middle = (good + bad) / 2;
            var tried = Try(shortest, shortest.Options with { Events = middle }, run, cancel);
            if (ReferenceEquals(tried, shortest))
                good = middle;
            else
                (shortest, bad) = (tried, middle);
        }

        return shortest;
    }

    private static ShortFailure Try(
        ShortFailure shortest,
        SimulationOptions options,
        Func<SimulationOptions, CancellationToken, SimulationResult> run,
        CancellationToken cancel)
    {
        var result = run(options, cancel);
        return result.Violation is null ? shortest : new ShortFailure(options, result);
    }
}
